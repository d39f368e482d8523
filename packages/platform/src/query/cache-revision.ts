import type { ApplicationStore } from '@hedgerow/stores'
import { notFound } from '../errors.ts'

/** How far a project's data and definitions have come. */
export interface ProjectRevision {
  /** Another one whenever the answer to any question of the project may have changed. */
  revision: string
  timezone: string
  /** Every event stored up to this moment is in what is computed from now on. */
  includedUntil: string | null
}

/**
 * `inserted_at` up to which every batch has been stored. Batches that were begun are left out until they are done.
 * One row of `ingestion_progress`, as `p`.
 */
export const includedUntilSql = `coalesce((SELECT min(inserted_at) - interval '1 microsecond' FROM ingestion_pending_batches), p.last_inserted_at)`

/**
 * One short read. New events, persons and groups change the ledger, in the transaction that commits them; everything else that
 * matters counts up `project_revisions` by triggers. Both are the project's own, so one project's events leave the answers of others.
 * @throws HedgerowError `not_found`
 */
export async function readRevision({ pool }: ApplicationStore, projectId: number): Promise<ProjectRevision> {
  const { rows } = await pool.query<{ timezone: string; stored: number; revision: number; included_until: Date | null }>(
    `SELECT projects.timezone, coalesce(l.stored, 0) AS stored, coalesce(r.revision, 0) AS revision, ${includedUntilSql} AS included_until
     FROM projects
     LEFT JOIN ingestion_ledger l ON l.project_id = projects.id
     LEFT JOIN project_revisions r ON r.project_id = projects.id
     CROSS JOIN ingestion_progress p
     WHERE projects.id = $1 AND projects.deleted_at IS NULL`,
    [projectId],
  )
  const row = rows[0]
  if (!row) throw notFound(`project ${projectId}`)
  return {
    revision: `${row.stored}.${row.revision}`,
    timezone: row.timezone,
    includedUntil: row.included_until?.toISOString() ?? null,
  }
}
