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

  async function check(projectId: number, { field, table, id }: Shown, attr: string): Promise<void> {
    const { rows } = await pool.query(`SELECT 1 FROM ${table} WHERE project_id = $1 AND id = $2 AND NOT deleted`, [projectId, id])
    if (rows.length === 0) throw invalidInput(`${attr}${field}`, `is ${id}: there is no such ${field.replace('_', ' ')}`)
  }

  async function add(projectId: number, dashboardId: number, userId: string, wanted: NewTile, attr = ''): Promise<number> {
    const shown = shownIn(wanted)
    const text = wanted.text?.body
    if (shown.length + (text === undefined ? 0 : 1) !== 1)
      throw invalidInput(`${attr}insight`, 'or text, feature_flag or experiment is required, one of them: a tile shows one thing')
    const [thing] = shown
    if (thing) await check(projectId, thing, attr)
    const { rows: counted } = await pool.query<{ count: number }>(
      'SELECT count(*) FROM dashboard_tiles WHERE dashboard_id = $1 AND NOT deleted',
      [dashboardId],
    )
    if ((counted[0]?.count ?? 0) >= maxTiles) throw invalidInput(`${attr}tiles`, `are too many: a dashboard has at most ${maxTiles}`)
    // why: what stood there before and was removed comes back; a text stands nowhere twice.
    const column = thing?.column ?? 'insight_id'
    const { rows } = await pool.query<{ id: number }>(
      `INSERT INTO dashboard_tiles (project_id, dashboard_id, ${column}, text_body, layouts, color, show_description, filters_overrides, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (dashboard_id, ${column}) DO UPDATE SET deleted = false, layouts = EXCLUDED.layouts, color = EXCLUDED.color, last_modified_at = now()
       RETURNING id`,
      [
        projectId,
        dashboardId,
        thing?.id ?? null,
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

  async function change(
    projectId: number,
    dashboardId: number,
    tileId: number,
    wanted: Omit<TileChange, 'id' | Thing['field']>,
  ): Promise<void> {
    const { rows } = await pool.query<{ text_body: string | null }>(
      'SELECT text_body FROM dashboard_tiles WHERE project_id = $1 AND dashboard_id = $2 AND id = $3',
      [projectId, dashboardId, tileId],
    )
    const [found] = rows
    if (!found) throw notFound(`tile ${tileId} of dashboard ${dashboardId}`)
    if (wanted.text && found.text_body === null) throw invalidInput('text', 'cannot be given: the tile shows something else')
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

  /** A tile of the same thing that was removed there before goes; one that stands there is a mistake. */
  async function makeRoom(projectId: number, to: number, { field, column }: Thing, id: number | null): Promise<void> {
    await pool.query(`DELETE FROM dashboard_tiles WHERE project_id = $1 AND dashboard_id = $2 AND ${column} = $3 AND deleted`, [
      projectId,
      to,
      id,
    ])
    const { rows: there } = await pool.query(`SELECT 1 FROM dashboard_tiles WHERE dashboard_id = $1 AND ${column} = $2`, [to, id])
    if (there.length > 0) throw invalidInput('to_dashboard', `is ${to}: the ${field.replace('_', ' ')} stands there already`)
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
      const { rows } = await pool.query<Record<Column, number | null>>(
        `SELECT ${things.map(({ column }) => column).join(', ')} FROM dashboard_tiles WHERE project_id = $1 AND dashboard_id = $2 AND id = $3 AND NOT deleted`,
        [projectId, from, tileId],
      )
      const [found] = rows
      if (!found) throw notFound(`tile ${tileId} of dashboard ${from}`)
      const thing = things.find(({ column }) => found[column] !== null)
      if (thing) await makeRoom(projectId, to, thing, found[thing.column])
      await pool.query(
        `UPDATE dashboard_tiles SET dashboard_id = $3, layouts = '{}', last_modified_at = now() WHERE project_id = $1 AND id = $2`,
        [projectId, tileId, to],
      )
    },
  }
}

export type Tiles = ReturnType<typeof createTiles>

/** What a tile can show beside a text, each kept in a table of its own. */
const things = [
  { field: 'insight', column: 'insight_id', table: 'insights' },
  { field: 'feature_flag', column: 'flag_id', table: 'feature_flags' },
  { field: 'experiment', column: 'experiment_id', table: 'experiments' },
] as const
type Thing = (typeof things)[number]
type Column = Thing['column']
type Shown = Thing & { id: number }

const shownIn = (wanted: NewTile): Shown[] =>
  things.flatMap((thing) => {
    const named = wanted[thing.field]
    return named === null || named === undefined ? [] : [{ ...thing, id: typeof named === 'number' ? named : named.id }]
  })

/** From above, then from the left; tiles without a place last. */
function byPlace(one: TileRow, other: TileRow): number {
  const place = ({ layouts }: TileRow) => (layouts.sm ?? {}) as { x?: number; y?: number }
  const [a, b] = [place(one), place(other)]
  const end = Number.MAX_SAFE_INTEGER
  return (a.y ?? end) - (b.y ?? end) || (a.x ?? end) - (b.x ?? end) || one.tile_id - other.tile_id
}
