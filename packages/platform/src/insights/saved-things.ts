import type { DashboardBody, InsightBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { createAnnotations } from '../annotations/annotations.ts'
import { createDashboards } from '../dashboards/dashboards.ts'
import { type TileOptions, tilesWithResults } from '../dashboards/tile-results.ts'
import { createTiles } from '../dashboards/tiles.ts'
import type { Questions } from '../query/questions.ts'
import { createVariables } from '../variables/variables.ts'
import { createActivity } from './activity.ts'
import { insightWithResult, type ResultOptions } from './insight-results.ts'
import { createInsights } from './insights.ts'

/** What people keep of their questions. */
export function createSavedThings(application: ApplicationStore, questions: Questions, options: { now: () => Date; tilesAtOnce: number }) {
  const activity = createActivity(application)
  const insights = createInsights(application, activity)
  const tiles = createTiles(application)
  return {
    activity,
    insights,
    tiles,
    dashboards: createDashboards(application, { activity, insights, tiles }),
    annotations: createAnnotations(application, options.now),
    variables: createVariables(application),
    /** The insight with its answer, or with why there is none. */
    answerInsight: (insight: InsightBody, of: ResultOptions) => insightWithResult(questions, insight, of),
    /** The dashboard's tiles, each as soon as it is answered. */
    answerTiles: (dashboard: DashboardBody, of: TileOptions) => tilesWithResults(questions, dashboard, of, options.tilesAtOnce),
  }
}
