import { z } from 'zod'
import type { CreatorBody } from './cohorts.ts'
import { booleanText, jsonObject, pageQuery } from './fields.ts'
import type { InsightBody } from './insights.ts'
import { filtersOverride, refreshMode } from './query.ts'
import { storedTags, storedText } from './stored-text.ts'

const flag = z.boolean({ error: 'must be true or false' })
const id = z.int({ error: 'must be a whole number' }).positive('must be the id of an object')
const gridPlace = z.object({
  x: z.int().min(0).max(1000),
  y: z.int().min(0).max(100_000),
  w: z.int().min(1).max(1000),
  h: z.int().min(1).max(1000),
  minW: z.int().min(0).max(1000).optional(),
  minH: z.int().min(0).max(1000).optional(),
})

/** Where a tile stands, for a wide and for a narrow page. */
export const tileLayouts = z.object({ sm: gridPlace.optional(), xs: gridPlace.optional() }, { error: 'must be an object of sm and xs' })

const tileText = z.object({ body: storedText(4000) }, { error: 'must be an object with a body' })
const shownId = z.union([id, z.object({ id })])
const color = storedText(40).nullable()

/** A tile in `PATCH /dashboards/:id/`: one that exists by its id, or a new one. */
const tileChange = z.object({
  id: id.optional(),
  layouts: tileLayouts.nullish(),
  color: color.optional(),
  show_description: flag.nullish(),
  filters_overrides: filtersOverride.nullish(),
  deleted: flag.nullish(),
  text: tileText.nullish(),
  insight: shownId.nullish(),
  /** Its state, and what it answered lately. Beyond PostHog, as the next. */
  feature_flag: shownId.nullish(),
  /** Its status and verdict. */
  experiment: shownId.nullish(),
})
export type TileChange = z.infer<typeof tileChange>

const dashboardFields = z.object({
  name: storedText(400).nullable(),
  description: storedText(10_000).nullable(),
  pinned: flag,
  tags: storedTags,
  filters: filtersOverride,
  /** Values of variables by their ids. */
  variables: jsonObject.nullable(),
  breakdown_colors: z.array(z.unknown(), { error: 'must be a list' }).max(1000).nullable(),
  deleted: flag,
  tiles: z.array(tileChange, { error: 'must be a list of tiles' }).max(500),
})

/** `POST /dashboards/` */
export const newDashboard = dashboardFields.partial().extend({
  /** Id of a dashboard to copy. */
  use_dashboard: id.nullish(),
  /** Copy its insights too, rather than showing the same ones. */
  duplicate_tiles: flag.optional(),
})
export type NewDashboard = z.infer<typeof newDashboard>

/** `PATCH /dashboards/:id/` */
export const dashboardChange = dashboardFields.partial()
export type DashboardChange = z.infer<typeof dashboardChange>

/** `GET /dashboards/` */
export const dashboardsQuery = pageQuery.extend({
  search: z.string().max(400).optional(),
  pinned: booleanText.optional(),
  tags: z.string().max(4000).optional(),
  deleted: booleanText.default(false),
})

/** `GET /dashboards/:id/` and `/stream_tiles/` */
export const dashboardQuery = z.object({
  refresh: refreshMode.optional(),
  /** JSON: laid over the dashboard's own filters. */
  filters_override: z.string().max(20_000).optional(),
  variables_override: z.string().max(20_000).optional(),
})

/** `POST /dashboards/:id/tiles/` */
export const newTile = tileChange.omit({ id: true, deleted: true })
export type NewTile = z.infer<typeof newTile>

/** `PATCH /dashboards/:id/tiles/:tile_id/` */
export const tileUpdate = tileChange.omit({ id: true, insight: true, feature_flag: true, experiment: true })

/** `PATCH /dashboards/:id/move_tile/` */
export const moveTile = z.object({
  tile: z.object({ id }, { error: 'must be an object with the id of a tile' }),
  to_dashboard: z.int({ error: 'must be the id of a dashboard' }).positive(),
})

/** One thing: of `insight`, `text`, `feature_flag` and `experiment` all others are null. */
export interface TileBody {
  id: number
  insight: InsightBody | null
  text: { body: string } | null
  feature_flag: { id: number; key: string } | null
  experiment: { id: number; name: string } | null
  layouts: Record<string, unknown>
  color: string | null
  show_description: boolean | null
  filters_overrides: Record<string, unknown>
  order: number
  is_cached: boolean
  last_refresh: string | null
}

export interface DashboardBody {
  id: number
  name: string
  description: string
  pinned: boolean
  tags: string[]
  filters: Record<string, unknown>
  variables: Record<string, unknown>
  breakdown_colors: unknown[]
  creation_mode: string
  deleted: boolean
  created_at: string
  created_by: CreatorBody | null
  last_modified_at: string
  last_accessed_at: string | null
  is_shared: boolean
  user_access_level: 'editor'
  effective_restriction_level: 21
  effective_privilege_level: 37
  /** Absent in lists. */
  tiles?: TileBody[]
}
