import type { DashboardBody, TileBody } from '@hedgerow/protocol'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import { type InsightRow, insightBody, insightColumns } from '../insights/insight-row.ts'

export interface DashboardRow extends CreatorColumns {
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
  created_at: Date
  last_modified_at: Date
  last_accessed_at: Date | null
}

export const dashboardColumns = `dashboards.id, dashboards.name, dashboards.description, dashboards.pinned, dashboards.tags, dashboards.filters,
  dashboards.variables, dashboards.breakdown_colors, dashboards.creation_mode, dashboards.deleted, dashboards.created_at, dashboards.last_modified_at,
  dashboards.last_accessed_at, ${creatorColumns}`
export const dashboardFrom = `dashboards ${creatorJoin('dashboards')}`

export function dashboardBody(row: DashboardRow): DashboardBody {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    pinned: row.pinned,
    tags: row.tags,
    filters: row.filters,
    variables: row.variables,
    breakdown_colors: row.breakdown_colors,
    creation_mode: row.creation_mode,
    deleted: row.deleted,
    created_at: row.created_at.toISOString(),
    created_by: creatorBody(row),
    last_modified_at: row.last_modified_at.toISOString(),
    last_accessed_at: row.last_accessed_at?.toISOString() ?? null,
    is_shared: false,
    user_access_level: 'editor',
    effective_restriction_level: 21,
    effective_privilege_level: 37,
  }
}

/** A tile, with the columns of its insight where it has one. */
export type TileRow = InsightRow & {
  tile_id: number
  dashboard_id: number
  insight_id: number | null
  text_body: string | null
  flag_id: number | null
  flag_key: string | null
  experiment_id: number | null
  experiment_name: string | null
  layouts: Record<string, unknown>
  color: string | null
  show_description: boolean | null
  filters_overrides: Record<string, unknown>
}

/** Tiles that are shown, in their order. Ends before the conditions that name the tiles. */
export const selectTiles = `SELECT tile.id AS tile_id, tile.dashboard_id, tile.insight_id, tile.text_body, tile.flag_id, flag.key AS flag_key,
  tile.experiment_id, experiment.name AS experiment_name, tile.layouts, tile.color, tile.show_description,
  tile.filters_overrides, ${insightColumns}
  FROM dashboard_tiles tile LEFT JOIN insights ON insights.id = tile.insight_id
  LEFT JOIN users creator ON creator.id = insights.created_by LEFT JOIN users modifier ON modifier.id = insights.last_modified_by
  LEFT JOIN feature_flags flag ON flag.id = tile.flag_id LEFT JOIN experiments experiment ON experiment.id = tile.experiment_id
  WHERE NOT tile.deleted AND (tile.insight_id IS NULL OR NOT insights.deleted) AND (tile.flag_id IS NULL OR NOT flag.deleted)
  AND (tile.experiment_id IS NULL OR NOT experiment.deleted)`

export function tileBody(row: TileRow, order: number): TileBody {
  return {
    id: row.tile_id,
    insight: row.insight_id === null ? null : insightBody(row),
    text: row.text_body === null ? null : { body: row.text_body },
    feature_flag: row.flag_id === null ? null : { id: row.flag_id, key: row.flag_key ?? '' },
    experiment: row.experiment_id === null ? null : { id: row.experiment_id, name: row.experiment_name ?? '' },
    layouts: row.layouts,
    color: row.color,
    show_description: row.show_description,
    filters_overrides: row.filters_overrides,
    order,
    is_cached: false,
    last_refresh: null,
  }
}
