import type { CompileContext } from '../context.ts'
import type { Span } from '../errors.ts'
import type { Decision, Expr, Query } from '../tree/resolved.ts'
import type * as S from '../tree/syntax.ts'
import type { Column, Scope } from './scope.ts'

export type OpenExpr = Expr<Decision>
export type OpenQuery = Query<Decision>

export interface ResolvedQuery {
  query: OpenQuery
  columns: Column[]
}

/** What the parts of resolving need of one another. */
export interface Resolver {
  context: CompileContext
  expr(expr: S.Expr, scope: Scope): OpenExpr
  query(query: S.Query, scope: Scope | undefined): ResolvedQuery
  /** Counts one node. @throws HogqlError `query_too_large` */
  spend(span?: Span): void
}

/** A node with where it stands in the text, if it stands in one. why: spreading that into each node is half of what making the node costs. */
export function placed<Node extends OpenExpr>(node: Node, span: Span | undefined): Node {
  if (span) node.span = span
  return node
}
