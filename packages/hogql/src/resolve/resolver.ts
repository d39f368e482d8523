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
