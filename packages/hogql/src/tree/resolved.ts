import type { FunctionEntry } from '../catalog/function-entry.ts'
import type { ValueType } from '../catalog/value-type.ts'
import type { Span } from '../errors.ts'
import type { ProjectGuard } from '../lower/project-guard.ts'
import type { TableInstance } from '../resolve/table-instance.ts'
import type { CompareOp, JoinKind, SetOperator } from './syntax.ts'

/**
 * A query whose names are all bound. It is one tree with a parameter: the *decisions* that are still open in it.
 *
 * Resolving gives `Query<Decision>`; each pass of ../lower takes some decisions away; the printer takes `Query`, that is
 * `Query<never>`, which has no node left that needs one. A table can be read only by a `scan`, and a scan cannot be
 * made without a {@link ProjectGuard}.
 */
export type Decision = keyof OpenNodes<never>

/** Nodes that need a decision, by the name of the decision. */
export interface OpenNodes<D extends Decision> {
  /** A comparison in HogQL's null semantics. */
  comparison: {
    kind: 'comparison'
    op: Exclude<CompareOp, 'in cohort' | 'not in cohort'>
    left: Expr<D>
    right: Expr<D>
    type: ValueType
    span?: Span
  }
  /** A function by its HogQL name: time zone, "now" and renamed variants are still to be settled. */
  function: CallParts<D> & { kind: 'function'; entry: FunctionEntry; name: string; type: ValueType; span?: Span }
  /** A JSON value inside a table's column or another expression. */
  property: {
    kind: 'property'
    of: { table: TableInstance; column: string } | { expr: Expr<D> }
    path: (string | number)[]
    /** What the property's definition says; text otherwise. */
    type: ValueType
    span?: Span
  }
  /** A column of one of HogQL's tables. `raw`: as stored, with empty text where there is no value. */
  tableColumn: { kind: 'tableColumn'; table: TableInstance; column: string; raw?: boolean; type: ValueType; span?: Span }
  /** One of HogQL's tables; a source, not an expression. */
  table: never
}

/** What a call has beside its name. */
export interface CallParts<D extends Decision> {
  args: Expr<D>[]
  params?: Expr<D>[]
  distinct?: boolean
  filter?: Expr<D>
  orderBy?: OrderBy<D>[]
  over?: Window<D> | { name: string }
}

/** ClickHouse's parameter types for values. */
export type BoundType =
  | 'String'
  | 'Int64'
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'Int8'
  | 'Int16'
  | 'Int32'
  | 'Int256'
  | 'Float64'
  | 'Bool'
  | "DateTime64(6, 'UTC')"
  | 'UUID'
  | 'Date'

export type PlainNode<D extends Decision> =
  | { kind: 'value'; value: string | number | boolean | bigint; bound: BoundType; type: ValueType; span?: Span }
  | { kind: 'null'; type: ValueType; span?: Span }
  /** A function of ClickHouse, to be printed as it stands. */
  | (CallParts<D> & { kind: 'call'; name: string; type: ValueType; span?: Span })
  | { kind: 'cast'; expr: Expr<D>; to: string; type: ValueType; span?: Span }
  | { kind: 'lambda'; params: AliasName[]; body: Expr<D>; type: ValueType; span?: Span }
  | { kind: 'parameter'; name: AliasName; type: ValueType; span?: Span }
  /** A column of a source of the same SELECT: a read of a scan by its text, an item of a query by its alias. */
  | { kind: 'column'; source: SourceName; name: string | AliasName; type: ValueType; span?: Span }
  /** `(expr AS name)`; what `aliasRef`s point at. */
  | { kind: 'aliased'; alias: AliasName; expr: Expr<D>; type: ValueType; span?: Span }
  | { kind: 'aliasRef'; alias: AliasName; type: ValueType; span?: Span }
  | { kind: 'subquery'; query: Query<D>; type: ValueType; span?: Span }
  /** A column as the engine stores it; only inside a scan. `json`: below a JSON column. */
  | { kind: 'stored'; column: string; json?: { path: string[]; object?: boolean }; type: ValueType; span?: Span }
  /** A column of a table joined inside a scan. */
  | { kind: 'joined'; join: string; name: string; type: ValueType; span?: Span }

export type Expr<D extends Decision = never> = PlainNode<D> | { [K in D]: OpenNodes<D>[K] }[D]

/** Names that are given in the end, so that nothing that a user writes can shadow them. Compared by identity. */
export interface SourceName {
  wanted: string
}
export interface AliasName {
  wanted: string
}

export interface OrderBy<D extends Decision = never> {
  expr: Expr<D>
  descending: boolean
  nulls?: 'first' | 'last'
  fill?: { from?: Expr<D>; to?: Expr<D>; step?: Expr<D> }
}

export interface Window<D extends Decision = never> {
  partitionBy: Expr<D>[]
  orderBy: OrderBy<D>[]
  frame?: { unit: 'ROWS' | 'RANGE'; from: FrameBound; to?: FrameBound }
}
export interface FrameBound {
  kind: 'CURRENT ROW' | 'PRECEDING' | 'FOLLOWING'
  rows?: number
}

export interface Scan {
  kind: 'scan'
  /** Table of the event store. */
  table: string
  guard: ProjectGuard
  final: boolean
  sample?: number
  /** What is read, and under which name it is known outside. */
  reads: { as: string; expr: Expr }[]
  /** Applied with the guard, before anything else is read. */
  prewhere: Expr[]
  where: Expr[]
  groupBy: Expr[]
  joins: { join: string; scan: Scan; on: { stored: string; joined: string }[] }[]
}

export type PlainSource<D extends Decision> =
  | { kind: 'derived'; name: SourceName; query: Query<D> }
  /** `numbers(from, count)`; its one column is `number`. */
  | { kind: 'numbers'; name: SourceName; args: Expr<D>[] }
  | { kind: 'scanned'; name: SourceName; scan: Scan }

export interface TableSource {
  kind: 'table'
  name: SourceName
  table: TableInstance
}

export type Source<D extends Decision = never> = PlainSource<D> | ('table' extends D ? TableSource : never)

export interface From<D extends Decision = never> {
  first: Source<D>
  joins: { join: JoinKind; source: Source<D>; on?: Expr<D> }[]
}

export interface Select<D extends Decision = never> {
  kind: 'select'
  distinct: boolean
  items: { alias: AliasName; expr: Expr<D> }[]
  from?: From<D>
  arrayJoin?: { left: boolean; items: Expr<D>[] }
  where?: Expr<D>
  groupBy?: { mode: 'plain' | 'all' | 'rollup' | 'cube'; exprs: Expr<D>[] } | { mode: 'sets'; sets: Expr<D>[][] }
  having?: Expr<D>
  qualify?: Expr<D>
  windows: { name: string; window: Window<D> }[]
  orderBy: OrderBy<D>[]
  limitBy?: { limit: Expr<D>; offset?: Expr<D>; by: Expr<D>[] }
  limit?: Expr<D>
  offset?: Expr<D>
  withTies: boolean
}

export interface SetQuery<D extends Decision = never> {
  kind: 'set'
  first: Query<D>
  rest: { operator: SetOperator; query: Query<D> }[]
}

export type Query<D extends Decision = never> = Select<D> | SetQuery<D>
