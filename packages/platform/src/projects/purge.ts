import { eventStoreTables, type Stores } from '@hedgerow/stores'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../log.ts'

/** Tables of the application store that hold a project's data, all with a `project_id`; what refers to another one comes before it. */
export const purgedTables = [
  'persons',
  'person_distinct_ids',
  'person_tombstones',
  'person_merges',
  'group_types',
  'groups',
  'event_definitions',
  'property_definitions',
  'event_properties',
  'ingestion_warnings',
  'ingestion_repeats',
  'ingestion_commands',
  'actions',
  'cohorts',
  'cohort_calculations',
  'cohort_definitions',
  'static_cohort_members',
  'ingestion_ledger',
  'dashboard_tiles',
  'annotations',
  'dashboards',
  'insights',
  'insight_variables',
  'experiments',
  'experiment_holdouts',
  'experiment_saved_metrics',
  'feature_flags',
  'feature_flag_versions',
  'feature_flag_hash_keys',
  'feature_flag_counts',
  'feature_flag_request_counts',
  'early_access_features',
  'scheduled_changes',
  'activity_log',
  'query_history',
  // Counted up by changes of the others, so they come last.
  'feature_flag_revisions',
  'project_revisions',
] as const

/**
 * Removes what deleted projects hold from all stores, and last the projects themselves; so it is safe to be
 * interrupted. A project with events that still wait is left for the next time.
 */
export async function purgeDeletedProjects(
  { application, events }: Stores,
  { ledger, log, signal }: { ledger: Ledger; log: Log; signal: AbortSignal },
): Promise<void> {
  const { rows } = await application.pool.query<{ id: number }>('SELECT id FROM projects WHERE deleted_at IS NOT NULL ORDER BY id')
  for (const { id } of rows) {
    if ((await ledger.read(id)).waiting > 0) continue
    for (const table of Object.values(eventStoreTables)) {
      if (signal.aborted) return
      await events.command(`DELETE FROM ${table} WHERE project_id = {project:UInt32}`, {
        params: { project: id },
        lane: 'background',
      })
    }
    for (const table of purgedTables) await application.pool.query(`DELETE FROM ${table} WHERE project_id = $1`, [id])
    await application.pool.query('DELETE FROM projects WHERE id = $1', [id])
    log('info', 'a deleted project was purged', { project: id })
  }
}
