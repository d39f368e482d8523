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
 * One short read; `included_until` is the `inserted_at` up to which every batch has been stored: those that were begun are left out until they
 * are done. New events, persons and groups change the ledger, in the transaction that commits them; everything else that
 * matters counts up `project_revisions` by triggers. Both are the project's own, so one project's events leave the answers of others.
 * @throws HedgerowError `not_found`
 */
export async function readRevision({ pool }: ApplicationStore, projectId: number): Promise<ProjectRevision> {
  const { rows } = await pool.query<{ timezone: string; stored: number; revision: number; included_until: Date | null }>(
    'SELECT timezone, stored, revision, included_until FROM project_revision($1)',
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
