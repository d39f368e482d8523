import type { Sql } from '@hedgerow/ingestion'
import type { HoldoutBody, HoldoutChange, NewHoldout, Page, PageQuery } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import { HedgerowError, notFound } from '../errors.ts'
import { storedJson } from '../query/stored-json.ts'

type HoldoutRow = CreatorColumns & Omit<HoldoutBody, 'created_by' | 'created_at' | 'updated_at'> & { created_at: Date; updated_at: Date }

const columns = `experiment_holdouts.id, experiment_holdouts.name, experiment_holdouts.description, experiment_holdouts.filters,
  experiment_holdouts.created_at, experiment_holdouts.updated_at, ${creatorColumns}`
const from = `experiment_holdouts ${creatorJoin('experiment_holdouts')}`

/** Holdouts: people who are kept out of several experiments. */
export function createHoldouts({ pool }: ApplicationStore) {
  async function read(sql: Sql, projectId: number, id: string): Promise<HoldoutBody> {
    const { rows } = /^\d{1,9}$/.test(id)
      ? await sql.query<HoldoutRow>(
          `SELECT ${columns} FROM ${from} WHERE experiment_holdouts.project_id = $1 AND experiment_holdouts.id = $2`,
          [projectId, Number(id)],
        )
      : { rows: [] }
    if (!rows[0]) throw notFound(`holdout ${id.slice(0, 40)}`)
    return holdoutBody(rows[0])
  }

  const get = (projectId: number, id: string) => read(pool as unknown as Sql, projectId, id)

  return {
    get,
    /** Within a transaction. */
    read,

    async list(projectId: number, { limit, offset }: PageQuery): Promise<Pick<Page<HoldoutBody>, 'count' | 'results'>> {
      const counted = await pool.query<{ count: number }>('SELECT count(*) FROM experiment_holdouts WHERE project_id = $1', [projectId])
      const { rows } = await pool.query<HoldoutRow>(
        `SELECT ${columns} FROM ${from} WHERE experiment_holdouts.project_id = $1 ORDER BY experiment_holdouts.id DESC LIMIT $2 OFFSET $3`,
        [projectId, limit, offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(holdoutBody) }
    },

    async create(projectId: number, userId: string | null, wanted: NewHoldout): Promise<HoldoutBody> {
      const { rows } = await pool.query<{ id: number }>(
        'INSERT INTO experiment_holdouts (project_id, name, description, filters, created_by) VALUES ($1, $2, $3, $4, $5) RETURNING id',
        [projectId, wanted.name, wanted.description ?? '', storedJson(wanted.filters), userId],
      )
      return get(projectId, String(rows[0]?.id))
    },

    async change(projectId: number, id: string, change: HoldoutChange): Promise<HoldoutBody> {
      const before = await get(projectId, id)
      await pool.query(
        'UPDATE experiment_holdouts SET name = $3, description = $4, filters = $5, updated_at = now() WHERE project_id = $1 AND id = $2',
        [
          projectId,
          before.id,
          change.name ?? before.name,
          change.description ?? before.description,
          storedJson(change.filters ?? before.filters),
        ],
      )
      return get(projectId, id)
    },

    async remove(projectId: number, id: string): Promise<void> {
      const { id: found } = await get(projectId, id)
      const { rows } = await pool.query<{ name: string }>('SELECT name FROM experiments WHERE holdout_id = $1 AND NOT deleted LIMIT 1', [
        found,
      ])
      if (rows[0])
        throw new HedgerowError('cannot_change', `The holdout belongs to the experiment "${rows[0].name}": take it away there first.`)
      await pool.query('UPDATE experiments SET holdout_id = NULL WHERE holdout_id = $1', [found])
      await pool.query('DELETE FROM experiment_holdouts WHERE id = $1', [found])
    },
  }
}

export type Holdouts = ReturnType<typeof createHoldouts>

const holdoutBody = (row: HoldoutRow): HoldoutBody => ({
  id: row.id,
  name: row.name,
  description: row.description,
  filters: row.filters,
  created_by: creatorBody(row),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})
