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

/** Calls `visit` with the name of every table that a query reads, wherever it stands; names of common table expressions are among them. */
export function visitTables(node: Query, visit: (name: string) => void): void {
  walk(node, (found) => {
    if (found.kind === 'table') visit((found as Extract<TableExpr, { kind: 'table' }>).name.join('.'))
  })
}

/** Kinds of what is no expression. */
const notExprs = new Set(['select', 'set', 'table', 'values', 'query', 'column', 'CURRENT ROW', 'PRECEDING', 'FOLLOWING'])

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
