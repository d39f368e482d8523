import { type AnalysedMetric, type AnalysedVariant, analyseMetric, type StatsSettings } from '@hedgerow/experiments'
import type { MetricSums, VariantSums } from '@hedgerow/insights'
import type { ExperimentMetricNode } from '@hedgerow/protocol'
import type { LoadedExperiment } from './load-experiment.ts'

/** PostHog's answer for one metric, and what ours adds to it. */
export interface MetricResult {
  metric: ExperimentMetricNode
  stats_version: 1
  baseline: object | null
  variant_results: object[]
  breakdown_results?: { breakdown_value: (string | null)[]; baseline: object | null; variants: object[] }[]
}

/** A metric as its statistics see it. */
export const analysedMetric = (metric: ExperimentMetricNode): AnalysedMetric => ({
  type: metric.metric_type,
  isProportion: metric.metric_type === 'mean' && typeof metric.threshold === 'number',
  goal: metric.goal ?? 'increase',
})

/** Every variant of one metric, the baseline first; `$multiple` and excluded variants are no variants. */
export function analysed(
  metric: ExperimentMetricNode,
  index: number,
  variants: VariantSums[],
  experiment: LoadedExperiment,
  settings?: StatsSettings,
): AnalysedVariant[] {
  const arms = armsOf(variants, experiment).map(({ variant, metrics }) => ({ key: variant, data: metrics[index] as MetricSums }))
  return analyseMetric(analysedMetric(metric), arms, experiment.baselineKey, settings ?? experiment.settings)
}

/** Variants that are analysed. */
export function armsOf(variants: VariantSums[], { definition }: LoadedExperiment): VariantSums[] {
  const holdout = definition.holdoutId === undefined ? [] : [`holdout-${definition.holdoutId}`]
  const keys = [...definition.variants, ...holdout].filter((key) => !definition.excludedVariants?.includes(key))
  return variants.filter(({ variant }) => keys.includes(variant))
}

/** One metric as the API answers it. */
export function metricResult(
  metric: ExperimentMetricNode,
  index: number,
  variants: VariantSums[],
  experiment: LoadedExperiment,
): MetricResult {
  const breakdowns = [...new Set(variants.map(({ breakdown }) => JSON.stringify(breakdown)))].filter((text) => text !== '[]')
  const overall = breakdowns.length > 0 ? summed(variants) : variants
  const [baseline, ...others] = analysed(metric, index, overall, experiment)
  return {
    metric,
    stats_version: 1,
    baseline: baseline ? variantBody(baseline) : null,
    variant_results: others.map(variantBody),
    ...(breakdowns.length > 0
      ? {
          breakdown_results: breakdowns.map((text) => {
            const own = variants.filter(({ breakdown }) => JSON.stringify(breakdown) === text).map((row) => ({ ...row, breakdown: [] }))
            const [first, ...rest] = analysed(metric, index, own, experiment)
            return {
              breakdown_value: JSON.parse(text) as (string | null)[],
              baseline: first ? variantBody(first) : null,
              variants: rest.map(variantBody),
            }
          }),
        }
      : {}),
  }
}

/** Parts, such as those of a breakdown or of days, make the whole of each variant. */
export function summed(rows: VariantSums[]): VariantSums[] {
  const byVariant = new Map<string, VariantSums>()
  for (const row of rows) {
    const known = byVariant.get(row.variant)
    byVariant.set(row.variant, known ? added(known, row) : { ...row, breakdown: [] })
  }
  return [...byVariant.values()]
}

function added(a: VariantSums, b: VariantSums): VariantSums {
  const metrics = a.metrics.map((sums, i): MetricSums => {
    const other = b.metrics[i]
    if (!other) return sums
    const plus = (name: keyof MetricSums) => (sums[name] === undefined ? {} : { [name]: Number(sums[name]) + Number(other[name] ?? 0) })
    const names = [
      'numberOfSamples',
      'sum',
      'sumSquares',
      'denominatorSum',
      'denominatorSumSquares',
      'sumProduct',
      'covariateSum',
      'covariateSumSquares',
      'covariateSumProduct',
    ] as const
    const totals = Object.assign({}, ...names.map(plus)) as MetricSums
    return {
      ...sums,
      ...totals,
      ...(sums.stepCounts ? { stepCounts: sums.stepCounts.map((count, step) => count + (other.stepCounts?.[step] ?? 0)) } : {}),
    }
  })
  return { ...a, exposures: a.exposures + b.exposures, metrics }
}

function variantBody({ key, data, validationFailures, comparison, value }: AnalysedVariant): object {
  const sums = {
    key,
    number_of_samples: data.numberOfSamples,
    sum: data.sum,
    sum_squares: data.sumSquares,
    denominator_sum: data.denominatorSum ?? null,
    denominator_sum_squares: data.denominatorSumSquares ?? null,
    numerator_denominator_sum_product: data.sumProduct ?? null,
    covariate_sum: data.covariateSum ?? null,
    covariate_sum_squares: data.covariateSumSquares ?? null,
    covariate_sum_product: data.covariateSumProduct ?? null,
    ...(data.stepCounts ? { step_counts: data.stepCounts } : {}),
    ...(data.quantile ? { quantile: data.quantile } : {}),
    value,
    validation_failures: validationFailures,
  }
  if (!comparison) return sums
  const { method, effect, standardError, interval, significant, varianceReduction, reason } = comparison
  const common = { ...sums, method, significant, effect, standard_error: standardError, variance_reduction: varianceReduction, reason }
  if (method === 'frequentist') return { ...common, p_value: comparison.pValue, confidence_interval: interval }
  return { ...common, chance_to_win: comparison.chanceToWin, credible_interval: interval, expected_loss: lossBody(comparison.expectedLoss) }
}

const lossBody = (loss: { chooseControl: number; chooseTreatment: number } | null): object | null =>
  loss && { choose_control: loss.chooseControl, choose_treatment: loss.chooseTreatment }
