import { findFunction } from '../catalog/functions.ts'
import * as t from '../catalog/value-type.ts'
import { HogqlError } from '../errors.ts'
import type { AliasName } from '../tree/resolved.ts'
import type * as S from '../tree/syntax.ts'
import { castFunction, castType } from './cast-type.ts'
import { resolveCall } from './resolve-call.ts'
import { follow, type Link, resolveField } from './resolve-field.ts'
import { resolveLambda } from './resolve-lambda.ts'
import type { OpenExpr, Resolver } from './resolver.ts'
import type { Scope } from './scope.ts'
import { valueNode } from './values.ts'

export function resolveExpr(resolver: Resolver, expr: S.Expr, scope: Scope): OpenExpr {
  resolver.spend(expr.span)
  switch (expr.kind) {
    case 'constant':
      return valueNode(expr.value, expr.span)
    case 'field':
      if (expr.chain.at(-1) === '*') throw new HogqlError('unsupported', '* can stand in the SELECT list and in count(*) only', expr.span)
      return resolveField(resolver, expr.chain, noPath, scope, expr.span)
    case 'access':
    case 'tuple-access':
      return access(resolver, expr, scope)
    case 'call':
      return resolveCall(resolver, expr, scope)
    case 'lambda':
      return resolveLambda(resolver, expr, scope)
    default:
      return resolveOperator(resolver, expr, scope)
  }
}

const noPath: never[] = []

/** why: apart from the few kinds above, of which nearly all of a query is made and that need nothing made for each. */
function resolveOperator(
  resolver: Resolver,
  expr: Exclude<S.Expr, { kind: 'constant' | 'field' | 'access' | 'tuple-access' | 'call' | 'lambda' }>,
  scope: Scope,
): OpenExpr {
  const at = expr.span ? { span: expr.span } : {}
  const inner = (child: S.Expr) => resolver.expr(child, scope)
  switch (expr.kind) {
    case 'arithmetic':
      return arithmetic(expr.op, inner(expr.left), inner(expr.right), at)
    case 'compare':
      return compare(resolver, expr, scope)
    case 'between':
      return between(expr, inner(expr.expr), inner(expr.low), inner(expr.high))
    case 'distinct-from':
      return { kind: 'comparison', op: expr.negated ? '=' : '!=', left: inner(expr.left), right: inner(expr.right), type: t.boolean, ...at }
    case 'and':
    case 'or':
      return { kind: 'call', name: expr.kind, args: expr.exprs.map((child) => truth(inner(child))), type: t.boolean, ...at }
    case 'not':
      return { kind: 'call', name: 'not', args: [truth(inner(expr.expr))], type: t.boolean, ...at }
    case 'alias':
      return aliased(expr.name, inner(expr.expr), scope, at)
    case 'array': {
      const items = expr.items.map(inner)
      return {
        kind: 'call',
        name: 'array',
        args: items,
        type: t.arrayOf(items.map((item) => item.type).reduce(t.eitherOf, t.nothing)),
        ...at,
      }
    }
    case 'tuple': {
      const items = expr.items.map(inner)
      return { kind: 'call', name: 'tuple', args: items, type: t.tupleOf(items.map((item) => item.type)), ...at }
    }
    case 'slice':
      return slice(expr, inner)
    case 'cast': {
      const of = inner(expr.expr)
      const { engineType, type } = castType(expr.type, expr.span)
      const name = castFunction(expr.type, of.type)
      if (name) return resolveCall(resolver, { kind: 'call', name, args: [expr.expr], ...at }, scope)
      const safe = expr.safe && !engineType.startsWith('Array(')
      if (safe) return { kind: 'call', name: 'accurateCastOrNull', args: [of, valueNode(engineType)], type: t.nullable(type), ...at }
      const keepsNull = of.type.nullable && type.name !== 'array' && type.name !== 'tuple' && !type.nullable
      return {
        kind: 'cast',
        expr: of,
        to: keepsNull ? `Nullable(${engineType})` : engineType,
        type: keepsNull ? t.nullable(type) : type,
        ...at,
      }
    }
    case 'subquery': {
      const { query, columns } = resolver.query(expr.query, scope)
      const type = columns.length === 1 && columns[0] ? t.nullable(columns[0].type) : t.tupleOf(columns.map((column) => column.type))
      return { kind: 'subquery', query, type, ...at }
    }
    case 'placeholder':
      throw new HogqlError('unknown_placeholder', 'A placeholder has no value', expr.span)
    case 'columns':
      throw new HogqlError('unsupported', 'COLUMNS(…) can stand in the SELECT list only', expr.span)
  }
}

/** A condition; null is false. */
function truth(expr: OpenExpr): OpenExpr {
  const { type } = expr
  if (!type.nullable || (type.name !== 'boolean' && type.name !== 'integer' && type.name !== 'float')) return expr
  return { kind: 'call', name: 'ifNull', args: [expr, { kind: 'value', value: 0, bound: 'UInt8', type: t.integer }], type: t.boolean }
}

