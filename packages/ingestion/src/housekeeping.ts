import type { Sql } from './batch/sql.ts'
import type { IngestionLimits } from './limits.ts'

const keptTables = ['ingestion_warnings', 'ingestion_repeats'] as const

/** Forgets warnings and repeats beyond those kept for each project, and outcomes of commands that nobody waits for any more. */
export async function keepHouse(sql: Sql, projectIds: Iterable<number>, limits: IngestionLimits, nowMs: number): Promise<void> {
  for (const projectId of projectIds) {
    for (const table of keptTables) {
      await sql.query(
        `DELETE FROM ${table} WHERE project_id = $1 AND id <= (SELECT id FROM ${table} WHERE project_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
        [projectId, limits.maxWarningsKept],
      )
    }
  }
  await sql.query('DELETE FROM ingestion_commands WHERE finished_at < $1', [new Date(nowMs - limits.commandOutcomesKeptMs).toISOString()])
}
