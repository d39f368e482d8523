import type { ActivityBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { type CreatorColumns, creatorBody, creatorColumns } from '../accounts/creator.ts'
import { storedJson } from '../query/stored-json.ts'

export type ActivityScope = 'Insight' | 'Dashboard'

/** Who did what to which object of a project. */
export function createActivity({ pool }: ApplicationStore) {
  return {
    async note(
      projectId: number,
      userId: string | null,
      entry: { scope: ActivityScope; itemId: number; activity: string; detail: Record<string, unknown> },
    ): Promise<void> {
      await pool.query('INSERT INTO activity_log (project_id, user_id, scope, item_id, activity, detail) VALUES ($1, $2, $3, $4, $5, $6)', [
        projectId,
        userId,
        entry.scope,
        String(entry.itemId),
        entry.activity,
        storedJson(entry.detail),
      ])
    },

    /** Newest first; of one object, or of all of the scope. */
    async list(
      projectId: number,
      scope: ActivityScope,
      itemId: number | undefined,
      { limit, offset }: { limit: number; offset: number },
    ): Promise<{ count: number; results: ActivityBody[] }> {
      const where = 'a.project_id = $1 AND a.scope = $2 AND ($3::text IS NULL OR a.item_id = $3)'
      const values = [projectId, scope, itemId === undefined ? null : String(itemId)]
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM activity_log a WHERE ${where}`, values)
      const { rows } = await pool.query<CreatorColumns & Omit<ActivityBody, 'user' | 'created_at'> & { created_at: Date }>(
        `SELECT a.id::text AS id, a.scope, a.item_id, a.activity, a.detail, a.created_at, ${creatorColumns}
         FROM activity_log a LEFT JOIN users creator ON creator.id = a.user_id WHERE ${where} ORDER BY a.id DESC LIMIT $4 OFFSET $5`,
        [...values, limit, offset],
      )
      return {
        count: counted.rows[0]?.count ?? 0,
        results: rows.map((row) => ({
          id: row.id,
          user: creatorBody(row),
          activity: row.activity,
          scope: row.scope,
          item_id: row.item_id,
          detail: row.detail,
          created_at: row.created_at.toISOString(),
        })),
      }
    },
  }
}

export type Activity = ReturnType<typeof createActivity>

/** The fields that a change made different, each with what it was and what it is. */
export function changesBetween(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown>[] {
  return Object.keys(after)
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, action: 'changed', before: before[field] ?? null, after: after[field] ?? null }))
}
