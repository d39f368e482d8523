import { findFunction } from '../catalog/functions.ts'
import { mapExpr } from './map.ts'
import type { Expr } from './syntax.ts'

/** Whether an expression as written aggregates; subqueries and window functions do not count. */
export function isAggregate(expr: Expr): boolean {
  let found = false
  mapExpr(
    expr,
    (part) => {
      if (part.kind === 'call' && !part.over && findFunction(part.name)?.kind === 'aggregate') found = true
      // Not looked into: what aggregates there is the subquery's affair.
      return part.kind === 'subquery' ? { kind: 'constant', value: null } : undefined
    },
    undefined,
  )
  return found
}
