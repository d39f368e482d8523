import type { TableInstance } from '../resolve/table-instance.ts'
import type { Expr, Select } from '../tree/resolved.ts'

type Before = 'tableColumn' | 'property' | 'table'

/**
 * Conditions of a SELECT on its table of events that the scan can apply before it reads anything else: bounds of `timestamp`, and the names of
 * events without which no row gets through. `left` is what they do not say already, and is still applied to what gets through.
 *
 * why: an explicit PREWHERE, which isolation needs, keeps the engine from moving conditions there itself, so it would read every column of every row.
 * None of these conditions can fail, so that they tell nothing about rows of other projects whatever their order.
 */
export function prefilterOf(
  select: Select<Before>,
): { table: TableInstance; conditions: Expr[]; left: Expr<Before> | undefined } | undefined {
  const { from, where } = select
  if (!where || from?.first.kind !== 'table' || from.first.table.definition.name !== 'events') return undefined
  const { table } = from.first
  // A join that keeps unmatched rows of the other side, or picks one of several, must see all that there is to match.
  if (table.optional || from.joins.some(({ join }) => /^(RIGHT|FULL)/.test(join))) return undefined
  const parts = conjuncts(where)
  const names = eventNames(where, table)
  const conditions = [...(names ? [isOneOf(names)] : []), ...parts.flatMap((part) => timeBound(part, table))]
  if (conditions.length === 0) return undefined
  const left = parts.filter((part) => timeBound(part, table).length === 0 && !isAboutName(part, table))
  const [only] = left
  return { table, conditions, left: left.length > 1 ? { kind: 'call', name: 'and', args: left, type: boolean } : only }
}

const boolean = { name: 'boolean', nullable: false } as const

function conjuncts(expr: Expr<Before>): Expr<Before>[] {
  return expr.kind === 'call' && expr.name === 'and' ? expr.args.flatMap(conjuncts) : [expr]
}

const isColumn = (expr: Expr<Before> | undefined, table: TableInstance, column: string): boolean =>
  expr?.kind === 'tableColumn' && expr.table === table && expr.column === column

/** limit: more names than these are no help. */
const mostNames = 200

/** The names that an event must have one of for the condition to hold; undefined where any name can do. */
function eventNames(expr: Expr<Before>, table: TableInstance): Set<string> | undefined {
  if (expr.kind === 'value' && (expr.value === false || expr.value === 0)) return new Set()
  if (expr.kind !== 'call') return undefined
  const [left, right] = expr.args
  switch (expr.name) {
    case 'equals':
      return isColumn(left, table, 'event') ? texts(right) : isColumn(right, table, 'event') ? texts(left) : undefined
    case 'in':
      return isColumn(left, table, 'event') ? texts(right) : undefined
    case 'and':
      return expr.args.map((arg) => eventNames(arg, table)).reduce(both, undefined)
    case 'or':
      return expr.args.map((arg) => eventNames(arg, table)).reduce(either, new Set<string>())
    default:
      return undefined
  }
}

/** Whether the condition says nothing but which names an event can have. */
function isAboutName(expr: Expr<Before>, table: TableInstance): boolean {
  if (expr.kind !== 'call') return false
  if (expr.name === 'or') return expr.args.every((arg) => isAboutName(arg, table)) && eventNames(expr, table) !== undefined
  return (expr.name === 'equals' || expr.name === 'in') && eventNames(expr, table) !== undefined
}

function both(a: Set<string> | undefined, b: Set<string> | undefined): Set<string> | undefined {
  if (!a || !b) return a ?? b
  return new Set([...a].filter((name) => b.has(name)))
}

function either(a: Set<string> | undefined, b: Set<string> | undefined): Set<string> | undefined {
  if (!a || !b || a.size + b.size > mostNames) return undefined
  return new Set([...a, ...b])
}

function texts(expr: Expr<Before> | undefined): Set<string> | undefined {
  if (expr?.kind === 'value') return typeof expr.value === 'string' ? new Set([expr.value]) : undefined
  if (expr?.kind !== 'call' || (expr.name !== 'tuple' && expr.name !== 'array') || expr.args.length > mostNames) return undefined
  return expr.args.map(texts).reduce(either, new Set<string>())
}

function isOneOf(names: Set<string>): Expr {
  const event: Expr = { kind: 'stored', column: 'event', type: { name: 'string', nullable: false } }
  const values = [...names].map((value): Expr => ({ kind: 'value', value, bound: 'String', type: { name: 'string', nullable: false } }))
  const [only] = values
  if (!only) return { kind: 'value', value: 0, bound: 'UInt8', type: boolean }
  if (values.length === 1) return { kind: 'call', name: 'equals', args: [event, only], type: boolean }
  const list: Expr = { kind: 'call', name: 'tuple', args: values, type: { name: 'unknown', nullable: false } }
  return { kind: 'call', name: 'in', args: [event, list], type: boolean }
}

const mirrored: Record<string, string> = {
  less: 'greater',
  lessOrEquals: 'greaterOrEquals',
  greater: 'less',
  greaterOrEquals: 'lessOrEquals',
}

/** A comparison of `timestamp` with an instant. */
function timeBound(expr: Expr<Before>, table: TableInstance): Expr[] {
  if (expr.kind !== 'call' || !Object.hasOwn(mirrored, expr.name)) return []
  const [left, right] = expr.args
  const timestamp: Expr = { kind: 'stored', column: 'timestamp', type: { name: 'datetime', nullable: false } }
  if (isColumn(left, table, 'timestamp') && isInstant(right))
    return [{ kind: 'call', name: expr.name, args: [timestamp, right], type: boolean }]
  const turned = mirrored[expr.name]
  if (turned && isColumn(right, table, 'timestamp') && isInstant(left))
    return [{ kind: 'call', name: turned, args: [timestamp, left], type: boolean }]
  return []
}

type Value = Extract<Expr, { kind: 'value' }>

const isInstant = (expr: Expr<Before> | undefined): expr is Value => expr?.kind === 'value' && expr.bound.startsWith('DateTime64')
