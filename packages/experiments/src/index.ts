export {
  type AnalysedVariant,
  analyseMetric,
  type Comparison,
  defaultStatsSettings,
  type StatsSettings,
} from './analysis/analyse-metric.ts'
export { type AnalysedMetric, type MetricData, statisticOf } from './analysis/metric-data.ts'
export { type TrustInput, type TrustItem, trustList } from './analysis/trust.ts'
export { type Verdict, verdict } from './analysis/verdict.ts'
export { type BayesianOptions, type BayesianResult, bayesianTest, type Prior } from './bayesian.ts'
export { calculate, calculationKinds } from './calculate.ts'
export { type CupedAdjustment, type CupedArm, cuped } from './cuped.ts'
export type { DifferenceType } from './effect.ts'
export { StatisticsError, type StatisticsErrorCode } from './errors.ts'
export { type FrequentistResult, type TestOptions, welchTest } from './frequentist.ts'
export { type ExperimentStatus, experimentStatus, type ShippableFilters, shipVariant } from './lifecycle.ts'
export { adjustedInterval, type CorrectionMethod, correctPValues } from './multiple-comparisons.ts'
export { planningVariance, recommendedSampleSize, remainingDays, runningTimeDays } from './planning.ts'
export { exactSampleSizePerArm, minimumDetectableEffect, type PlannedMetric, power, powerTable } from './power.ts'
export { biasRisk, multipleVariants, type SampleRatioResult, sampleRatio } from './sample-ratio.ts'
export { type SequentialOptions, type SequentialResult, sequentialTest } from './sequential.ts'
export { type Moments, moments, quantileRanks, type Statistic } from './statistic.ts'
export { type MetricType, type ValidationFailure, validationFailures } from './validation.ts'
export { type OutlierHandling, winsorize } from './winsorize.ts'
