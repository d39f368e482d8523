import type { FunctionEntry } from '../catalog/function-entry.ts'
import { findFunction, functionNames } from '../catalog/functions.ts'
import * as t from '../catalog/value-type.ts'
import { HogqlError, type Span } from '../errors.ts'
import { nearMiss } from '../near-miss.ts'
import type { Decision, OpenNodes, OrderBy, Window } from '../tree/resolved.ts'
import type * as S from '../tree/syntax.ts'
import { expandOwn, refuseOwn } from './own-functions.ts'
import { resolveLambda } from './resolve-lambda.ts'
import type { OpenExpr, Resolver } from './resolver.ts'
import type { Scope } from './scope.ts'

export function resolveCall(resolver: Resolver, call: S.Call, scope: Scope): OpenExpr {
  if (call.name === '_caseWithExpression') return caseOf(resolver, call, scope)
  refuseOwn(call)
  const entry = findFunction(call.name)
  if (!entry) throw unknownFunction(call)
  const own = ownFunction(entry, call)
  if (own) return resolver.expr(own, scope)
  const args = argumentsOf(resolver, call, scope)
  checkArity(entry, args.length, call.span)
  if (call.params && entry.kind === 'scalar')
    throw new HogqlError('wrong_arguments', `${call.name} takes no parameters in a second pair of parentheses`, call.span)
  if (entry.kind === 'window' && !call.over) throw new HogqlError('wrong_arguments', `${call.name} needs an OVER clause`, call.span)
  if (entry.kind === 'scalar' && (call.distinct || call.filter || call.over)) {
    throw new HogqlError('wrong_arguments', `${call.name} is not an aggregate function`, call.span)
  }
  if (call.orderBy?.length && entry.kind !== 'aggregate')
    throw new HogqlError('wrong_arguments', `${call.name} cannot be given an ORDER BY`, call.span)
  if (call.orderBy?.length)
    throw new HogqlError('unsupported', `ORDER BY inside ${call.name}(…) is not supported; use arraySort, argMin or argMax`, call.span)
  const node: OpenNodes<Decision>['function'] = { kind: 'function', entry, name: call.name, args, type: resultType(entry, args) }
  if (call.params) node.params = call.params.map((param) => resolver.expr(param, scope))
  if (call.distinct) node.distinct = true
  if (call.filter) node.filter = resolver.expr(call.filter, scope)
  if (call.over) node.over = over(resolver, call.over, scope, call.span)
  if (call.span) node.span = call.span
  return node
}

/** What a function of PostHog's stands for, once its arguments were counted. */
function ownFunction(entry: FunctionEntry, call: S.Call): S.Expr | undefined {
  if (!entry.isOwn) return undefined
  checkArity(entry, call.args.length, call.span)
  return expandOwn({ ...call, name: entry.name })
}

/** `CASE x WHEN a THEN b ELSE c END`: the branches in order, compared as everywhere in HogQL. */
function caseOf(resolver: Resolver, call: S.Call, scope: Scope): OpenExpr {
  const [of, ...branches] = call.args.map((arg) => resolver.expr(arg, scope))
  const at = call.span ? { span: call.span } : {}
  if (!of) throw new HogqlError('wrong_arguments', 'CASE needs branches', call.span)
  const args = branches.map(
    (branch, i): OpenExpr =>
      i % 2 === 0 && i < branches.length - 1 ? { kind: 'comparison', op: '=', left: of, right: branch, type: t.boolean, ...at } : branch,
  )
  const results = branches.filter((_, i) => i % 2 === 1 || i === branches.length - 1).map((branch) => branch.type)
  return { kind: 'call', name: 'multiIf', args, type: results.reduce(t.eitherOf, t.nothing), ...at }
}

