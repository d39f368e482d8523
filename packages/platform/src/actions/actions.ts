import type { ActionBody, ActionChange, ActionStep, NewAction, Page, PageQuery } from '@hedgerow/protocol'
import type { Stores } from '@hedgerow/stores'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import { notFound } from '../errors.ts'
import { checkSteps } from './check-steps.ts'

interface ActionRow extends CreatorColumns {
  id: number
  project_id: number
  name: string
  description: string
  steps: ActionStep[]
  tags: string[]
  pinned_at: Date | null
  deleted: boolean
  created_at: Date
  updated_at: Date
}

const columns = `actions.id, actions.project_id, actions.name, actions.description, actions.steps, actions.tags, actions.pinned_at, actions.deleted,
  actions.created_at, actions.updated_at, ${creatorColumns}`
const from = `actions ${creatorJoin('actions')}`

/** Named kinds of events. Deleting one marks it: insights that name it lose its series, and it can be brought back. */
export function createActions({ application: { pool }, events }: Pick<Stores, 'application' | 'events'>) {
  async function get(projectId: number, id: string): Promise<ActionRow> {
    const { rows } = /^\d{1,9}$/.test(id)
      ? await pool.query<ActionRow>(`SELECT ${columns} FROM ${from} WHERE actions.project_id = $1 AND actions.id = $2`, [projectId, id])
      : { rows: [] }
    const [row] = rows
    if (!row) throw notFound(`action ${id.slice(0, 40)}`)
    return row
  }

  return {
    async list(
      projectId: number,
      { limit, offset, search }: PageQuery & { search?: string | undefined },
    ): Promise<Pick<Page<ActionBody>, 'count' | 'results'>> {
      const where = `actions.project_id = $1 AND NOT actions.deleted AND ($2 = '' OR position(lower($2) in lower(actions.name)) > 0)`
      const values = [projectId, search ?? '']
      const [counted, { rows }] = await Promise.all([
        pool.query<{ count: number }>(`SELECT count(*) FROM actions WHERE ${where}`, values),
        pool.query<ActionRow>(
          `SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY actions.pinned_at DESC NULLS LAST, lower(actions.name), actions.id LIMIT $3 OFFSET $4`,
          [...values, limit, offset],
        ),
      ])
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(actionBody) }
    },

    get: async (projectId: number, id: string): Promise<ActionBody> => actionBody(await get(projectId, id)),

    /** Throws `invalid_input` for a step that no event could be held against. */
    async create(projectId: number, userId: string | null, wanted: NewAction): Promise<ActionBody> {
      const steps = wanted.steps ?? []
      await checkSteps(events, steps)
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO actions (project_id, name, description, steps, tags, pinned_at, created_by)
         VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN now() END, $7) RETURNING id`,
        [projectId, wanted.name, wanted.description ?? '', JSON.stringify(steps), wanted.tags ?? [], Boolean(wanted.pinned_at), userId],
      )
      return actionBody(await get(projectId, String(rows[0]?.id)))
    },

    async change(projectId: number, id: string, change: ActionChange): Promise<ActionBody> {
      const row = await get(projectId, id)
      if (change.steps) await checkSteps(events, change.steps)
      const isPinned = change.pinned_at === undefined ? row.pinned_at !== null : change.pinned_at !== null
      await pool.query(
        `UPDATE actions SET name = $3, description = $4, steps = $5, tags = $6, deleted = $7,
           pinned_at = CASE WHEN $8 THEN coalesce(pinned_at, now()) END, updated_at = now() WHERE project_id = $1 AND id = $2`,
        [
          projectId,
          row.id,
          change.name ?? row.name,
          change.description === undefined ? row.description : (change.description ?? ''),
          JSON.stringify(change.steps ?? row.steps),
          change.tags ?? row.tags,
          change.deleted ?? row.deleted,
          isPinned,
        ],
      )
      return actionBody(await get(projectId, id))
    },

    async delete(projectId: number, id: string): Promise<void> {
      const row = await get(projectId, id)
      await pool.query('UPDATE actions SET deleted = true, updated_at = now() WHERE project_id = $1 AND id = $2', [projectId, row.id])
    },
  }
}

function actionBody(row: ActionRow): ActionBody {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    tags: row.tags,
    steps: row.steps,
    created_at: row.created_at.toISOString(),
    created_by: creatorBody(row),
    updated_at: row.updated_at.toISOString(),
    deleted: row.deleted,
    pinned_at: row.pinned_at?.toISOString() ?? null,
    is_calculating: false,
    last_calculated_at: row.updated_at.toISOString(),
    team_id: row.project_id,
    is_action: true,
  }
}

export type Actions = ReturnType<typeof createActions>
