import { HogqlError } from '../errors.ts'
import { nearMiss } from '../near-miss.ts'
import { constant } from '../tree/build.ts'
import { mapQuery } from '../tree/map.ts'
import type * as S from '../tree/syntax.ts'

export interface Placeholders {
  /** `{name}`: JSON values. */
  values: Record<string, unknown>
  /** `{variables.name}`: values of the variables, by code name. */
  variables: Record<string, unknown>
  /** `{filters}` in a SELECT from that table. */
  filters?(table: string, alias: string | undefined, span?: S.Expr['span']): S.Expr
  /** `{filters.dateRange.from}` and `.to`; undefined where there is none. */
  dateRange: { from?: S.Expr; to?: S.Expr }
}

/** Puts values in the place of `{…}`. They become constants of the tree, never text. */
export function expandPlaceholders(query: S.Query, placeholders: Placeholders): S.Query {
  return mapQuery(query, (expr, select) => {
    if (expr.kind === 'compare' && (absentDate(expr.left, placeholders) || absentDate(expr.right, placeholders))) return constant(true)
    return expr.kind === 'placeholder' ? evaluate(expr.expr, placeholders, select, expr.span) : undefined
  })
}

function absentDate(expr: S.Expr, placeholders: Placeholders): boolean {
  if (expr.kind !== 'placeholder' || expr.expr.kind !== 'field') return false
  const [head, second, end] = expr.expr.chain
  return head === 'filters' && second === 'dateRange' && (end === 'from' || end === 'to') && placeholders.dateRange[end] === undefined
}

function evaluate(expr: S.Expr, given: Placeholders, select: S.Select | undefined, span?: S.Expr['span']): S.Expr {
  const inner = (child: S.Expr) => evaluate(child, given, select, span)
  switch (expr.kind) {
    case 'constant':
      return expr
    case 'field':
      return lookUp(expr.chain, given, select, span)
    case 'tuple':
    case 'array':
      return { ...expr, items: expr.items.map(inner) }
    case 'not':
      return constant(!truthy(inner(expr.expr)))
    case 'and':
      return constant(expr.exprs.every((part) => truthy(inner(part))))
    case 'or':
      return constant(expr.exprs.some((part) => truthy(inner(part))))
    case 'compare':
      return constant(compared(expr.op, inner(expr.left), inner(expr.right), span))
    case 'call':
      return evaluateCall(expr, inner, span)
    default:
      throw new HogqlError('unknown_placeholder', 'A placeholder holds a name, or a choice between constants and sql(…)', span)
  }
}

function evaluateCall(call: S.Call, inner: (expr: S.Expr) => S.Expr, span?: S.Expr['span']): S.Expr {
  const [first, second, third] = call.args
  // What stands in sql(…) is a part of the query; placeholders inside it are expanded like all others.
  if (call.name === 'sql' && first && call.args.length === 1) return first
  if (call.name === 'if' && first && second && third) return inner(truthy(inner(first)) ? second : third)
  if (call.name === 'ifNull' && first && second) {
    const value = inner(first)
    return value.kind === 'constant' && value.value === null ? inner(second) : value
  }
  throw new HogqlError('unknown_placeholder', `${call.name}(…) cannot be used in a placeholder`, span)
}

function truthy(expr: S.Expr): boolean {
  return expr.kind !== 'constant' || (expr.value !== null && expr.value !== false && expr.value !== 0 && expr.value !== '')
}

function compared(op: S.CompareOp, left: S.Expr, right: S.Expr, span?: S.Expr['span']): boolean {
  if (left.kind === 'constant' && right.kind === 'constant') {
    if (op === '=') return left.value === right.value
    if (op === '!=') return left.value !== right.value
  }
  throw new HogqlError('unknown_placeholder', 'A placeholder can compare constants by = and != only', span)
}

function lookUp(chain: string[], given: Placeholders, select: S.Select | undefined, span?: S.Expr['span']): S.Expr {
  const [head = '', ...rest] = chain
  if (head === 'filters') return filters(rest, given, select, span)
  if (head === 'variables') {
    const name = rest.join('.')
    if (!Object.hasOwn(given.variables, name)) {
      throw new HogqlError('unknown_placeholder', `Unknown variable "${name}".${nearMiss(name, Object.keys(given.variables))}`, span)
    }
    return valueExpr(given.variables[name], `variables.${name}`, span)
  }
  if (rest.length > 0 || !Object.hasOwn(given.values, head)) {
    const name = chain.join('.')
    throw new HogqlError(
      'unknown_placeholder',
      `Nothing is given for the placeholder {${name}}.${nearMiss(name, [...Object.keys(given.values), 'filters', 'variables'])}`,
      span,
    )
  }
  return valueExpr(given.values[head], head, span)
}

function filters(path: string[], given: Placeholders, select: S.Select | undefined, span?: S.Expr['span']): S.Expr {
  if (path[0] === 'dateRange' && (path[1] === 'from' || path[1] === 'to')) return given.dateRange[path[1]] ?? constant(null)
  const from = select?.from
  if (path.length > 0)
    throw new HogqlError(
      'unknown_placeholder',
      `{filters.${path.join('.')}} is unknown; there are {filters}, {filters.dateRange.from} and {filters.dateRange.to}`,
      span,
    )
  const tables = from ? [from, ...from.joins] : []
  const target = tables.find(({ table }) => table.kind === 'table' && ['events', 'sessions', 'groups'].includes(table.name.join('.')))
  if (target?.table.kind !== 'table')
    throw new HogqlError('unknown_placeholder', '{filters} can be used in a SELECT from events, sessions or groups', span)
  return (
    given.filters?.(target.table.name.join('.'), target.alias ?? (tables.length > 1 ? target.table.name.join('.') : undefined), span) ??
    constant(true)
  )
}

function valueExpr(value: unknown, name: string, span?: S.Expr['span']): S.Expr {
  const at = span ? { span } : {}
  if (Array.isArray(value)) return { kind: 'array', items: value.map((item) => valueExpr(item, name, span)), ...at }
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    return { kind: 'constant', value: value ?? null, ...at }
  }
  throw new HogqlError('invalid_value', `The value of {${name}} must be text, a number, a boolean, null or a list of them`, span)
}
