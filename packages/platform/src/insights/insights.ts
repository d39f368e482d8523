import { randomInt } from 'node:crypto'
import type { InsightBody, InsightChange, InsightsQuery, NewInsight, Page } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { invalidInput, notFound } from '../errors.ts'
import { unwrapQuery } from '../query/overrides.ts'
import { storedJson } from '../query/stored-json.ts'
import { type Activity, changesBetween } from './activity.ts'
import { type InsightRow, insightBody, insightColumns, insightFrom } from './insight-row.ts'

/** compat: names of PostHog's tabs. */
const kindOfTab: Record<string, string> = {
  TRENDS: 'TrendsQuery',
  FUNNELS: 'FunnelsQuery',
  RETENTION: 'RetentionQuery',
  PATHS: 'PathsQuery',
  LIFECYCLE: 'LifecycleQuery',
  STICKINESS: 'StickinessQuery',
  SQL: 'HogQLQuery',
  EVENTS: 'EventsQuery',
}

/** Saved questions. Deleting one marks it: it leaves lists and dashboards, and can be brought back. */
export function createInsights({ pool }: ApplicationStore, activity: Activity) {
  async function find(projectId: number, idOrShortId: string): Promise<InsightRow | undefined> {
    const isNumber = /^\d{1,9}$/.test(idOrShortId)
    const { rows } = await pool.query<InsightRow>(
      `SELECT ${insightColumns} FROM ${insightFrom} WHERE insights.project_id = $1 AND ${isNumber ? 'insights.id = $2' : 'insights.short_id = $2'}`,
      [projectId, isNumber ? Number(idOrShortId) : idOrShortId],
    )
    return rows[0]
  }

  async function get(projectId: number, idOrShortId: string): Promise<InsightRow> {
    const row = await find(projectId, idOrShortId)
    if (!row) throw notFound(`insight ${idOrShortId.slice(0, 40)}`)
    return row
  }

  async function placeOn(projectId: number, insightId: number, dashboards: readonly number[], userId: string): Promise<void> {
    const { rows } = await pool.query<{ id: number }>(
      'SELECT id FROM dashboards WHERE project_id = $1 AND id = ANY($2::int[]) AND NOT deleted',
      [projectId, dashboards],
    )
    const known = new Set(rows.map(({ id }) => id))
    const index = dashboards.findIndex((id) => !known.has(id))
    if (index >= 0) throw invalidInput(`dashboards[${index}]`, `is ${dashboards[index]}: there is no such dashboard`)
    await pool.query(
      'UPDATE dashboard_tiles SET deleted = true, last_modified_at = now() WHERE insight_id = $1 AND NOT deleted AND NOT dashboard_id = ANY($2::int[])',
      [insightId, dashboards],
    )
    await pool.query(
      `INSERT INTO dashboard_tiles (project_id, dashboard_id, insight_id, created_by) SELECT $1, d, $2, $4 FROM unnest($3::int[]) AS d
       ON CONFLICT (dashboard_id, insight_id) DO UPDATE SET deleted = false, last_modified_at = now()`,
      [projectId, insightId, [...new Set(dashboards)], userId],
    )
  }

  return {
    find,

    async list(projectId: number, userId: string, query: InsightsQuery): Promise<Pick<Page<InsightBody>, 'count' | 'results'>> {
      const { where, values } = conditions(projectId, userId, query)
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM insights WHERE ${where}`, values)
      const { rows } = await pool.query<InsightRow>(
        `SELECT ${insightColumns} FROM ${insightFrom} WHERE ${where} ORDER BY ${orderBy(query.order)} LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
        [...values, query.limit, query.offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(insightBody) }
    },

    /** By id or short id. */
    get: async (projectId: number, idOrShortId: string): Promise<InsightBody> => insightBody(await get(projectId, idOrShortId)),

    /** Notes that somebody looked at it. */
    async viewed(projectId: number, id: number): Promise<void> {
      await pool.query('UPDATE insights SET last_viewed_at = now() WHERE project_id = $1 AND id = $2', [projectId, id])
    },

    async create(projectId: number, userId: string, wanted: NewInsight): Promise<InsightBody> {
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO insights (project_id, short_id, name, derived_name, description, query, kind, tags, favorited, saved, deleted, created_by, last_modified_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) RETURNING id`,
        [
          projectId,
          shortId(),
          wanted.name ?? '',
          wanted.derived_name ?? null,
          wanted.description ?? '',
          storedJson(wanted.query),
          kindOf(wanted.query),
          wanted.tags ?? [],
          wanted.favorited ?? false,
          wanted.saved ?? false,
          wanted.deleted ?? false,
          userId,
        ],
      )
      const id = rows[0]?.id ?? 0
      if (wanted.dashboards) await placeOn(projectId, id, wanted.dashboards, userId)
      const made = await get(projectId, String(id))
      await activity.note(projectId, userId, { scope: 'Insight', itemId: id, activity: 'created', detail: detailOf(made) })
      return insightBody(made)
    },

    async change(projectId: number, userId: string, idOrShortId: string, change: InsightChange): Promise<InsightBody> {
      const before = await get(projectId, idOrShortId)
      await pool.query(
        `UPDATE insights SET name = $3, derived_name = $4, description = $5, query = $6, kind = $7, tags = $8, favorited = $9, saved = $10, deleted = $11,
           last_modified_by = $12, last_modified_at = now(), updated_at = now() WHERE project_id = $1 AND id = $2`,
        [
          projectId,
          before.id,
          change.name === undefined ? before.name : (change.name ?? ''),
          change.derived_name === undefined ? before.derived_name : change.derived_name,
          change.description === undefined ? before.description : (change.description ?? ''),
          storedJson(change.query ?? before.query),
          kindOf(change.query ?? before.query),
          change.tags ?? before.tags,
          change.favorited ?? before.favorited,
          change.saved ?? before.saved,
          change.deleted ?? before.deleted,
          userId,
        ],
      )
      if (change.dashboards) await placeOn(projectId, before.id, change.dashboards, userId)
      const after = await get(projectId, String(before.id))
      const changes = changesBetween(comparable(before), comparable(after))
      if (changes.length > 0) {
        const verb = before.deleted === after.deleted ? 'updated' : after.deleted ? 'deleted' : 'restored'
        await activity.note(projectId, userId, {
          scope: 'Insight',
          itemId: before.id,
          activity: verb,
          detail: { ...detailOf(after), changes },
        })
      }
      return insightBody(after)
    },
  }
}

export type Insights = ReturnType<typeof createInsights>

const detailOf = ({ name, derived_name, short_id }: InsightRow) => ({ name: name || derived_name, short_id })

const comparable = ({ name, derived_name, description, query, tags, favorited, saved, deleted, tiles }: InsightRow) => ({
  name,
  derived_name,
  description,
  query,
  tags,
  favorited,
  saved,
  deleted,
  dashboards: tiles.map((tile) => tile.dashboard_id),
})

/** The kind of the innermost query; for one that is wrapped too often or has no source, its own. */
function kindOf(query: Record<string, unknown>): string {
  return String(unwrapQuery(query).kind).slice(0, 100)
}

const shortIdAlphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Eight characters, the first a letter, so that it is never taken for an id. */
function shortId(): string {
  const letters = shortIdAlphabet.slice(0, 48)
  const pick = (from: string) => from[randomInt(from.length)] ?? ''
  return pick(letters) + Array.from({ length: 7 }, () => pick(shortIdAlphabet)).join('')
}

function conditions(projectId: number, userId: string, query: InsightsQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [projectId, query.deleted]
  const bind = (value: unknown) => `$${values.push(value)}`
  const where = ['insights.project_id = $1', 'insights.deleted = $2']
  if (query.short_id !== undefined) where.push(`insights.short_id = ${bind(query.short_id)}`)
  if (query.search) {
    const like = bind(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`)
    where.push(
      `(insights.name ILIKE ${like} OR insights.derived_name ILIKE ${like} OR insights.description ILIKE ${like} OR array_to_string(insights.tags, ' ') ILIKE ${like})`,
    )
  }
  if (query.saved !== undefined)
    where.push(
      query.saved
        ? '(insights.saved OR EXISTS (SELECT 1 FROM dashboard_tiles t WHERE t.insight_id = insights.id AND NOT t.deleted))'
        : 'NOT insights.saved',
    )
  if (query.favorited !== undefined) where.push(`insights.favorited = ${bind(query.favorited)}`)
  if (query.user !== undefined) where.push(`insights.created_by = ${bind(userId)}`)
  if (query.created_by !== undefined) where.push(`insights.created_by = ANY(${bind(listOf(query.created_by, 'created_by'))}::text[])`)
  if (query.insight) where.push(`insights.kind = ${bind(kindOfTab[query.insight.toUpperCase()] ?? query.insight)}`)
  if (query.tags) where.push(`insights.tags && ${bind(listOf(query.tags, 'tags'))}::text[]`)
  if (query.dashboards) {
    const ids = listOf(query.dashboards, 'dashboards').filter((id) => /^\d{1,9}$/.test(id))
    where.push(
      `EXISTS (SELECT 1 FROM dashboard_tiles t WHERE t.insight_id = insights.id AND NOT t.deleted AND t.dashboard_id = ANY(${bind(ids)}::int[]))`,
    )
  }
  if (query.date_from) where.push(`insights.last_modified_at >= ${bind(query.date_from)}`)
  if (query.date_to) where.push(`insights.last_modified_at <= ${bind(query.date_to)}`)
  if (query.created_date_from) where.push(`insights.created_at >= ${bind(query.created_date_from)}`)
  if (query.created_date_to) where.push(`insights.created_at <= ${bind(query.created_date_to)}`)
  return { where: where.join(' AND '), values }
}

function orderBy(order: InsightsQuery['order']): string {
  const isDescending = order.startsWith('-')
  const column = isDescending ? order.slice(1) : order
  const expression = column === 'name' ? `lower(coalesce(nullif(insights.name, ''), insights.derived_name, ''))` : `insights.${column}`
  return `${expression} ${isDescending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}, insights.id DESC`
}

/** A JSON list, or texts with commas between them. */
export function listOf(text: string, attr: string): string[] {
  if (!text.startsWith('[')) return text.split(',').filter((part) => part !== '')
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed)) return parsed.map(String)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalidInput(attr, 'is not right: it must be a JSON list, or texts with commas between them')
}
