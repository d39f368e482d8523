import { HogqlError } from '../errors.ts'
import { nearMiss } from '../near-miss.ts'
import { and, constant, or } from '../tree/build.ts'
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
    case 'arithmetic':
      return { ...expr, left: inner(expr.left), right: inner(expr.right) }
    case 'not': {
      const of = inner(expr.expr)
      return of.kind === 'constant' ? constant(!truthy(of)) : { ...expr, expr: of }
    }
    case 'and':
    case 'or':
      return joined(expr, expr.exprs.map(inner))
    case 'compare':
      return compared(expr, inner(expr.left), inner(expr.right))
    case 'call':
      return evaluateCall(expr, inner, span)
    default:
      throw new HogqlError('unknown_placeholder', 'A placeholder holds names, constants, operators, functions and sql(…)', span)
  }
}

/** A choice whose condition is known here is made here, so that the other branch leaves no trace in the query. */
function evaluateCall(call: S.Call, inner: (expr: S.Expr) => S.Expr, span?: S.Expr['span']): S.Expr {
  const [first, second, third] = call.args
  // What stands in sql(…) is a part of the query; placeholders inside it are expanded like all others.
  if (call.name === 'sql') {
    if (first && call.args.length === 1) return first
    throw new HogqlError('unknown_placeholder', 'sql(…) takes one expression', span)
  }
  if (call.name === 'if' && first && second && third) {
    const condition = inner(first)
    if (condition.kind === 'constant') return inner(truthy(condition) ? second : third)
    return { ...call, args: [condition, inner(second), inner(third)] }
  }
  if (call.name === 'ifNull' && first && second) {
    const value = inner(first)
    if (value.kind === 'constant') return value.value === null ? inner(second) : value
  }
  return { ...call, args: call.args.map(inner) }
}

function truthy({ value }: S.Constant): boolean {
  return value !== null && value !== false && value !== 0 && value !== ''
}

function joined(of: Extract<S.Expr, { kind: 'and' | 'or' }>, parts: S.Expr[]): S.Expr {
  const decisive = of.kind === 'or'
  const open = parts.filter((part) => part.kind !== 'constant')
  if (parts.some((part) => part.kind === 'constant' && truthy(part) === decisive)) return constant(decisive)
  return of.kind === 'and' ? and(open) : or(open)
}

function compared(of: Extract<S.Expr, { kind: 'compare' }>, left: S.Expr, right: S.Expr): S.Expr {
  if (left.kind === 'constant' && right.kind === 'constant') {
    if (of.op === '=') return constant(left.value === right.value)
    if (of.op === '!=') return constant(left.value !== right.value)
  }
  return { ...of, left, right }
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
  const found = valueAt(given.values, chain)
  if (found === undefined) {
    const name = chain.join('.')
    throw new HogqlError(
      'unknown_placeholder',
      `Nothing is given for the placeholder {${name}}.${nearMiss(name, [...Object.keys(given.values), 'filters', 'variables'])}`,
      span,
    )
  }
  return valueExpr(found, chain.join('.'), span)
}

/** `{a.b}` is `b` of the object `a`. */
function valueAt(values: Record<string, unknown>, chain: string[]): unknown {
  return chain.reduce((of: unknown, link) => {
    if (typeof of !== 'object' || of === null || Array.isArray(of) || !Object.hasOwn(of, link)) return undefined
    return (of as Record<string, unknown>)[link]
  }, values)
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
  // Events have all that sessions and groups can be filtered by, and more.
  const target = ['events', 'sessions', 'groups']
    .map((name) => tables.find(({ table }) => table.kind === 'table' && table.name.join('.') === name))
    .find((found) => found !== undefined)
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
