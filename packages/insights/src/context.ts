import { type FilterContext, HogqlError, type syntax } from '@hedgerow/hogql'

/** A query node as it came: `{kind, …}`. Each kind's resolve.ts reads and checks it. */
export type QueryNode = Record<string, unknown>

/** An action as insights need it; `steps` are or-ed. */
export interface InsightAction {
  id: number
  name: string
  steps: unknown[]
}

/** A cohort as insights need it. */
export interface InsightCohort {
  id: number
  name: string
}

/** What an insight is compiled for: plain data and pure functions, loaded before, so that compiling is pure. */
export interface InsightContext {
  /** Stands for "now" in every relative date. */
  now: Date
  /** IANA name. */
  timezone: string
  weekStartDay: 0 | 1
  /** Turns property filters into conditions on `events`; cohorts and actions included. */
  filters: FilterContext
  testAccountFilters: unknown
  pathCleaning: { alias: string; regex: string }[]
  /** The actions that the query names, by id; one that does not exist is absent. */
  actions: ReadonlyMap<number, InsightAction>
  /** The cohorts that the query names, by id. */
  cohorts: ReadonlyMap<number, InsightCohort>
  /** Timestamp of the project's first event; absent while it has none. For `date_from: "all"`. */
  earliestEventAt?: Date
  /** HogQL text of the query's own, such as `math_hogql`. @throws HogqlError */
  parseExpr(text: string): syntax.Expr
  /** What is known of a property. */
  propertyType: FilterContext['propertyType']
}

/** Runs a tree and gives its rows; the cells are JSON values, date-times as ISO text in the project's zone, big integers as numbers. */
export type RunTree = (query: syntax.Query) => Promise<unknown[][]>

/** What an insight answers; the envelope (HogQL, SQL, timings, cache) is put around it by whoever runs it. */
export interface InsightAnswer {
  results: unknown
  /** The question as one query that can be opened in the SQL editor. */
  query: syntax.Query
  resolved_date_range?: { date_from: string; date_to: string }
  resolved_compare_date_range?: { date_from: string; date_to: string }
  hasMore?: boolean
  warnings?: string[]
}

/**
 * Which people: the fields of `InsightActorsQuery`, `FunnelsActorsQuery`, `StickinessActorsQuery` beside `source`. Each kind reads its own.
 */
export type ActorsSelection = Record<string, unknown>

/** The people behind a number, as a query of the columns `actor_id` and, where it has them, `event_count`, `event_distinct_ids`. */
export interface InsightActors {
  query: syntax.Select
  /** Absent: persons. */
  groupTypeIndex?: number
}

/** One kind of insight. All of it is pure but for `run`. */
export interface Insight {
  answer(node: QueryNode, context: InsightContext, run: RunTree): Promise<InsightAnswer>
  /** The same conditions as the number's, so that the people behind it, counted, are the number. */
  actors(node: QueryNode, selection: ActorsSelection, context: InsightContext, run: RunTree): Promise<InsightActors>
  /** The events behind the number, as a condition on `events`. Absent: whatever its people did. */
  events?(node: QueryNode, selection: ActorsSelection, context: InsightContext, run: RunTree): Promise<syntax.Expr>
}

/** A mistake in the question: names the value and what would be right. Answered with 400. */
export const invalidQuestion = (message: string): HogqlError => new HogqlError('invalid_value', message)