/** `count(*)` is `count()`. */
function withoutStar(call: S.Call): S.Expr[] {
  const only = call.args[0]
  if (call.args.length === 1 && only?.kind === 'field' && only.chain.at(-1) === '*') {
    if (call.name.toLowerCase().startsWith('count')) return []
    throw new HogqlError('wrong_arguments', `${call.name}(*) has no meaning; name a column`, call.span)
  }
  return call.args
}

/** A lambda is told which of its parameters are instants, so that functions of dates see those in the project's time zone. */
function argumentsOf(resolver: Resolver, call: S.Call, scope: Scope): OpenExpr[] {
  const given = withoutStar(call)
  const [first] = given
  // The first parameter of arrayFold is what it has made so far.
  if (first?.kind !== 'lambda' || call.name === 'arrayFold') return given.map((arg) => resolver.expr(arg, scope))
  const lists = given.slice(1).map((arg) => resolver.expr(arg, scope))
  const items = lists.map(({ type }) => (type.name === 'array' && type.item.name === 'datetime' ? type.item : t.unknown))
  return [resolveLambda(resolver, first, scope, items), ...lists]
}

function checkArity(entry: FunctionEntry, given: number, span?: Span): void {
  const [least, most] = entry.arity
  if (given >= least && given <= most) return
  const wanted = least === most ? `${least}` : most >= 100 ? `at least ${least}` : `${least} to ${most}`
  throw new HogqlError('wrong_arguments', `${entry.name} takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${given}`, span)
}

function resultType(entry: FunctionEntry, args: OpenExpr[]): t.ValueType {
  const types = args.map((arg) => arg.type)
  if (entry.engineName === 'if') return t.eitherOf(types[1] ?? t.unknown, types[2] ?? t.unknown)
  if (entry.engineName === 'multiIf') return types.filter((_, i) => i % 2 === 1 || i === types.length - 1).reduce(t.eitherOf, t.nothing)
  if (entry.engineName === 'ifNull' || entry.engineName === 'coalesce') {
    const either = types.reduce(t.eitherOf, t.nothing)
    return types.some((type) => !type.nullable) ? t.notNull(either) : either
  }
  return entry.result(types)
}

export function resolveOrderBy(resolver: Resolver, order: S.OrderBy, scope: Scope): OrderBy<Decision> {
  const { fill } = order
  return {
    expr: resolver.expr(order.expr, scope),
    descending: order.descending,
    ...(order.nulls ? { nulls: order.nulls } : {}),
    ...(fill
      ? {
          fill: {
            ...(fill.from ? { from: resolver.expr(fill.from, scope) } : {}),
            ...(fill.to ? { to: resolver.expr(fill.to, scope) } : {}),
            ...(fill.step ? { step: resolver.expr(fill.step, scope) } : {}),
          },
        }
      : {}),
  }
}

export function resolveWindow(resolver: Resolver, window: S.WindowSpec, scope: Scope): Window<Decision> {
  return {
    partitionBy: window.partitionBy.map((expr) => resolver.expr(expr, scope)),
    orderBy: window.orderBy.map((order) => resolveOrderBy(resolver, order, scope)),
    ...(window.frame ? { frame: window.frame } : {}),
  }
}

function over(resolver: Resolver, spec: S.WindowSpec | { name: string }, scope: Scope, span?: Span): Window<Decision> | { name: string } {
  if (!('name' in spec)) return resolveWindow(resolver, spec, scope)
  if (!scope.windows.has(spec.name))
    throw new HogqlError('unknown_column', `Unknown window "${spec.name}".${nearMiss(spec.name, scope.windows)}`, span)
  return { name: spec.name }
}

const elsewhere: Record<string, string> = {
  exists: 'Use count() in a subquery',
  any: 'any(subquery) is not supported',
}

function unknownFunction(call: S.Call): HogqlError {
  const hint = nearMiss(call.name, functionNames()) || (elsewhere[call.name] ? ` ${elsewhere[call.name]}.` : '')
  return new HogqlError('unknown_function', `Unknown function "${call.name}".${hint}`, call.span)
}
