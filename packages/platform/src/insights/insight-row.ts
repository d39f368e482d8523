import type { InsightBody } from '@hedgerow/protocol'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'

export interface InsightRow extends CreatorColumns {
  id: number
  short_id: string
  name: string
  derived_name: string | null
  description: string
  query: Record<string, unknown>
  tags: string[]
  favorited: boolean
  saved: boolean
  deleted: boolean
  created_at: Date
  last_modified_at: Date
  updated_at: Date
  last_viewed_at: Date | null
  modifier_id: string | null
  modifier_name: string | null
  modifier_email: string | null
  tiles: { id: number; dashboard_id: number; deleted: boolean }[]
}

/** Columns of {@link InsightRow}, from {@link insightFrom}. */
export const insightColumns = `insights.id, insights.short_id, insights.name, insights.derived_name, insights.description, insights.query, insights.tags,
  insights.favorited, insights.saved, insights.deleted, insights.created_at, insights.last_modified_at, insights.updated_at, insights.last_viewed_at,
  modifier.id AS modifier_id, modifier.name AS modifier_name, modifier.email AS modifier_email,
  coalesce((SELECT json_agg(json_build_object('id', t.id, 'dashboard_id', t.dashboard_id, 'deleted', t.deleted) ORDER BY t.id)
    FROM dashboard_tiles t JOIN dashboards d ON d.id = t.dashboard_id AND NOT d.deleted
    WHERE t.insight_id = insights.id AND NOT t.deleted), '[]') AS tiles, ${creatorColumns}`

export const insightFrom = `insights ${creatorJoin('insights')} LEFT JOIN users modifier ON modifier.id = insights.last_modified_by`

/** What an insight shows while it has no answer. */
const noAnswer = {
  result: null,
  columns: null,
  types: null,
  hasMore: null,
  hogql: null,
  last_refresh: null,
  cache_target_age: null,
  next_allowed_client_refresh: null,
  is_cached: false,
  query_status: null,
  timezone: null,
}

export function insightBody(row: InsightRow): InsightBody {
  return {
    id: row.id,
    short_id: row.short_id,
    name: row.name,
    derived_name: row.derived_name,
    description: row.description,
    query: row.query,
    filters: {},
    order: null,
    deleted: row.deleted,
    dashboards: row.tiles.map((tile) => tile.dashboard_id),
    dashboard_tiles: row.tiles,
    tags: row.tags,
    favorited: row.favorited,
    saved: row.saved,
    created_at: row.created_at.toISOString(),
    created_by: creatorBody(row),
    last_modified_at: row.last_modified_at.toISOString(),
    last_modified_by: creatorBody({ creator_id: row.modifier_id, creator_name: row.modifier_name, creator_email: row.modifier_email }),
    updated_at: row.updated_at.toISOString(),
    last_viewed_at: row.last_viewed_at?.toISOString() ?? null,
    is_sample: false,
    user_access_level: 'editor',
    effective_restriction_level: 21,
    effective_privilege_level: 37,
    ...noAnswer,
  }
}

/** The insight with the fields of an answer that PostHog shows beside it. */
export function withAnswer(insight: InsightBody, answer: Record<string, unknown>): InsightBody {
  const { results, columns, types, hasMore, hogql, last_refresh, cache_target_age, next_allowed_client_refresh } = answer
  return {
    ...insight,
    result: results ?? null,
    columns: columns ?? null,
    types: types ?? null,
    hasMore: typeof hasMore === 'boolean' ? hasMore : null,
    hogql: typeof hogql === 'string' ? hogql : null,
    last_refresh: textOrNull(last_refresh),
    cache_target_age: textOrNull(cache_target_age),
    next_allowed_client_refresh: textOrNull(next_allowed_client_refresh),
    is_cached: answer.is_cached === true,
    ...(answer.is_stale === true ? { is_stale: true } : {}),
    query_status: answer.query_status ?? null,
    timezone: textOrNull(answer.timezone),
    ...(answer.resolved_date_range === undefined ? {} : { resolved_date_range: answer.resolved_date_range }),
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
