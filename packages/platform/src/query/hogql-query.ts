import {
  build,
  defaultCompileLimits,
  expandPlaceholders,
  HogqlError,
  hogqlText,
  limitRows,
  mapExpr,
  oneMore,
  type Parser,
  propertyFilters,
  resolveDate,
  type syntax,
  toClickhouseInstant,
} from '@hedgerow/hogql'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { plainType, type QueryRun, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

/** `HogQLQuery`: SQL as a person wrote it. */
export async function answerHogqlQuery(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  if (typeof node.query !== 'string') throw invalidQuery('HogQLQuery needs its SQL in "query"')
  const filled = fillPlaceholders(run, node, parser.parseQuery(node.query), parser)
  const { query, defaultLimit, offset } = limitRows(filled, defaultCompileLimits)
  const { rows, columns, response } = await runQuery(run, defaultLimit === undefined ? query : oneMore(query), () => hogqlText(query))
  const limit = defaultLimit ?? limitOf(query)
  const hasMore = defaultLimit !== undefined && rows.length > defaultLimit
  return {
    ...response,
    query: node.query,
    results: hasMore ? rows.slice(0, defaultLimit) : rows,
    columns: columns.map(({ name }) => name),
    types: columns.map(({ name, engineType }) => [name, plainType(engineType)]),
    hasMore,
    limit,
    offset,
  }
}

function limitOf(query: syntax.Query): number {
  return query.limit?.kind === 'constant' && typeof query.limit.value === 'number' ? query.limit.value : defaultCompileLimits.maxRows
}

function fillPlaceholders(run: QueryRun, node: Json, query: syntax.Query, parser: Parser): syntax.Query {
  const filters = (node.filters ?? {}) as Json
  const range = (filters.dateRange ?? {}) as Json
  const from = bound(run, range.date_from)
  const to = bound(run, range.date_to)
  return expandPlaceholders(query, {
    values: (node.values ?? {}) as Json,
    variables: variablesOf(node),
    dateRange: { ...(from ? { from } : {}), ...(to ? { to } : {}) },
    filters: (table, alias) => filtersExpr(run, filters, { table, alias, from, to }, parser),
  })
}

const timestampOf: Record<string, string> = { events: 'timestamp', sessions: '$start_timestamp', groups: 'created_at' }

function filtersExpr(
  run: QueryRun,
  filters: Json,
  { table, alias, from, to }: { table: string; alias: string | undefined; from: syntax.Expr | undefined; to: syntax.Expr | undefined },
  parser: Parser,
): syntax.Expr {
  const timestamp = build.field(...(alias === undefined ? [] : [alias]), timestampOf[table] ?? 'timestamp')
  const context = filterContext(run, parser, table as 'events' | 'sessions' | 'groups', alias)
  const testAccounts =
    filters.filterTestAccounts === true && table === 'events' ? [propertyFilters(run.facts.settings.test_account_filters, context)] : []
  const parts = [
    ...(filters.properties ? [propertyFilters(filters.properties, context)] : []),
    ...testAccounts,
    ...(from ? [build.compare('>=', timestamp, from)] : []),
    ...(to ? [build.compare('<', timestamp, to)] : []),
  ]
  return build.and(parts)
}

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

/** A bound of the date range as an instant; half-open, not stretched. */
function bound(run: QueryRun, value: unknown): syntax.Expr | undefined {
  if (typeof value !== 'string' || value === '' || value === 'all') return undefined
  const resolved = resolveDate(value, { now: run.now, timezone: run.facts.timezone })
  if (!resolved) throw invalidQuery(`"${value}" is not a date; write it like 2024-01-31 or -7d`)
  return instantExpr(resolved.at)
}

export function instantExpr(at: Date): syntax.Expr {
  return build.call('toDateTime', build.constant(toClickhouseInstant(at)), build.constant('UTC'))
}

function variablesOf(node: Json): Record<string, unknown> {
  const given = Object.values((node.variables ?? {}) as Record<string, Json | null | undefined>).filter(
    (variable) => variable !== null && variable !== undefined,
  )
  return Object.fromEntries(given.map((variable) => [String(variable.code_name), variable.isNull === true ? null : variable.value]))
}
