import type { DashboardBody, DashboardChange, NewDashboard, Page, PageQuery } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { invalidInput, notFound } from '../errors.ts'
import { type Activity, changesBetween } from '../insights/activity.ts'
import { type Insights, listOf } from '../insights/insights.ts'
import { storedJson } from '../query/stored-json.ts'
import { type DashboardRow, dashboardBody, dashboardColumns, dashboardFrom } from './dashboard-row.ts'
import type { Tiles } from './tiles.ts'

export interface DashboardsFilter extends PageQuery {
  search?: string | undefined
  pinned?: boolean | undefined
  tags?: string | undefined
  deleted: boolean
}

/** Pages of insights, texts, flags and experiments. Deleting one marks it, and it can be brought back with all that stood on it. */
export function createDashboards({ pool }: ApplicationStore, parts: { activity: Activity; insights: Insights; tiles: Tiles }) {
  const { activity, insights, tiles } = parts

  async function row(projectId: number, id: string | number): Promise<DashboardRow> {
    const { rows } = /^\d{1,9}$/.test(String(id))
      ? await pool.query<DashboardRow>(
          `SELECT ${dashboardColumns} FROM ${dashboardFrom} WHERE dashboards.project_id = $1 AND dashboards.id = $2`,
          [projectId, Number(id)],
        )
      : { rows: [] }
    if (!rows[0]) throw notFound(`dashboard ${String(id).slice(0, 40)}`)
    return rows[0]
  }

  async function whole(projectId: number, id: number): Promise<DashboardBody> {
    return { ...dashboardBody(await row(projectId, id)), tiles: await tiles.list(projectId, id) }
  }

  async function changeTiles(projectId: number, userId: string, id: number, changes: NonNullable<DashboardChange['tiles']>): Promise<void> {
    for (const [index, { id: tileId, insight, feature_flag, experiment, ...change }] of changes.entries()) {
      if (tileId === undefined) await tiles.add(projectId, id, userId, { ...change, insight, feature_flag, experiment }, `tiles[${index}].`)
      else await tiles.change(projectId, id, tileId, change)
    }
  }

  /** Copies what stands on another dashboard: the same insights, or copies of them. */
  async function copyTiles(projectId: number, userId: string, from: number, to: number, areInsightsCopied: boolean): Promise<void> {
    for (const tile of await tiles.list(projectId, from)) {
      const { layouts, color, show_description, insight, text, feature_flag, experiment } = tile
      const shown = insight && areInsightsCopied ? await copyInsight(projectId, userId, insight) : insight?.id
      const place = { layouts: layouts as { sm?: never }, color, show_description, filters_overrides: tile.filters_overrides }
      await tiles.add(projectId, to, userId, { ...place, text, feature_flag, experiment, insight: shown })
    }
  }

  async function copyInsight(projectId: number, userId: string, insight: Awaited<ReturnType<Insights['get']>>): Promise<number> {
    const { name, derived_name, description, query, tags, saved } = insight
    return (await insights.create(projectId, userId, { name: name && `${name} (copy)`, derived_name, description, query, tags, saved })).id
  }

  return {
    async list(projectId: number, filter: DashboardsFilter): Promise<Pick<Page<DashboardBody>, 'count' | 'results'>> {
      const values: unknown[] = [projectId, filter.deleted]
      const bind = (value: unknown) => `$${values.push(value)}`
      const where = ['dashboards.project_id = $1', 'dashboards.deleted = $2']
      if (filter.search) {
        const like = bind(`%${filter.search.replace(/[\\%_]/g, '\\$&')}%`)
        where.push(`(dashboards.name ILIKE ${like} OR dashboards.description ILIKE ${like})`)
      }
      if (filter.pinned !== undefined) where.push(`dashboards.pinned = ${bind(filter.pinned)}`)
      if (filter.tags) where.push(`dashboards.tags && ${bind(listOf(filter.tags, 'tags'))}::text[]`)
      const conditions = where.join(' AND ')
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM dashboards WHERE ${conditions}`, values)
      const { rows } = await pool.query<DashboardRow>(
        `SELECT ${dashboardColumns} FROM ${dashboardFrom} WHERE ${conditions}
         ORDER BY dashboards.pinned DESC, lower(dashboards.name), dashboards.id LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
        [...values, filter.limit, filter.offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(dashboardBody) }
    },

    get: async (projectId: number, id: string): Promise<DashboardBody> => whole(projectId, (await row(projectId, id)).id),

    async viewed(projectId: number, id: number): Promise<void> {
      await pool.query('UPDATE dashboards SET last_accessed_at = now() WHERE project_id = $1 AND id = $2', [projectId, id])
    },

    async create(projectId: number, userId: string, wanted: NewDashboard): Promise<DashboardBody> {
      const copied = wanted.use_dashboard ? await row(projectId, wanted.use_dashboard) : undefined
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO dashboards (project_id, name, description, pinned, tags, filters, variables, breakdown_colors, creation_mode, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
        [
          projectId,
          wanted.name ?? (copied ? `${copied.name} (copy)` : ''),
          wanted.description ?? copied?.description ?? '',
          wanted.pinned ?? false,
          wanted.tags ?? copied?.tags ?? [],
          storedJson(wanted.filters ?? copied?.filters ?? {}),
          storedJson(wanted.variables ?? copied?.variables ?? {}),
          storedJson(wanted.breakdown_colors ?? copied?.breakdown_colors ?? []),
          copied ? 'duplicate' : 'default',
          userId,
        ],
      )
      const id = rows[0]?.id ?? 0
      if (copied) await copyTiles(projectId, userId, copied.id, id, wanted.duplicate_tiles ?? false)
      if (wanted.tiles) await changeTiles(projectId, userId, id, wanted.tiles)
      const made = await whole(projectId, id)
      await activity.note(projectId, userId, { scope: 'Dashboard', itemId: id, activity: 'created', detail: { name: made.name } })
      return made
    },

    async change(projectId: number, userId: string, id: string, change: DashboardChange): Promise<DashboardBody> {
      const before = await row(projectId, id)
      await pool.query(
        `UPDATE dashboards SET name = $3, description = $4, pinned = $5, tags = $6, filters = $7, variables = $8, breakdown_colors = $9, deleted = $10,
           last_modified_at = now() WHERE project_id = $1 AND id = $2`,
        [
          projectId,
          before.id,
          change.name === undefined ? before.name : (change.name ?? ''),
          change.description === undefined ? before.description : (change.description ?? ''),
          change.pinned ?? before.pinned,
          change.tags ?? before.tags,
          storedJson(change.filters ?? before.filters),
          storedJson(change.variables === undefined ? before.variables : (change.variables ?? {})),
          storedJson(change.breakdown_colors === undefined ? before.breakdown_colors : (change.breakdown_colors ?? [])),
          change.deleted ?? before.deleted,
        ],
      )
      if (change.tiles) await changeTiles(projectId, userId, before.id, change.tiles)
      const after = await whole(projectId, before.id)
      const changes = changesBetween(comparable(before), comparable(after))
      if (changes.length > 0) {
        const verb = before.deleted === after.deleted ? 'updated' : after.deleted ? 'deleted' : 'restored'
        await activity.note(projectId, userId, {
          scope: 'Dashboard',
          itemId: before.id,
          activity: verb,
          detail: { name: after.name, changes },
        })
      }
      return after
    },

    async moveTile(projectId: number, id: string, tileId: number, to: number): Promise<DashboardBody> {
      const from = await row(projectId, id)
      const { deleted } = await row(projectId, to).catch(() => ({ deleted: true }))
      if (deleted) throw invalidInput('to_dashboard', `is ${to}: there is no such dashboard`)
      if (from.id !== to) await tiles.move(projectId, tileId, from.id, to)
      return whole(projectId, from.id)
    },
  }
}

export type Dashboards = ReturnType<typeof createDashboards>

const comparable = (dashboard: Pick<DashboardRow, 'name' | 'description' | 'pinned' | 'tags' | 'filters' | 'variables' | 'deleted'>) => {
  const { name, description, pinned, tags, filters, variables, deleted } = dashboard
  return { name, description, pinned, tags, filters, variables, deleted }
}
