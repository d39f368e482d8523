import { analyseMetric, type MetricData } from '@hedgerow/experiments'
import { compileExperiment, type MetricSums, randomSplits, resolveExperiment, shapeExperiment, type VariantSums } from '@hedgerow/insights'
import { insightContext } from '../insight-context.ts'
import type { InsightResponse } from '../insight-query.ts'
import { invalidQuery } from '../query-error.ts'
import type { QueryRun } from '../run-query.ts'
import { metricOf } from './experiment-query.ts'
import { type LoadedExperiment, loadExperiment } from './load-experiment.ts'
import { analysedMetric } from './metric-results.ts'
import { runUnits } from './run-units.ts'

const dayMs = 86_400_000
const limits = { defaultSplits: 1000, maxSplits: 10_000, defaultDays: 28, maxDays: 366 }

/**
 * `ExperimentAACheckQuery`: the experiment's own analysis of one metric, on random halves of the project's own people, among whom there is nothing to be found. How often it
 * finds something all the same is the method's false positive rate on this data.
 */
export async function answerAaCheck(run: QueryRun, node: Record<string, unknown>): Promise<InsightResponse> {
  const experiment = await loadExperiment(run, node.experiment_id)
  const metric = metricOf(node.metric ?? experiment.metrics.primary[0]?.uuid ?? '', experiment)
  if (metric.metric_type === 'quantile')
    throw invalidQuery('The A/A check cannot split a quantile metric: it adds up parts, and quantiles do not add up')
  const splits = count(node.splits, 'splits', limits.defaultSplits, limits.maxSplits)
  const days = count(node.days, 'days', limits.defaultDays, limits.maxDays)
  const from = new Date(run.now.getTime() - days * dayMs)
  const context = await insightContext(run, { metrics: [metric], criteria: experiment.definition.exposureCriteria }, run.parser)
  const question = randomSplits(resolveExperiment(experiment.definition, [metric], context), from, run.now)
  const { rows, response } = await runUnits(run, compileExperiment(question, run.now))
  const parts = shapeExperiment(question, rows)
  const units = parts.reduce((sum, { metrics }) => sum + (metrics[0]?.numberOfSamples ?? 0), 0)
  const found = play(parts, metric, experiment, splits)
  const rate = found.compared > 0 ? found.significant / found.compared : null
  const promised = experiment.settings.method === 'frequentist' ? experiment.settings.alpha : 2 * (1 - experiment.settings.ciLevel)
  const margin = rate === null ? null : 1.96 * Math.sqrt((promised * (1 - promised)) / found.compared)
  const results = {
    metric,
    units,
    splits: found.compared,
    false_positives: found.significant,
    false_positive_rate: rate,
    promised_rate: promised,
    /** Within chance of what the method promises. */
    holds: rate === null || margin === null ? null : rate <= promised + margin,
    date_range: { date_from: from.toISOString(), date_to: run.now.toISOString() },
    ...(units === 0 ? { note: 'Nobody did anything in this time.' } : {}),
  }
  return { ...response, kind: 'ExperimentAACheckQuery', results } as InsightResponse
}

function count(value: unknown, name: string, otherwise: number, most: number): number {
  if (value === undefined || value === null) return otherwise
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value
  throw invalidQuery(`${name} must be a whole number from 1 to ${most}, not ${JSON.stringify(value)}`)
}

/** Seeded, so that the same data gives the same answer. */
function play(parts: VariantSums[], metric: Parameters<typeof analysedMetric>[0], { settings }: LoadedExperiment, splits: number) {
  const random = seeded(1)
  let [compared, significant] = [0, 0]
  for (let split = 0; split < splits; split++) {
    const halves: [MetricSums[], MetricSums[]] = [[], []]
    for (const { metrics } of parts) {
      if (metrics[0]) halves[random() < 0.5 ? 0 : 1].push(metrics[0])
    }
    const arms = halves.map((half, i) => ({ key: i === 0 ? 'control' : 'test', data: summed(half) }))
    const comparison = analyseMetric(analysedMetric(metric), arms, 'control', settings)[1]?.comparison
    if (typeof comparison?.significant !== 'boolean') continue
    compared++
    if (comparison.significant) significant++
  }
  return { compared, significant }
}

const names = [
  ...(['numberOfSamples', 'sum', 'sumSquares', 'denominatorSum', 'denominatorSumSquares', 'sumProduct'] as const),
  ...(['covariateSum', 'covariateSumSquares', 'covariateSumProduct'] as const),
]

function summed(list: MetricSums[]): MetricData {
  const total: MetricData = { numberOfSamples: 0, sum: 0, sumSquares: 0 }
  for (const sums of list) {
    for (const name of names) if (sums[name] !== undefined) total[name] = (total[name] ?? 0) + (sums[name] ?? 0)
  }
  return total
}

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
