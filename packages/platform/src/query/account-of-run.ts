import type { QueryResponse } from './query-response.ts'
import type { QueryRun } from './run-query.ts'

/** The answer of a query that asked nothing of the engine. */
export function answerWithoutRows(run: QueryRun, hogql: string): QueryResponse {
  return {
    results: [],
    columns: [],
    types: [],
    hasMore: false,
    limit: 0,
    offset: 0,
    hogql,
    clickhouse: '',
    clickhouse_params: {},
    timings: run.timings,
    error: null,
    rows_read: 0,
    bytes_read: 0,
    elapsed_ms: 0,
    as_of: run.now.toISOString(),
    included_until: run.facts.includedUntil,
    timezone: run.facts.timezone,
    is_cached: false,
    last_refresh: run.now.toISOString(),
    modifiers: { ...run.modifiers },
    warnings: [],
  }
}
