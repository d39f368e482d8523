import type { Span } from '../errors.ts'

/**
 * HogQL as written: nothing is looked up yet. What the parser makes, and what code builds a query from
 * (see build.ts), so that no query is ever put together as text.
 */
export type CompareOp =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'like'
  | 'not like'
  | 'ilike'
  | 'not ilike'
  | '=~'
  | '!~'
  | '=~*'
  | '!~*'
  | 'in'
  | 'not in'
  | 'in cohort'
  | 'not in cohort'

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%'

export type ConstantValue = string | number | boolean | null | bigint

interface Node {
  span?: Span
}

export interface Constant extends Node {
  kind: 'constant'
  value: ConstantValue
}
/** `a.b.c`; the last link may be `*`. */
export interface Field extends Node {
  kind: 'field'
  chain: string[]
}
export interface Call extends Node {
  kind: 'call'
  name: string
  args: Expr[]
  /** The first pair of parentheses of `quantile(0.5)(x)`. */
  params?: Expr[]
  distinct?: boolean
  filter?: Expr
  /** `agg(x ORDER BY y)` or `agg(…) WITHIN GROUP (ORDER BY y)`. */
  orderBy?: OrderBy[]
  over?: WindowSpec | { name: string }
}
export interface WindowSpec {
  partitionBy: Expr[]
  orderBy: OrderBy[]
  frame?: { unit: 'ROWS' | 'RANGE'; from: FrameBound; to?: FrameBound }
}
export interface FrameBound {
  kind: 'CURRENT ROW' | 'PRECEDING' | 'FOLLOWING'
  /** Unbounded when absent. */
  rows?: number
}
export interface OrderBy extends Node {
  expr: Expr
  descending: boolean
  nulls?: 'first' | 'last'
  fill?: { from?: Expr; to?: Expr; step?: Expr }
}

export type Expr =
  | Constant
  | Field
  | Call
  | (Node & { kind: 'arithmetic'; op: ArithmeticOp; left: Expr; right: Expr })
  | (Node & { kind: 'compare'; op: CompareOp; left: Expr; right: Expr })
  | (Node & { kind: 'between'; expr: Expr; low: Expr; high: Expr; negated: boolean })
  /** `a IS DISTINCT FROM b`; `negated`: IS NOT DISTINCT FROM. */
  | (Node & { kind: 'distinct-from'; left: Expr; right: Expr; negated: boolean })
  | (Node & { kind: 'and' | 'or'; exprs: Expr[] })
  | (Node & { kind: 'not'; expr: Expr })
  | (Node & { kind: 'alias'; name: string; expr: Expr })
  | (Node & { kind: 'array' | 'tuple'; items: Expr[] })
  /** `base[index]`; `nullish` for `base?.[index]`. */
  | (Node & { kind: 'access'; base: Expr; index: Expr })
  | (Node & { kind: 'tuple-access'; base: Expr; index: number })
  | (Node & { kind: 'slice'; base: Expr; from?: Expr; to?: Expr })
  | (Node & { kind: 'lambda'; params: string[]; body: Expr })
  /** `safe`: null where it cannot be converted. */
  | (Node & { kind: 'cast'; expr: Expr; type: string; safe: boolean })
  | (Node & { kind: 'subquery'; query: Query })
  | (Node & { kind: 'placeholder'; expr: Expr })
  | (Node & { kind: 'columns'; columns?: Expr[]; regex?: string; exclude: string[] })

export type JoinKind =
  | 'INNER JOIN'
  | 'LEFT JOIN'
  | 'RIGHT JOIN'
  | 'FULL JOIN'
  | 'CROSS JOIN'
  | 'LEFT ANY JOIN'
  | 'RIGHT ANY JOIN'
  | 'INNER ANY JOIN'
  | 'LEFT SEMI JOIN'
  | 'RIGHT SEMI JOIN'
  | 'LEFT ANTI JOIN'
  | 'RIGHT ANTI JOIN'
  | 'LEFT ASOF JOIN'
  | 'INNER ASOF JOIN'

export type TableExpr =
  | (Node & { kind: 'table'; name: string[]; args?: Expr[] })
  | (Node & { kind: 'subquery'; query: Query })
  | (Node & { kind: 'values'; rows: Expr[][] })
  | (Node & { kind: 'placeholder'; expr: Expr })

export interface From extends Node {
  table: TableExpr
  alias?: string
  columnAliases?: string[]
  final?: boolean
  /** A share of the events, `0 < share ≤ 1`. */
  sample?: number
  joins: Join[]
}
export interface Join extends Node {
  join: JoinKind
  table: TableExpr
  alias?: string
  columnAliases?: string[]
  final?: boolean
  on?: Expr
  using?: string[]
}

export interface Cte extends Node {
  name: string
  expr: { kind: 'query'; query: Query } | { kind: 'column'; expr: Expr }
  columns?: string[]
  recursive: boolean
}

export interface Select extends Node {
  kind: 'select'
  ctes: Cte[]
  distinct: boolean
  items: Expr[]
  from?: From
  arrayJoin?: { left: boolean; items: Expr[] }
  prewhere?: Expr
  where?: Expr
  groupBy?: { mode: 'plain' | 'all' | 'rollup' | 'cube'; exprs: Expr[] } | { mode: 'sets'; sets: Expr[][] }
  having?: Expr
  qualify?: Expr
  windows: { name: string; window: WindowSpec }[]
  orderBy: OrderBy[]
  limitBy?: { limit: Expr; offset?: Expr; by: Expr[] }
  limit?: Expr
  offset?: Expr
  withTies: boolean
}

export type SetOperator = 'UNION ALL' | 'UNION DISTINCT' | 'INTERSECT' | 'INTERSECT DISTINCT' | 'EXCEPT' | 'EXCEPT DISTINCT'

export interface SetQuery extends Node {
  kind: 'set'
  first: Query
  rest: { operator: SetOperator; query: Query }[]
  orderBy: OrderBy[]
  limit?: Expr
  offset?: Expr
}

export type Query = Select | SetQuery
