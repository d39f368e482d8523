import { type CompiledQuery, compile, hogqlText, type Parser, type syntax } from '@hedgerow/hogql'
import type { ApplicationStore, EventStore } from '@hedgerow/stores'
import { expandNames } from './expand-names.ts'
import type { QueryModifiers } from './modifiers.ts'
import { compileContext, type ProjectFacts } from './project-facts.ts'
import { asQueryError } from './query-error.ts'
import type { QueryAccount, Timing } from './query-response.ts'
import { cellReader, withoutAbsent } from './result-values.ts'

/** Everything that the kinds of queries share while one is answered. */
export interface QueryRun {
  stores: { events: EventStore; application: ApplicationStore }
  facts: ProjectFacts
  parser: Parser
  /** "Now" of this query. */
  now: Date
  signal?: AbortSignal
  queryId?: string
  /** See `QueryOptions` of the event store. */
  narrowUnion?: boolean
  timings: Timing[]
  modifiers: QueryModifiers
}

export interface RanQuery {
  rows: unknown[][]
  columns: { name: string; engineType: string }[]
  response: QueryAccount
}

/** Sent with every question. `transform_null_in`: in IN, null is a value like any other. */
export const querySettings = {
  transform_null_in: 1,
  join_use_nulls: 1,
  date_time_output_format: 'iso',
  // tricky: with it, `or` of several `match` over an aggregate fails in the engine ("not resolved as ordinary function", 26.7).
  optimize_or_like_chain: 0,
}

/** A tree as SQL, with the cohorts and actions that it names put in. */
export async function compileRun(run: QueryRun, query: syntax.Query): Promise<CompiledQuery> {
  const timed = timer(run.timings)
  const expanded = await timed('names', () => expandNames(run, query))
  const context = await timed('definitions', () => compileContext(run.stores.application, run.facts, expanded, run.now, run.modifiers))
  return timed('compile', async () => compile(expanded, context))
}

/** Compiles and runs a tree; `shown` is what the answer gives as its HogQL, where that differs by limits. */
export async function runQuery(run: QueryRun, query: syntax.Query, shown: syntax.Query = query): Promise<RanQuery> {
  const timed = timer(run.timings)
  try {
    const compiled = await compileRun(run, query)
    const [result, hogql] = await Promise.all([
      timed('engine', () =>
        run.stores.events.query(compiled.sql, {
          params: compiled.params,
          settings: querySettings,
          projectId: run.facts.id,
          ...(run.narrowUnion ? { narrowUnion: true } : {}),
          ...(run.signal ? { signal: run.signal } : {}),
          ...(run.queryId ? { queryId: run.queryId } : {}),
        }),
      ),
      // Cohorts and actions by their names, as they were asked for.
      whileEngineComputes(() => hogqlText(shown)),
    ])
    const readers = result.columns.map(({ type }, i) => {
      const json = compiled.columns[i]?.type.name === 'json'
      return json ? (cell: unknown) => (cell === null ? null : JSON.stringify(withoutAbsent(cell))) : cellReader(type, run.facts.timezone)
    })
    const rows = result.rows.map((row) => row.map((cell, i) => readers[i]?.(cell)))
    return {
      rows,
      columns: compiled.columns.map(({ name }, i) => ({ name, engineType: result.columns[i]?.type ?? '' })),
      response: {
        hogql,
        clickhouse: compiled.sql,
        clickhouse_params: compiled.params,
        timings: run.timings,
        error: null,
        rows_read: result.statistics.rowsRead,
        bytes_read: result.statistics.bytesRead,
        elapsed_ms: result.statistics.elapsedMs,
        as_of: run.now.toISOString(),
        included_until: run.facts.includedUntil,
        timezone: run.facts.timezone,
        is_cached: false,
        last_refresh: new Date(run.now).toISOString(),
        modifiers: { ...run.modifiers },
        warnings: [],
      },
    }
  } catch (error) {
    throw asQueryError(error)
  }
}

/** why: what an answer needs but the engine does not costs nobody time once the engine, in threads of its own, has begun: in the next turn. */
const whileEngineComputes = <Result>(act: () => Result): Promise<Result> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(act())
      } catch (error) {
        reject(error)
      }
    })
  })

export function timer(timings: Timing[]) {
  return async <T>(phase: string, act: () => Promise<T>): Promise<T> => {
    const startedMs = performance.now()
    try {
      return await act()
    } finally {
      timings.push({ k: phase, t: (performance.now() - startedMs) / 1000 })
    }
  }
}

/** A type as people know it: how the engine stores values is left out. */
export function plainType(type: string): string {
  return type.replace(/LowCardinality\(((?:[^()]|\([^()]*\))*)\)/g, '$1')
}
