import { moments, planningVariance, recommendedSampleSize, remainingDays, runningTimeDays, StatisticsError } from '@hedgerow/experiments'
import { compileExperiment, type MetricSums, randomSplits, resolveExperiment, shapeExperiment } from '@hedgerow/insights'
import type { ExperimentMetricNode } from '@hedgerow/protocol'
import { effectWorthFinding } from '../../experiments/project-defaults.ts'
import { insightContext } from '../insight-context.ts'
import type { InsightResponse } from '../insight-query.ts'
import { asQueryError, invalidQuery } from '../query-error.ts'
import type { QueryRun } from '../run-query.ts'
import { metricOf } from './experiment-query.ts'
import { experimentSums } from './experiment-sums.ts'
import { type LoadedExperiment, loadExperiment } from './load-experiment.ts'
import { analysedMetric } from './metric-results.ts'
import { runUnits } from './run-units.ts'

const dayMs = 86_400_000
/** A draft is planned from what people did lately. */
const draftDays = 14
/** Fewer exposures, or less time, tell no rate. */
const leastForRate = { exposures: 100, days: 0.1 }

interface Observed {
  sums: MetricSums
  exposures: number
  days: number
}

/** `ExperimentRunningTimeQuery`: how many units it takes and how long, from the baseline of a running experiment, or from what everybody did lately. */
export async function answerRunningTime(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const metric = metricOf(node.metric_uuid ?? experiment.metrics.primary[0]?.uuid ?? '', experiment)
  if (metric.metric_type === 'quantile') throw invalidQuery('A quantile metric cannot be planned: its variance is known only afterwards')
  const asked = node.minimum_detectable_effect
  const mde = typeof asked === 'number' ? asked : effectWorthFinding(experiment.row.parameters, experiment.row.defaults)
  const observed = experiment.status === 'draft' ? await lately(run, experiment, metric) : await soFar(run, experiment, metric)
  const { response } = observed
  const { baseline, variance } = baselineOf(metric, observed.sums)
  const variants = experiment.definition.variants.length
  const size =
    baseline === null
      ? null
      : recommendedSampleSize({
          metricType: plannedType(metric),
          baselineValue: baseline,
          mdePercent: mde,
          numberOfVariants: variants,
          variance,
        })
  const hasRate = observed.exposures >= leastForRate.exposures && observed.days >= leastForRate.days
  const perDay = hasRate ? observed.exposures / observed.days : null
  const current = experiment.status === 'draft' ? 0 : observed.exposures
  const results = {
    metric_uuid: metric.uuid ?? null,
    metric_type: plannedType(metric),
    minimum_detectable_effect: mde,
    number_of_variants: variants,
    baseline_value: baseline,
    variance,
    recommended_sample_size: size,
    exposures_per_day: perDay,
    current_exposures: current,
    recommended_running_time: runningTimeDays(size, perDay),
    remaining_days: remainingDays(size, current, perDay),
    exposure_estimate_config: { source: experiment.status === 'draft' ? 'everybody lately' : 'the experiment', days: observed.days },
  }
  return { ...response, kind: 'ExperimentRunningTimeQuery', results } as unknown as InsightResponse
}

/** compat: PostHog's names of what is planned. */
function plannedType({ metric_type: type, source }: ExperimentMetricNode): string {
  if (type !== 'mean') return type
  const { math } = (source ?? {}) as { math?: unknown }
  return math === 'sum' || math === 'avg' ? 'mean_sum_or_avg' : 'mean_count'
}

function baselineOf(metric: ExperimentMetricNode, sums: MetricSums): { baseline: number | null; variance: number | null } {
  const { numberOfSamples: n, sum } = sums
  try {
    if (metric.metric_type !== 'ratio' && metric.metric_type !== 'retention')
      return n > 0
        ? { baseline: sum / n, variance: analysedMetric(metric).isProportion ? (sum / n) * (1 - sum / n) : null }
        : { baseline: null, variance: null }
    const { denominatorSum = 0, denominatorSumSquares = 0, sumProduct = 0, sumSquares } = sums
    const ratio = { n, sum, sumSquares, denominatorSum, denominatorSumSquares, sumProduct }
    return { baseline: moments({ type: 'ratio', ...ratio }).mean, variance: planningVariance(ratio) }
  } catch (error) {
    if (error instanceof StatisticsError) return { baseline: null, variance: null }
    throw error
  }
}

async function soFar(run: QueryRun, experiment: LoadedExperiment, metric: ExperimentMetricNode) {
  const { variants, account } = await experimentSums(run, experiment.definition, [metric])
  const sums = variants.find(({ variant }) => variant === experiment.baselineKey)?.metrics[0] ?? {
    numberOfSamples: 0,
    sum: 0,
    sumSquares: 0,
  }
  const { startedAt, endedAt } = experiment.definition
  const exposures = variants.reduce((total, row) => total + (row.variant === '$multiple' ? 0 : row.exposures), 0)
  const days = ((endedAt ?? run.now).getTime() - startedAt.getTime()) / dayMs
  return { sums, exposures, days, response: account } satisfies Observed & { response: unknown }
}

async function lately(run: QueryRun, { definition }: LoadedExperiment, metric: ExperimentMetricNode) {
  try {
    const context = await insightContext(run, { metrics: [metric], criteria: definition.exposureCriteria }, run.parser)
    const from = new Date(run.now.getTime() - draftDays * dayMs)
    const question = randomSplits(resolveExperiment(definition, [metric], context), from, run.now)
    const { rows, response } = await runUnits(run, compileExperiment({ ...question, cupedLookbackDays: null }, run.now))
    const parts = shapeExperiment({ ...question, cupedLookbackDays: null }, rows)
    const total = { numberOfSamples: 0, sum: 0, sumSquares: 0, denominatorSum: 0, denominatorSumSquares: 0, sumProduct: 0 }
    for (const { metrics } of parts) {
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += metrics[0]?.[name] ?? 0
    }
    const exposures = parts.reduce((sum, part) => sum + part.exposures, 0)
    return { sums: total, exposures, days: draftDays, response } satisfies Observed & { response: unknown }
  } catch (error) {
    throw asQueryError(error)
  }
}
