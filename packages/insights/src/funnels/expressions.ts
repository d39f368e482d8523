import { build, type syntax } from '@hedgerow/hogql'

/**
 * Short ways to write what happens inside a person's list of events. They are calls of the engine's functions, not HogQL's operators:
 * nothing here is ever null, so nothing needs HogQL's null semantics around it.
 */
type Expr = syntax.Expr

export const fn = build.call
export const int = (value: number): Expr => build.constant(value)
/** A constant of the type of all instants and counts in a walk, so that both sides of a choice have one type. */
export const int64 = (value: number): Expr => fn('_toInt64', build.constant(value))
export const named = (name: string): Expr => build.field(name)
export const lambda = (params: string[], body: Expr): Expr => ({ kind: 'lambda', params, body })
export const item = (base: Expr, index: number): Expr => ({ kind: 'tuple-access', base, index })
export const at = (base: Expr, index: Expr): Expr => fn('arrayElement', base, index)
export const choose = (condition: Expr, then: Expr, otherwise: Expr): Expr => fn('if', condition, then, otherwise)
export const equals = (left: Expr, right: Expr): Expr => fn('equals', left, right)
export const differs = (left: Expr, right: Expr): Expr => fn('notEquals', left, right)
export const isSome = (expr: Expr): Expr => differs(expr, int(0))
export const plus = (left: Expr, right: Expr): Expr => fn('plus', left, right)
export const minus = (left: Expr, right: Expr): Expr => fn('minus', left, right)
export const no = (expr: Expr): Expr => fn('not', expr)
export const emptyTimes: Expr = fn('emptyArrayInt64')

export function both(...exprs: Expr[]): Expr {
  const [first] = exprs
  if (!first) return int(1)
  return exprs.length === 1 ? first : fn('and', ...exprs)
}

export function either(...exprs: Expr[]): Expr {
  const [first] = exprs
  if (!first) return int(0)
  return exprs.length === 1 ? first : fn('or', ...exprs)
}

export const sumOf = (exprs: Expr[]): Expr => exprs.reduce(plus)

/** The first that holds decides; `otherwise` where none does. */
export function firstOf(cases: [when: Expr, then: Expr][], otherwise: Expr): Expr {
  const [only] = cases
  if (!only) return otherwise
  return cases.length === 1 ? choose(only[0], only[1], otherwise) : fn('multiIf', ...cases.flat(), otherwise)
}

/** `SELECT … FROM (query)`. */
export function selectFrom(
  query: syntax.Query,
  items: Expr[],
  rest: Partial<Omit<syntax.Select, 'kind' | 'items' | 'from'>> = {},
): syntax.Select {
  return build.select(items, { from: { table: { kind: 'subquery', query }, joins: [] }, ...rest })
}

/** 1, 2, … count. */
export const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)
