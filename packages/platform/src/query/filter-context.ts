import { build, HogqlError, mapExpr, type Parser, type syntax, toClickhouseInstant } from '@hedgerow/hogql'
import type { QueryRun } from './run-query.ts'

/** What property filters of a query are turned into conditions with. */
export function filterContext(run: QueryRun, parser: Parser, scope: 'events' | 'persons' | 'sessions' | 'groups', alias?: string) {
  return {
    now: run.now,
    timezone: run.facts.timezone,
    scope,
    ...(alias === undefined ? {} : { alias }),
    pathCleaning: run.facts.settings.path_cleaning_filters as { alias: string; regex: string }[],
    parseExpr: (text: string) => withoutPlaceholders(parser.parseExpr(text)),
  }
}

/** Filters are values themselves: a placeholder inside one would have nothing to stand for. */
export function withoutPlaceholders(expr: syntax.Expr): syntax.Expr {
  mapExpr(
    expr,
    (part) => {
      if (part.kind === 'placeholder') throw new HogqlError('unknown_placeholder', 'Placeholders cannot be used inside filters', part.span)
      return undefined
    },
    undefined,
  )
  return expr
}

export function instantExpr(at: Date): syntax.Expr {
  return build.call('toDateTime', build.constant(toClickhouseInstant(at)), build.constant('UTC'))
}
