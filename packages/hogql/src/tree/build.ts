import type {
  ArithmeticOp,
  Call,
  CompareOp,
  Constant,
  ConstantValue,
  Expr,
  Field,
  From,
  OrderBy,
  Query,
  Select,
  TableExpr,
} from './syntax.ts'

/** Makers of syntax nodes: how code writes a query. */
export const field = (...chain: string[]): Field => ({ kind: 'field', chain })
export const constant = (value: ConstantValue): Constant => ({ kind: 'constant', value })
export const call = (name: string, ...args: Expr[]): Call => ({ kind: 'call', name, args })
export const compare = (op: CompareOp, left: Expr, right: Expr): Expr => ({ kind: 'compare', op, left, right })
export const arithmetic = (op: ArithmeticOp, left: Expr, right: Expr): Expr => ({ kind: 'arithmetic', op, left, right })
export const alias = (name: string, expr: Expr): Expr => ({ kind: 'alias', name, expr })
export const not = (expr: Expr): Expr => ({ kind: 'not', expr })
export const tuple = (items: Expr[]): Expr => ({ kind: 'tuple', items })
export const array = (items: Expr[]): Expr => ({ kind: 'array', items })
export const lambda = (params: string[], body: Expr): Expr => ({ kind: 'lambda', params, body })
export const element = (of: Expr, index: number): Expr => ({ kind: 'tuple-access', base: of, index })
export const isNull = (expr: Expr): Expr => compare('=', expr, constant(null))
export const isNotNull = (expr: Expr): Expr => compare('!=', expr, constant(null))

/** True for no expressions, the expression itself for one. */
export function and(exprs: Expr[]): Expr {
  const [first] = exprs
  if (!first) return constant(true)
  return exprs.length === 1 ? first : { kind: 'and', exprs }
}

/** False for no expressions, the expression itself for one. */
export function or(exprs: Expr[]): Expr {
  const [first] = exprs
  if (!first) return constant(false)
  return exprs.length === 1 ? first : { kind: 'or', exprs }
}

export const orderBy = (expr: Expr, descending = false): OrderBy => ({ expr, descending })
export const table = (...name: string[]): TableExpr => ({ kind: 'table', name })

export const from = (query: Query, alias: string): From => ({ table: { kind: 'subquery', query }, alias, joins: [] })
export const groupBy = (...exprs: Expr[]): { mode: 'plain'; exprs: Expr[] } => ({ mode: 'plain', exprs })

/** A SELECT with what is given, and nothing else. */
export function select(items: Expr[], rest: Partial<Omit<Select, 'kind' | 'items'>> = {}): Select {
  return { kind: 'select', ctes: [], distinct: false, items, windows: [], orderBy: [], withTies: false, ...rest }
}