/** `a.b['c'][1].2`: the links from a name on are one path, so that a property is read in one go. */
function access(resolver: Resolver, expr: S.Expr, scope: Scope): OpenExpr {
  const path: Link[] = []
  let base = expr
  for (;;) {
    if (base.kind === 'tuple-access') {
      path.unshift({ element: base.index })
      base = base.base
    } else if (
      base.kind === 'access' &&
      base.index.kind === 'constant' &&
      (typeof base.index.value === 'string' || typeof base.index.value === 'number')
    ) {
      path.unshift(base.index.value)
      base = base.base
    } else break
  }
  if (base.kind === 'field') return resolveField(resolver, base.chain, path, scope, expr.span)
  if (path.length > 0) return follow(resolver.expr(base, scope), path, expr.span)
  if (base.kind !== 'access') return resolver.expr(base, scope)
  const of = resolver.expr(base.base, scope)
  const type = of.type.name === 'array' ? of.type.item : t.unknown
  return {
    kind: 'call',
    name: 'arrayElement',
    args: [of, resolver.expr(base.index, scope)],
    type,
    ...(expr.span ? { span: expr.span } : {}),
  }
}

const arithmeticNames: Record<S.ArithmeticOp, string> = { '+': 'plus', '-': 'minus', '*': 'multiply', '/': 'divide', '%': 'modulo' }

function arithmetic(op: S.ArithmeticOp, left: OpenExpr, right: OpenExpr, at: object): OpenExpr {
  const entry = left.type.name === 'datetime' && right.type.name === 'interval' ? findFunction(arithmeticNames[op]) : undefined
  // How long a day or a month is depends on the time zone, which is settled with the functions.
  if (entry)
    return { kind: 'function', entry, name: entry.name, args: [left, right], type: arithmeticType(op, left.type, right.type), ...at }
  return { kind: 'call', name: arithmeticNames[op], args: [left, right], type: arithmeticType(op, left.type, right.type), ...at }
}

function arithmeticType(op: S.ArithmeticOp, left: t.ValueType, right: t.ValueType): t.ValueType {
  const either = left.nullable || right.nullable
  const given = (type: t.ValueType) => (either ? t.nullable(type) : type)
  if (left.name === 'datetime' || left.name === 'date') {
    if (right.name === left.name) return given(t.integer)
    return right.name === 'interval' && left.name === 'date' ? t.unknown : given({ name: left.name, nullable: false })
  }
  if (right.name === 'datetime' || right.name === 'date') return given({ name: right.name, nullable: false })
  if (left.name === 'interval' || right.name === 'interval') return given(t.interval)
  if (op === '/') return given(t.float)
  if (left.name === 'integer' && right.name === 'integer') return given(t.integer)
  const numbers = ['integer', 'float', 'boolean']
  return numbers.includes(left.name) && numbers.includes(right.name) ? given(t.float) : t.unknown
}

function compare(resolver: Resolver, expr: Extract<S.Expr, { kind: 'compare' }>, scope: Scope): OpenExpr {
  const { op } = expr
  const at = expr.span ? { span: expr.span } : {}
  if (op === 'in cohort' || op === 'not in cohort') {
    throw new HogqlError('unsupported', 'IN COHORT stands for the definition of a cohort, which was not put in', expr.span)
  }
  const left = resolver.expr(expr.left, scope)
  const right = resolver.expr(op === 'in' || op === 'not in' ? listOf(expr.right) : expr.right, scope)
  return { kind: 'comparison', op, left, right, type: t.boolean, ...at }
}

/** `x in 5` and `x in (5)` are lists of one; `tuple(…)` is a list like any other. */
function listOf(expr: S.Expr): S.Expr {
  if (expr.kind === 'call' && expr.name === 'tuple') return { kind: 'tuple', items: expr.args }
  return expr.kind === 'constant' ? { kind: 'tuple', items: [expr] } : expr
}

function between(expr: Extract<S.Expr, { kind: 'between' }>, value: OpenExpr, low: OpenExpr, high: OpenExpr): OpenExpr {
  const at = expr.span ? { span: expr.span } : {}
  const part = (op: '>=' | '<=' | '<' | '>', bound: OpenExpr): OpenExpr => ({
    kind: 'comparison',
    op,
    left: value,
    right: bound,
    type: t.boolean,
    ...at,
  })
  if (expr.negated) return { kind: 'call', name: 'or', args: [part('<', low), part('>', high)], type: t.boolean, ...at }
  return { kind: 'call', name: 'and', args: [part('>=', low), part('<=', high)], type: t.boolean, ...at }
}

function aliased(name: string, expr: OpenExpr, scope: Scope, at: object): OpenExpr {
  const alias: AliasName = { wanted: name }
  scope.aliases.set(name, { alias, type: expr.type })
  return { kind: 'aliased', alias, expr, type: expr.type, ...at }
}

function slice(expr: Extract<S.Expr, { kind: 'slice' }>, inner: (child: S.Expr) => OpenExpr): OpenExpr {
  const of = inner(expr.base)
  const from = expr.from ? inner(expr.from) : valueNode(1)
  const at = expr.span ? { span: expr.span } : {}
  if (!expr.to) return { kind: 'call', name: 'arraySlice', args: [of, from], type: of.type, ...at }
  const length: OpenExpr = {
    kind: 'call',
    name: 'plus',
    args: [{ kind: 'call', name: 'minus', args: [inner(expr.to), from], type: t.integer }, valueNode(1)],
    type: t.integer,
  }
  return { kind: 'call', name: 'arraySlice', args: [of, from, length], type: of.type, ...at }
}
