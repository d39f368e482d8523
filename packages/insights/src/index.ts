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
export { compileExperiment, compileExposures } from './experiments/compile.ts'
export type { ExperimentQuestion, Metric, MetricSums, VariantSums } from './experiments/question.ts'
export { type ExperimentDefinition, resolveExperiment } from './experiments/resolve.ts'
export { shapeExperiment } from './experiments/shape.ts'
export { insightKinds } from './kinds.ts'
