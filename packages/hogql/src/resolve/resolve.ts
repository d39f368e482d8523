import type { CompileContext } from '../context.ts'
import { HogqlError } from '../errors.ts'
import type * as S from '../tree/syntax.ts'
import { resolveExpr } from './resolve-expr.ts'
import { resolveQuery } from './resolve-query.ts'
import type { ResolvedQuery, Resolver } from './resolver.ts'

/**
 * Binds every name of a query: tables, columns, aliases, functions; gives every value a type.
 * @throws HogqlError that says where, and what was nearly meant.
 */
export function resolve(query: S.Query, context: CompileContext): ResolvedQuery {
  let nodes = 0
  const resolver: Resolver = {
    context,
    expr: (expr, scope) => resolveExpr(resolver, expr, scope),
    query: (inner, scope) => resolveQuery(resolver, inner, scope),
    spend(span) {
      nodes++
      if (nodes > context.limits.maxNodes) {
        throw new HogqlError(
          'query_too_large',
          `The query has more than ${context.limits.maxNodes} parts, counting common table expressions wherever they are used`,
          span,
        )
      }
    },
  }
  return resolver.query(query, undefined)
}
