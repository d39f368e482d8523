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
export { insightKinds } from './kinds.ts'
