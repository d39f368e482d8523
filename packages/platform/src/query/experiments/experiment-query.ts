import type { ExperimentMetricNode } from '@hedgerow/protocol'
import { experimentMetric } from '@hedgerow/protocol'
import type { InsightResponse } from '../insight-query.ts'
import { invalidQuery } from '../query-error.ts'
import type { QueryRun } from '../run-query.ts'
import { dailyExposures, experimentSums } from './experiment-sums.ts'
import { biasOf, courseOf, splitBody, splitOf, totalExposures } from './exposures.ts'
import { type LoadedExperiment, loadExperiment } from './load-experiment.ts'
import { metricResult } from './metric-results.ts'

type Json = Record<string, unknown>

/** `ExperimentQuery`: one metric of an experiment, given or by its uuid. */
export async function answerExperimentQuery(run: QueryRun, node: Json): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const metric = metricOf(node.metric, experiment)
  const { variants, account } = await experimentSums(run, experiment.definition, [metric], { breakdowns: breakdownsOf(metric) })
  const result = metricResult(metric, 0, variants, experiment)
  return { ...account, kind: 'ExperimentQuery', ...result, results: result } as InsightResponse
}

/** A metric of the query, or one of the experiment's by `metric_uuid`. @throws QueryError */
export function metricOf(given: unknown, { metrics }: LoadedExperiment): ExperimentMetricNode {
  const all = [...metrics.primary, ...metrics.secondary]
  if (typeof given === 'string') {
    const found = all.find(({ uuid }) => uuid === given)
    if (!found) throw invalidQuery(`The experiment has no metric ${given.slice(0, 100)}`)
    return found
  }
  const read = experimentMetric.safeParse(given)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw invalidQuery(`metric${issue?.path.length ? `.${issue.path.join('.')}` : ''} ${issue?.message ?? 'is not a metric'}`)
}

const mostBreakdowns = 3

function breakdownsOf(metric: ExperimentMetricNode): unknown[] {
  const { breakdownFilter } = metric as { breakdownFilter?: { breakdowns?: unknown; breakdown?: unknown; breakdown_type?: unknown } | null }
  const { breakdowns, breakdown, breakdown_type: type } = breakdownFilter ?? {}
  const list = Array.isArray(breakdowns)
    ? breakdowns
    : typeof breakdown === 'string'
      ? [{ property: breakdown, type: type ?? 'event' }]
      : []
  if (list.length > 0 && metric.metric_type === 'quantile')
    throw invalidQuery('A quantile metric cannot be broken down: quantiles of the parts do not add up to that of the whole')
  if (list.length > mostBreakdowns)
    throw invalidQuery(`breakdownFilter.breakdowns can be ${mostBreakdowns} at most; there are ${list.length}`)
  return list
}

/** `ExperimentExposureQuery`: how many units were exposed to what, day by day, and whether the split is right. */
export async function answerExposureQuery(run: QueryRun, node: Json): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const { days, account } = await dailyExposures(run, experiment.definition)
  const totals = totalExposures(days, experiment)
  const { startedAt, endedAt } = experiment.definition
  const results = {
    timeseries: courseOf(days, totals),
    total_exposures: totals,
    date_range: { date_from: startedAt.toISOString(), date_to: (endedAt ?? run.now).toISOString() },
    sample_ratio_mismatch: splitBody(await splitOf(run, totals, experiment)),
    bias_risk: biasOf(totals, experiment),
  }
  return { ...account, kind: 'ExperimentExposureQuery', ...results, results } as InsightResponse
}
