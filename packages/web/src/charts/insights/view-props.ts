import type { EChartsType } from 'echarts/core'
import type { InsightAnswer } from '../../api-client/queries.ts'
import type { ActorsChoice } from '../../query-model/actors.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'

/** What every drawing of an answer is given. */
export interface ViewProps<Query extends InsightQuery> {
  query: Query
  answer: InsightAnswer
  heightPx: number
  /** A tile of a dashboard: the drawing alone, without what one would work with. */
  isPreview?: boolean
  /** How it is drawn is part of the query: hidden lines, layout. */
  onQuery?: ((query: Query) => void) | undefined
  /** Someone wants to see the people behind a number. */
  onActors?: ((choice: ActorsChoice) => void) | undefined
  /** Notes to mark in time. */
  annotations?: readonly { at: string; text: string }[] | undefined
  /** The chart that can be saved as a picture. */
  onChart?: ((chart: EChartsType | undefined) => void) | undefined
}
