import type { NewTile, TileBody, TileChange } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { invalidInput, notFound } from '../errors.ts'
import { storedJson } from '../query/stored-json.ts'
import { selectTiles, type TileRow, tileBody } from './dashboard-row.ts'

/** limit: tiles of one dashboard. */
const maxTiles = 500

/** What stands on dashboards. The callers have checked that the dashboard is the project's. */
export function createTiles({ pool }: ApplicationStore) {
  async function list(projectId: number, dashboardId: number): Promise<TileBody[]> {
    const { rows } = await pool.query<TileRow>(`${selectTiles} AND tile.project_id = $1 AND tile.dashboard_id = $2 ORDER BY tile.id`, [
      projectId,
      dashboardId,
    ])
    return rows.sort(byPlace).map(tileBody)
  }

  async function checkInsight(projectId: number, insightId: number, attr: string): Promise<void> {
    const { rows } = await pool.query('SELECT 1 FROM insights WHERE project_id = $1 AND id = $2 AND NOT deleted', [projectId, insightId])
    if (rows.length === 0) throw invalidInput(attr, `is ${insightId}: there is no such insight`)
  }

  async function add(projectId: number, dashboardId: number, userId: string, wanted: NewTile, attr = ''): Promise<number> {
    const insightId = idOf(wanted.insight)
    const text = wanted.text?.body
    if ((insightId === undefined) === (text === undefined))
      throw invalidInput(`${attr}insight`, 'or text is required, one of them: a tile shows an insight or a text')
    if (insightId !== undefined) await checkInsight(projectId, insightId, `${attr}insight`)
    const { rows: counted } = await pool.query<{ count: number }>(
      'SELECT count(*) FROM dashboard_tiles WHERE dashboard_id = $1 AND NOT deleted',
      [dashboardId],
    )
    if ((counted[0]?.count ?? 0) >= maxTiles) throw invalidInput(`${attr}tiles`, `are too many: a dashboard has at most ${maxTiles}`)
    const { rows } = await pool.query<{ id: number }>(
      `INSERT INTO dashboard_tiles (project_id, dashboard_id, insight_id, text_body, layouts, color, show_description, filters_overrides, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (dashboard_id, insight_id) DO UPDATE SET deleted = false, layouts = EXCLUDED.layouts, color = EXCLUDED.color, last_modified_at = now()
       RETURNING id`,
      [
        projectId,
        dashboardId,
        insightId ?? null,
        text ?? null,
        storedJson(wanted.layouts ?? {}),
        wanted.color ?? null,
        wanted.show_description ?? null,
        storedJson(wanted.filters_overrides ?? {}),
        userId,
      ],
    )
    return rows[0]?.id ?? 0
  }

  async function change(projectId: number, dashboardId: number, tileId: number, wanted: Omit<TileChange, 'id' | 'insight'>): Promise<void> {
    const { rows } = await pool.query<{ text_body: string | null }>(
      'SELECT text_body FROM dashboard_tiles WHERE project_id = $1 AND dashboard_id = $2 AND id = $3',
      [projectId, dashboardId, tileId],
    )
    const [found] = rows
    if (!found) throw notFound(`tile ${tileId} of dashboard ${dashboardId}`)
    if (wanted.text && found.text_body === null) throw invalidInput('text', 'cannot be given: the tile shows an insight')
    await pool.query(
      `UPDATE dashboard_tiles SET layouts = coalesce($4, layouts), color = CASE WHEN $5 THEN $6 ELSE color END, text_body = coalesce($7, text_body),
         show_description = CASE WHEN $8 THEN $9::boolean ELSE show_description END, filters_overrides = coalesce($10, filters_overrides),
         deleted = coalesce($11, deleted), last_modified_at = now()
       WHERE project_id = $1 AND dashboard_id = $2 AND id = $3`,
      [
        projectId,
        dashboardId,
        tileId,
        wanted.layouts ? storedJson(wanted.layouts) : null,
        wanted.color !== undefined,
        wanted.color ?? null,
        wanted.text?.body ?? null,
        wanted.show_description !== undefined,
        wanted.show_description ?? null,
        wanted.filters_overrides ? storedJson(wanted.filters_overrides) : null,
        wanted.deleted ?? null,
      ],
    )
  }

  return {
    list,
    add,
    change,

    async get(projectId: number, dashboardId: number, tileId: number): Promise<TileBody> {
      const found = (await list(projectId, dashboardId)).find((tile) => tile.id === tileId)
      if (!found) throw notFound(`tile ${tileId} of dashboard ${dashboardId}`)
      return found
    },

    /** To another dashboard of the project, where it stands at the end. */
    async move(projectId: number, tileId: number, from: number, to: number): Promise<void> {
      const { rows } = await pool.query<{ insight_id: number | null }>(
        'SELECT insight_id FROM dashboard_tiles WHERE project_id = $1 AND dashboard_id = $2 AND id = $3 AND NOT deleted',
        [projectId, from, tileId],
      )
      const [found] = rows
      if (!found) throw notFound(`tile ${tileId} of dashboard ${from}`)
      // A tile of the same insight that was removed there before makes room.
      await pool.query('DELETE FROM dashboard_tiles WHERE project_id = $1 AND dashboard_id = $2 AND insight_id = $3 AND deleted', [
        projectId,
        to,
        found.insight_id,
      ])
      const { rows: there } = await pool.query('SELECT 1 FROM dashboard_tiles WHERE dashboard_id = $1 AND insight_id = $2', [
        to,
        found.insight_id,
      ])
      if (there.length > 0) throw invalidInput('to_dashboard', `is ${to}: the insight stands there already`)
      await pool.query(
        `UPDATE dashboard_tiles SET dashboard_id = $3, layouts = '{}', last_modified_at = now() WHERE project_id = $1 AND id = $2`,
        [projectId, tileId, to],
      )
    },
  }
}

export type Tiles = ReturnType<typeof createTiles>

const idOf = (insight: number | { id: number } | null | undefined): number | undefined =>
  insight === null || insight === undefined ? undefined : typeof insight === 'number' ? insight : insight.id

/** From above, then from the left; tiles without a place last. */
function byPlace(one: TileRow, other: TileRow): number {
  const place = ({ layouts }: TileRow) => (layouts.sm ?? {}) as { x?: number; y?: number }
  const [a, b] = [place(one), place(other)]
  const end = Number.MAX_SAFE_INTEGER
  return (a.y ?? end) - (b.y ?? end) || (a.x ?? end) - (b.x ?? end) || one.tile_id - other.tile_id
}
