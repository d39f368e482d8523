import {
  build,
  defaultCompileLimits,
  expandPlaceholders,
  limitRows,
  oneMore,
  type Parser,
  propertyFilters,
  resolveDate,
  type syntax,
} from '@hedgerow/hogql'
import { explainStatement, type StatementEstimate } from './explain.ts'
import { filterContext, instantExpr } from './filter-context.ts'
import { invalidQuery } from './query-error.ts'
import type { QueryResponse } from './query-response.ts'
import { compileRun, plainType, type QueryRun, querySettings, runQuery } from './run-query.ts'

type Json = Record<string, unknown>

/** `HogQLQuery`: SQL as a person wrote it. */
export async function answerHogqlQuery(run: QueryRun, node: Json, parser: Parser): Promise<QueryResponse> {
  if (typeof node.query !== 'string') throw invalidQuery('HogQLQuery needs its SQL in "query"')
  const filled = await hogqlTree(run, node, parser)
  const { query, defaultLimit, offset } = limitRows(filled, defaultCompileLimits)
  const { rows, columns, response } = await runQuery(run, defaultLimit === undefined ? query : oneMore(query), query)
  const limit = defaultLimit ?? limitOf(query)
  const explained = node.explain === true ? await explainRun(run, query) : undefined
  const hasMore = defaultLimit !== undefined && rows.length > defaultLimit
  return {
    ...response,
    query: node.query,
    ...(explained ? { explain: explained.plan, estimate: { rows: explained.rows, tables: explained.tables } } : {}),
    results: hasMore ? rows.slice(0, defaultLimit) : rows,
    columns: columns.map(({ name }) => name),
    types: columns.map(({ name, engineType }) => [name, plainType(engineType)]),
    hasMore,
    limit,
    offset,
  }
}

async function explainRun(run: QueryRun, query: syntax.Query): Promise<StatementEstimate> {
  const compiled = await compileRun(run, query)
  return explainStatement(run.stores.events, compiled.sql, { params: compiled.params, settings: querySettings, projectId: run.facts.id })
}

/** The tree of a `HogQLQuery`, with values in the place of its placeholders. */
export async function hogqlTree(run: QueryRun, node: Json, parser: Parser): Promise<syntax.Query> {
  if (typeof node.query !== 'string') throw invalidQuery('HogQLQuery needs its SQL in "query"')
  const query = parser.parseQuery(node.query)
  return fillPlaceholders(run, node, query, parser, await defaultsOf(run, node))
}

function limitOf(query: syntax.Query): number {
  return query.limit?.kind === 'constant' && typeof query.limit.value === 'number' ? query.limit.value : defaultCompileLimits.maxRows
}

function fillPlaceholders(run: QueryRun, node: Json, query: syntax.Query, parser: Parser, defaults: Map<string, unknown>): syntax.Query {
  const filters = (node.filters ?? {}) as Json
  const range = (filters.dateRange ?? {}) as Json
  const from = bound(run, range.date_from)
  const to = bound(run, range.date_to)
  return expandPlaceholders(query, {
    values: (node.values ?? {}) as Json,
    variables: variablesOf(node, defaults),
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

/** A bound of the date range as an instant; half-open, not stretched. */
function bound(run: QueryRun, value: unknown): syntax.Expr | undefined {
  if (typeof value !== 'string' || value === '' || value === 'all') return undefined
  const resolved = resolveDate(value, { now: run.now, timezone: run.facts.timezone })
  if (!resolved) throw invalidQuery(`"${value}" is not a date; write it like 2024-01-31 or -7d`)
  return instantExpr(resolved.at)
}

interface GivenVariable {
  variableId?: unknown
  code_name?: unknown
  value?: unknown
  isNull?: unknown
}

function givenVariables(node: Json): GivenVariable[] {
  const given = node.variables ?? {}
  if (typeof given !== 'object') throw invalidQuery('HogQLQuery.variables must be an object of variables by their ids')
  return Object.values(given as Record<string, unknown>).filter((variable) => typeof variable === 'object' && variable !== null)
}

/** By code name. A variable without a value has its default. */
function variablesOf(node: Json, defaults: Map<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    givenVariables(node).map(({ variableId, code_name, value, isNull }) => {
      const isMissing = value === undefined || value === null
      return [String(code_name), isNull === true ? null : isMissing ? (defaults.get(String(variableId)) ?? null) : value]
    }),
  )
}

/** Defaults of the variables that have no value, by id. */
async function defaultsOf(run: QueryRun, node: Json): Promise<Map<string, unknown>> {
  const ids = givenVariables(node).flatMap(({ variableId, value, isNull }) =>
    isNull !== true && (value === undefined || value === null) && typeof variableId === 'string' ? [variableId.toLowerCase()] : [],
  )
  if (ids.length === 0) return new Map()
  const { rows } = await run.stores.application.pool.query<{ id: string; default_value: unknown }>(
    'SELECT id, default_value FROM insight_variables WHERE project_id = $1 AND id::text = ANY($2::text[])',
    [run.facts.id, ids],
  )
  return new Map(rows.map(({ id, default_value }) => [id, default_value]))
}
