import { bayesianTest, type Prior } from '../bayesian.ts'
import { cuped } from '../cuped.ts'
import type { DifferenceType } from '../effect.ts'
import { StatisticsError } from '../errors.ts'
import { welchTest } from '../frequentist.ts'
import { sequentialTest } from '../sequential.ts'
import { moments, type Statistic } from '../statistic.ts'
import { type ValidationFailure, validationFailures } from '../validation.ts'
import { type AnalysedMetric, cupedArmOf, type MetricData, statisticOf } from './metric-data.ts'

/** How an experiment is analysed: PostHog's `stats_config`, with every default filled in. */
export interface StatsSettings {
  method: 'bayesian' | 'frequentist'
  differenceType: DifferenceType
  /** Bayesian. */
  ciLevel: number
  prior?: Prior
  /** Frequentist. */
  alpha: number
  sequential: boolean
  sequentialTuningParameter: number
  cuped: boolean
}

export const defaultStatsSettings: StatsSettings = {
  method: 'bayesian',
  differenceType: 'relative',
  ciLevel: 0.95,
  alpha: 0.05,
  sequential: false,
  sequentialTuningParameter: 5000,
  cuped: false,
}

export interface AnalysedVariant {
  key: string
  data: MetricData
  validationFailures: ValidationFailure[]
  /** What one unit is worth on average; of a quantile, the quantile. Null where it cannot be computed. */
  value: number | null
  /** Absent for the baseline. */
  comparison?: Comparison
}

/** A variant against the baseline. All of it is null where it cannot be told, for `reason`. */
export interface Comparison {
  method: StatsSettings['method']
  /** The effect in the difference type of the settings. */
  effect: number | null
  /** Of the effect. */
  standardError: number | null
  interval: [number, number] | null
  /** Frequentist. */
  pValue: number | null
  /** Bayesian; of the plain effect, also where lower is better. compat: PostHog's API does the same. */
  chanceToWin: number | null
  expectedLoss: { chooseControl: number; chooseTreatment: number } | null
  significant: boolean | null
  /** The share of the variance that CUPED explained. */
  varianceReduction: number | null
  /** Why there is no result. */
  reason: string | null
}

/**
 * Every variant of a metric, the baseline first. What cannot be compared is told, not thrown: a variant without enough data, or a test without meaning.
 */
export function analyseMetric(
  metric: AnalysedMetric,
  variants: { key: string; data: MetricData }[],
  baselineKey: string,
  settings: StatsSettings,
): AnalysedVariant[] {
  const baseline = variants.find(({ key }) => key === baselineKey)
  if (!baseline) return []
  const failuresOf = ({ key, data }: { key: string; data: MetricData }) =>
    validationFailures({ metricType: metric.type, isBaseline: key === baselineKey, numberOfSamples: data.numberOfSamples, sum: data.sum })
  const others = variants.filter(({ key }) => key !== baselineKey)
  return [baseline, ...others].map((variant) => ({
    ...variant,
    validationFailures: failuresOf(variant),
    value: valueOrNull(metric, variant.data),
    ...(variant.key === baselineKey
      ? {}
      : { comparison: compare(metric, variant.data, baseline.data, settings, [...failuresOf(baseline), ...failuresOf(variant)]) }),
  }))
}

function valueOrNull(metric: AnalysedMetric, data: MetricData): number | null {
  try {
    return moments(statisticOf(metric, data)).mean
  } catch (error) {
    if (error instanceof StatisticsError) return null
    throw error
  }
}

const nothing = {
  effect: null,
  standardError: null,
  interval: null,
  pValue: null,
  chanceToWin: null,
  expectedLoss: null,
  significant: null,
  varianceReduction: null,
}

function compare(
  metric: AnalysedMetric,
  treatment: MetricData,
  control: MetricData,
  settings: StatsSettings,
  failures: ValidationFailure[],
): Comparison {
  const { method } = settings
  if (failures.length > 0) return { method, ...nothing, reason: [...new Set(failures)].join(', ') }
  try {
    const arms = armsOf(metric, treatment, control, settings)
    const result = tested(arms.treatment, arms.control, settings)
    return { method, ...nothing, ...result, varianceReduction: arms.varianceReduction, reason: null }
  } catch (error) {
    if (error instanceof StatisticsError) return { method, ...nothing, reason: error.code }
    throw error
  }
}

function armsOf(metric: AnalysedMetric, treatment: MetricData, control: MetricData, settings: StatsSettings) {
  const [a, b] = [cupedArmOf(metric, treatment), cupedArmOf(metric, control)]
  if (!settings.cuped || !a || !b)
    return { treatment: statisticOf(metric, treatment), control: statisticOf(metric, control), varianceReduction: null }
  const adjusted = cuped(a, b)
  return {
    treatment: adjusted.treatment.centred,
    control: adjusted.control.centred,
    varianceReduction: adjusted.treatment.varianceReduction,
  }
}

function tested(treatment: Statistic, control: Statistic, settings: StatsSettings): Partial<Comparison> {
  const { differenceType, alpha } = settings
  if (settings.method === 'bayesian') {
    const prior = settings.prior ? { prior: settings.prior } : {}
    const result = bayesianTest(treatment, control, { ciLevel: settings.ciLevel, differenceType, ...prior })
    return {
      effect: result.effect,
      standardError: Math.sqrt(result.posteriorVariance),
      interval: result.credibleInterval,
      chanceToWin: result.chanceToWin,
      expectedLoss: { chooseControl: result.expectedLossChooseControl, chooseTreatment: result.expectedLossChooseTreatment },
      significant: result.significant,
    }
  }
  const result = settings.sequential
    ? sequentialTest(treatment, control, { alpha, differenceType, tuningParameter: settings.sequentialTuningParameter })
    : welchTest(treatment, control, { alpha, differenceType })
  return {
    effect: result.pointEstimate,
    standardError: result.standardError,
    interval: result.confidenceInterval,
    pValue: result.pValue,
    significant: result.significant,
  }
}
