import { localDate } from '@hedgerow/hogql'
import { fingerprintOf } from '../../experiments/pinned.ts'
import { answerWithoutRows } from '../account-of-run.ts'
import type { InsightResponse } from '../insight-query.ts'
import { asQueryError } from '../query-error.ts'
import type { QueryRun } from '../run-query.ts'
import { storedJson } from '../stored-json.ts'
import { metricOf } from './experiment-query.ts'
import { experimentSums } from './experiment-sums.ts'
import { loadExperiment } from './load-experiment.ts'
import { metricResult } from './metric-results.ts'

const dayMs = 86_400_000
/** Points of a course; a longer experiment has one every few days. */
const mostPoints = 60
/** A day's result is kept once events of that day no longer come in. */
const settledAfterMs = 2 * dayMs

/** `ExperimentTimeseriesQuery`: one metric's result as it stood at the end of each day. */
export async function answerTimeseries(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const metric = metricOf(node.metric_uuid ?? node.metric, experiment)
  const { definition, pinned, row } = experiment
  const fingerprint = fingerprintOf(metric, pinned, row.start_date)
  if (typeof node.fingerprint === 'string' && node.fingerprint !== fingerprint)
    return earlierSeries(run, row.id, metric.uuid ?? '', node.fingerprint)
  const kept = await readKept(run, row.id, metric.uuid ?? '', fingerprint)
  const timeseries: Record<string, unknown> = {}
  const errors: Record<string, string> = {}
  for (const until of ends(definition.startedAt, definition.endedAt ?? run.now)) {
    const day = localDate(new Date(until.getTime() - 1), run.facts.timezone)
    const known = kept.get(until.getTime())
    if (known) {
      timeseries[day] = known
      continue
    }
    try {
      const { variants } = await experimentSums({ ...run, now: until }, { ...definition, endedAt: until }, [metric])
      const { metric: _, ...result } = metricResult(metric, 0, variants, experiment)
      timeseries[day] = result
      if (run.now.getTime() - until.getTime() > settledAfterMs) await keep(run, row.id, metric.uuid ?? '', fingerprint, until, result)
    } catch (error) {
      if (run.signal?.aborted) throw error
      const known = asQueryError(error)
      errors[day] = known instanceof Error ? known.message : String(known)
    }
  }
  const results = {
    experiment_id: row.id,
    metric_uuid: metric.uuid ?? null,
    fingerprint,
    status: Object.keys(errors).length === 0 ? 'completed' : Object.keys(timeseries).length > 0 ? 'partial' : 'failed',
    timeseries,
    errors,
  }
  return { ...answerWithoutRows(run, ''), kind: 'ExperimentTimeseriesQuery', results } as unknown as InsightResponse
}

/** What was kept of a series that another definition made: it is not computed any more. */
async function earlierSeries(run: QueryRun, experimentId: number, uuid: string, fingerprint: string): Promise<InsightResponse> {
  const kept = await readKept(run, experimentId, uuid, fingerprint)
  const days = [...kept].map(([until, result]) => [localDate(new Date(until - 1), run.facts.timezone), result])
  const results = {
    experiment_id: experimentId,
    metric_uuid: uuid || null,
    fingerprint,
    status: days.length > 0 ? 'completed' : 'pending',
    timeseries: Object.fromEntries(days),
    errors: {},
  }
  return { ...answerWithoutRows(run, ''), kind: 'ExperimentTimeseriesQuery', results } as unknown as InsightResponse
}

/** Ends of days since the start, at most {@link mostPoints} of them, the last one now. */
function ends(from: Date, to: Date): Date[] {
  const days = Math.max(1, Math.ceil((to.getTime() - from.getTime()) / dayMs))
  const step = Math.ceil(days / mostPoints)
  const found: Date[] = []
  for (let day = step; day < days; day += step) found.push(new Date(from.getTime() + day * dayMs))
  return [...found, to]
}

async function readKept({ stores }: QueryRun, experimentId: number, metric: string, fingerprint: string): Promise<Map<number, unknown>> {
  const { rows } = await stores.application.pool.query<{ query_to: Date; result: unknown }>(
    `SELECT query_to, result FROM experiment_results WHERE experiment_id = $1 AND metric_uuid = $2 AND fingerprint = $3 AND status = 'completed'`,
    [experimentId, metric, fingerprint],
  )
  return new Map(rows.map((row) => [row.query_to.getTime(), row.result]))
}

async function keep(
  { stores }: QueryRun,
  experimentId: number,
  metric: string,
  fingerprint: string,
  until: Date,
  result: unknown,
): Promise<void> {
  await stores.application.pool.query(
    `INSERT INTO experiment_results (experiment_id, metric_uuid, fingerprint, query_to, status, result) VALUES ($1, $2, $3, $4, 'completed', $5)
     ON CONFLICT (experiment_id, metric_uuid, fingerprint, query_to) DO UPDATE SET result = EXCLUDED.result, computed_at = now()`,
    [experimentId, metric, fingerprint, until.toISOString(), storedJson(result)],
  )
}
