import type { Expr, Query, TableExpr } from './syntax.ts'

/**
 * Calls `visit` for every expression of a query, those of subqueries included; makes no copy.
 * A query in FROM is seen as a subquery expression.
 */
export function visitExprs(node: Query | Expr, visit: (expr: Expr) => void): void {
  walk(node, (found) => {
    if (!notExprs.has(found.kind)) visit(found as Expr)
  })
}

/** The same with every table as well; names of common table expressions are among those. why: one walk, where both are looked for. */
export function visitNodes(node: Query | Expr, visit: (node: Expr | TableExpr) => void): void {
  walk(node, (found) => {
    if (isTable.has(found.kind) || !notExprs.has(found.kind)) visit(found as Expr | TableExpr)
  })
}

/** Kinds of what is no expression. */
const notExprs = new Set(['select', 'set', 'table', 'values', 'query', 'column', 'CURRENT ROW', 'PRECEDING', 'FOLLOWING'])
const isTable = new Set(['table', 'values'])

/** A tree is plain data: all that it holds is walked, so that no place is forgotten. */
function walk(value: unknown, visit: (node: { kind: string }) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit)
    return
  }
  if ('kind' in value && typeof value.kind === 'string') visit(value as { kind: string })
  for (const key in value) if (key !== 'span') walk(value[key as keyof typeof value], visit)
}
