import { childrenOf } from '../tree/children.ts'
import type { OpenExpr } from './resolver.ts'

/** Whether an aggregate function is used, not counting those over a window. */
export function isAggregated(exprs: OpenExpr[]): boolean {
  return exprs.some((expr) => (expr.kind === 'function' && expr.entry.kind === 'aggregate' && !expr.over) || isAggregated(childrenOf(expr)))
}
