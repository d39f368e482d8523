import { z } from 'zod'
import type { CreatorBody } from './cohorts.ts'
import { booleanText, instantText, jsonObject, pageQuery } from './fields.ts'
import { refreshMode } from './query.ts'
import { storedTags, storedText } from './stored-text.ts'

const flag = z.boolean({ error: 'must be true or false' })
const id = z.int({ error: 'must be a whole number' }).positive('must be the id of an object')

const queryNode = jsonObject.refine((query) => typeof query.kind === 'string', {
  path: ['kind'],
  error: 'is required: the kind of the query',
})

const insightFields = z.object({
  name: storedText(400).nullable(),
  derived_name: storedText(400).nullable(),
  description: storedText(10_000).nullable(),
  query: queryNode,
  /** Dashboards that the insight stands on, all of them. */
  dashboards: z.array(id, { error: 'must be a list of ids of dashboards' }).max(100),
  tags: storedTags,
  favorited: flag,
  saved: flag,
  deleted: flag,
  /** compat: the form of questions before queries; only an empty one is taken. */
  filters: z.record(z.string(), z.unknown()).refine((filters) => Object.keys(filters).length === 0, {
    error: 'is the form of questions before queries, which is not supported: send "query"',
  }),
})

/** `POST /insights/` */
export const newInsight = insightFields.partial().required({ query: true })
export type NewInsight = z.infer<typeof newInsight>

/** `PATCH /insights/:id/` */
export const insightChange = insightFields.partial()
export type InsightChange = z.infer<typeof insightChange>

export const insightOrders = [
  'name',
  '-name',
  'created_at',
  '-created_at',
  'last_modified_at',
  '-last_modified_at',
  'last_viewed_at',
  '-last_viewed_at',
] as const

/** `GET /insights/` */
export const insightsQuery = pageQuery.extend({
  short_id: z.string().max(40).optional(),
  /** Part of the name, the description or a tag. */
  search: z.string().max(400).optional(),
  saved: booleanText.optional(),
  favorited: booleanText.optional(),
  /** Made by the caller. */
  user: z.string().max(40).optional(),
  created_by: z.string().max(100).optional(),
  /** Kind of the query, or PostHog's name of the tab, e.g. TRENDS. */
  insight: z.string().max(40).optional(),
  /** JSON list or comma-separated. */
  tags: z.string().max(4000).optional(),
  dashboards: z.string().max(1000).optional(),
  date_from: instantText.optional(),
  date_to: instantText.optional(),
  created_date_from: instantText.optional(),
  created_date_to: instantText.optional(),
  deleted: booleanText.default(false),
  order: z.enum(insightOrders, { error: `must be one of ${insightOrders.join(', ')}` }).default('-last_modified_at'),
  /** Without results. */
  basic: booleanText.default(false),
  refresh: refreshMode.optional(),
})
export type InsightsQuery = z.infer<typeof insightsQuery>

/** `GET /insights/:id/` */
export const insightQuery = z.object({
  refresh: refreshMode.optional(),
  from_dashboard: z
    .string()
    .regex(/^\d{1,9}$/, 'must be the id of a dashboard')
    .transform(Number)
    .optional(),
  /** JSON. */
  filters_override: z.string().max(20_000).optional(),
  variables_override: z.string().max(20_000).optional(),
})

/** A saved question in PostHog's form. */
export interface InsightBody {
  id: number
  short_id: string
  name: string
  derived_name: string | null
  description: string
  query: Record<string, unknown>
  filters: Record<string, never>
  order: null
  deleted: boolean
  dashboards: number[]
  dashboard_tiles: { id: number; dashboard_id: number; deleted: boolean }[]
  tags: string[]
  favorited: boolean
  saved: boolean
  created_at: string
  created_by: CreatorBody | null
  last_modified_at: string
  last_modified_by: CreatorBody | null
  updated_at: string
  last_viewed_at: string | null
  is_sample: boolean
  user_access_level: 'editor'
  effective_restriction_level: 21
  effective_privilege_level: 37
  /** Of the answer, where it was asked for or is kept. */
  result: unknown
  columns: unknown
  types: unknown
  hasMore: boolean | null
  hogql: string | null
  last_refresh: string | null
  cache_target_age: string | null
  next_allowed_client_refresh: string | null
  is_cached: boolean
  is_stale?: boolean
  query_status: unknown
  timezone: string | null
  resolved_date_range?: unknown
  /** compat: where an answer could not be had, the reason stands beside the insight. */
  result_error?: { code: string; detail: string }
}

/** An entry of `GET /insights/activity/` and of the like. */
export interface ActivityBody {
  id: string
  user: CreatorBody | null
  activity: string
  scope: string
  item_id: string
  detail: Record<string, unknown>
  created_at: string
}
