import type { ApplicationStore } from '@hedgerow/stores'
import type { Log } from '../log.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { storedJson } from '../query/stored-json.ts'
import { type ExperimentRow, experimentColumns, experimentFrom } from './experiment-row.ts'
import { fingerprintOf } from './pinned.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const defaultHour = 2

/** The last time that the project's clock showed that hour, at or before now. */
export function lastDue(now: Date, timezone: string, hour: number): Date {
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(local.formatToParts(now).map(({ type, value }) => [type, Number(value)]))
  const sinceHourMs =
    ((parts.hour ?? 0) - hour) * hourMs + (parts.minute ?? 0) * 60_000 + (parts.second ?? 0) * 1000 + now.getMilliseconds()
  return new Date(now.getTime() - (sinceHourMs >= 0 ? sinceHourMs : sinceHourMs + dayMs))
}

interface Due extends ExperimentRow {
  timezone: string
}

/**
 * Computes the results of running experiments once a day, at the hour of their project, and keeps them: so that a course over time is at hand, and tells what was seen on
 * the day, whatever becomes of the events. After a time without a server, the days that are missing are computed from the events.
 */
export function createRecalculation(
  { pool }: ApplicationStore,
  { engine, now, log, pollMs }: { engine: QueryEngine; now: () => Date; log: Log; pollMs: number },
) {
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  const stopping = new AbortController()

  async function running(): Promise<Due[]> {
    const { rows } = await pool.query<Due>(
      `SELECT ${experimentColumns}, projects.timezone FROM ${experimentFrom} JOIN projects ON projects.id = experiments.project_id AND projects.deleted_at IS NULL
       WHERE experiments.start_date IS NOT NULL AND experiments.end_date IS NULL AND NOT experiments.deleted ORDER BY experiments.id`,
    )
    return rows
  }

  /** What is due for one metric, unless it was computed since. Resolves to whether it was due. */
  async function metricDue(row: Due, uuid: string, fingerprint: string, due: Date): Promise<boolean> {
    const known = await pool.query(
      'SELECT 1 FROM experiment_results WHERE experiment_id = $1 AND metric_uuid = $2 AND fingerprint = $3 AND query_to = $4',
      [row.id, uuid, fingerprint, due.toISOString()],
    )
    if (known.rows.length > 0) return false
    const keep = (status: 'completed' | 'failed', result: unknown, error: string | null) =>
      pool.query(
        `INSERT INTO experiment_results (experiment_id, metric_uuid, fingerprint, query_to, status, result, error) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (experiment_id, metric_uuid, fingerprint, query_to) DO NOTHING`,
        [row.id, uuid, fingerprint, due.toISOString(), status, result === null ? null : storedJson(result), error],
      )
    try {
      const query = { kind: 'ExperimentTimeseriesQuery', experiment_id: row.id, metric_uuid: uuid }
      const { results } = (await engine.run({
        projectId: row.project_id,
        query,
        asOf: due.toISOString(),
        signal: stopping.signal,
      })) as unknown as {
        results: { timeseries: Record<string, unknown>; errors: Record<string, string> }
      }
      const latest = Object.keys(results.timeseries).sort().at(-1)
      await keep(latest ? 'completed' : 'failed', latest ? results.timeseries[latest] : null, Object.values(results.errors)[0] ?? null)
    } catch (error) {
      if (stopping.signal.aborted) return false
      await keep('failed', null, error instanceof Error ? error.message : String(error))
      log('warn', 'the results of an experiment could not be computed', { experiment: row.id, error })
    }
    return true
  }

  /** Everything that is due by now. Resolves to how many results were computed. */
  async function executeDue(): Promise<number> {
    let computed = 0
    for (const row of await running()) {
      const { pinned, start_date: startedAt } = row
      const due = lastDue(now(), row.timezone, row.defaults?.recalculation_hour ?? defaultHour)
      if (!pinned || !startedAt || startedAt >= due) continue
      const { primary, secondary } = { primary: pinned.metrics, secondary: pinned.metrics_secondary }
      for (const metric of [...primary, ...secondary]) {
        if (stopping.signal.aborted) return computed
        if (metric.uuid && (await metricDue(row, metric.uuid, fingerprintOf(metric, pinned, startedAt), due))) computed++
      }
    }
    return computed
  }

  function wake(): void {
    working ??= executeDue()
      .then(() => undefined)
      .catch((error) => {
        if (!stopping.signal.aborted) log('warn', 'due results of experiments could not be computed', { error })
      })
      .finally(() => {
        working = undefined
      })
  }

  return {
    executeDue,
    start(): void {
      timer = setInterval(wake, pollMs)
      timer.unref()
    },
    /** What is being computed is broken off, and is due again. */
    async stop(): Promise<void> {
      clearInterval(timer)
      stopping.abort()
      await working
    },
  }
}
