export type {
  ActorsSelection,
  Insight,
  InsightAction,
  InsightActors,
  InsightAnswer,
  InsightCohort,
  InsightContext,
  QueryNode,
  RunTree,
} from './context.ts'
export { compileBots, compileExperiment, compileExposures, compileWaterfall } from './experiments/compile.ts'
export { metricOfSql } from './experiments/metric-of-sql.ts'
export { metricsOfInsight } from './experiments/metrics-of-insight.ts'
export {
  type ExperimentQuestion,
  type Metric,
  type MetricSums,
  type VariantSums,
  type WaterfallStep,
  waterfallSteps,
} from './experiments/question.ts'
export { randomSplits } from './experiments/random-splits.ts'
export { type ExperimentDefinition, resolveExperiment } from './experiments/resolve.ts'
export { shapeExperiment } from './experiments/shape.ts'
export { compileUnits, type UnitsPage } from './experiments/units.ts'
export { insightKinds } from './kinds.ts'
