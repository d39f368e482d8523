import * as t from '../catalog/value-type.ts'
import type { AliasName } from '../tree/resolved.ts'
import type * as S from '../tree/syntax.ts'
import type { OpenExpr, Resolver } from './resolver.ts'
import type { Scope } from './scope.ts'

/** `types` are those of the parameters, as far as they are known. */
export function resolveLambda(
  resolver: Resolver,
  expr: Extract<S.Expr, { kind: 'lambda' }>,
  scope: Scope,
  types: t.ValueType[] = [],
): OpenExpr {
  const params: AliasName[] = expr.params.map((name) => ({ wanted: name }))
  const parameters = new Map(scope.parameters)
  for (const [i, param] of params.entries()) parameters.set(param.wanted, { name: param, type: types[i] ?? t.unknown })
  const body = resolver.expr(expr.body, { ...scope, parameters })
  return { kind: 'lambda', params, body, type: body.type, ...(expr.span ? { span: expr.span } : {}) }
}
