import { randomUUID } from 'node:crypto'
import type { NewSavedMetric, Page, PageQuery, SavedMetricBody, SavedMetricChange } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import { notFound } from '../errors.ts'
import { storedJson } from '../query/stored-json.ts'

type SavedMetricRow = CreatorColumns &
  Omit<SavedMetricBody, 'created_by' | 'created_at' | 'updated_at'> & { created_at: Date; updated_at: Date }

const table = 'experiment_saved_metrics'
const columns = `${table}.id, ${table}.name, ${table}.description, ${table}.query, ${table}.metadata, ${table}.tags, ${table}.created_at,
  ${table}.updated_at, ${creatorColumns}`
const from = `${table} ${creatorJoin(table)}`

/** Metrics that several experiments share; a change is a change for all of them, and begins new results. */
export function createSavedMetrics({ pool }: ApplicationStore) {
  async function get(projectId: number, id: string): Promise<SavedMetricBody> {
    const { rows } = /^\d{1,9}$/.test(id)
      ? await pool.query<SavedMetricRow>(`SELECT ${columns} FROM ${from} WHERE ${table}.project_id = $1 AND ${table}.id = $2`, [
          projectId,
          Number(id),
        ])
      : { rows: [] }
    if (!rows[0]) throw notFound(`shared metric ${id.slice(0, 40)}`)
    return savedMetricBody(rows[0])
  }

  return {
    get,

    async list(
      projectId: number,
      { limit, offset, search }: PageQuery & { search?: string | undefined },
    ): Promise<Pick<Page<SavedMetricBody>, 'count' | 'results'>> {
      const pattern = search ? `%${search.replace(/[\\%_]/g, '\\$&')}%` : null
      const where = `${table}.project_id = $1 AND ($2::text IS NULL OR ${table}.name ILIKE $2)`
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE ${where}`, [projectId, pattern])
      const { rows } = await pool.query<SavedMetricRow>(
        `SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY ${table}.name, ${table}.id LIMIT $3 OFFSET $4`,
        [projectId, pattern, limit, offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(savedMetricBody) }
    },

    async create(projectId: number, userId: string | null, wanted: NewSavedMetric): Promise<SavedMetricBody> {
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO ${table} (project_id, name, description, query, metadata, tags, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
        [
          projectId,
          wanted.name,
          wanted.description ?? '',
          storedJson({ uuid: randomUUID(), ...wanted.query }),
          storedJson(wanted.metadata ?? {}),
          wanted.tags ?? [],
          userId,
        ],
      )
      return get(projectId, String(rows[0]?.id))
    },

    async change(projectId: number, id: string, change: SavedMetricChange): Promise<SavedMetricBody> {
      const before = await get(projectId, id)
      const query = change.query ? { ...change.query, uuid: change.query.uuid ?? before.query.uuid } : before.query
      await pool.query(
        `UPDATE ${table} SET name = $3, description = $4, query = $5, metadata = $6, tags = $7, updated_at = now() WHERE project_id = $1 AND id = $2`,
        [
          projectId,
          before.id,
          change.name ?? before.name,
          change.description ?? before.description,
          storedJson(query),
          storedJson(change.metadata ?? before.metadata),
          change.tags ?? before.tags,
        ],
      )
      return get(projectId, id)
    },

    async remove(projectId: number, id: string): Promise<void> {
      const found = await get(projectId, id)
      await pool.query(`DELETE FROM ${table} WHERE id = $1`, [found.id])
    },
  }
}

const savedMetricBody = (row: SavedMetricRow): SavedMetricBody => ({
  id: row.id,
  name: row.name,
  description: row.description,
  query: row.query,
  metadata: row.metadata,
  tags: row.tags,
  created_by: creatorBody(row),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})
