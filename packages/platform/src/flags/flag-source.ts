import type { CohortDefinition, FlagDefinition, FlagSource } from '@hedgerow/flags'
import type { Sql } from '@hedgerow/ingestion'
import { criteriaOf } from '@hedgerow/protocol'
import { definitionOf, type FlagFields } from './flag-row.ts'

type StoredFlag = FlagFields & { id: number; version: number; has_experiment: boolean }

const storedColumns = `id, key, name, filters, active, archived, deleted, version, ensure_experience_continuity, bucketing_identifier,
  evaluation_runtime, evaluation_contexts, is_remote_configuration, has_encrypted_payloads, tags,
  EXISTS (SELECT 1 FROM experiments x WHERE x.project_id = f.project_id AND x.flag_id = f.id AND NOT x.deleted) AS has_experiment`

/** All that a project's flags are evaluated by, as it is stored now. */
export async function readFlagSource(sql: Sql, projectId: number): Promise<FlagSource> {
  const [flags, cohorts, types, projects] = [
    await readFlags(sql, projectId),
    await readCohorts(sql, projectId),
    await sql.query<{ group_type: string; group_type_index: number }>(
      'SELECT group_type, group_type_index FROM group_types WHERE project_id = $1 ORDER BY group_type_index',
      [projectId],
    ),
    await sql.query<{ timezone: string }>('SELECT timezone FROM projects WHERE id = $1', [projectId]),
  ]
  return {
    flags,
    cohorts,
    groupTypes: new Map(types.rows.map((row) => [row.group_type, row.group_type_index])),
    timezone: projects.rows[0]?.timezone ?? 'UTC',
  }
}

export async function readFlags(sql: Sql, projectId: number): Promise<FlagDefinition[]> {
  const { rows } = await sql.query<StoredFlag>(
    `SELECT ${storedColumns} FROM feature_flags f WHERE project_id = $1 AND NOT deleted ORDER BY id`,
    [projectId],
  )
  return rows.map((row) => definitionOf(row))
}

export async function readCohorts(sql: Sql, projectId: number): Promise<CohortDefinition[]> {
  const { rows } = await sql.query<{ id: number; is_static: boolean; filters: { properties?: never }; groups: never }>(
    'SELECT id, is_static, filters, groups FROM cohorts WHERE project_id = $1 AND NOT deleted ORDER BY id',
    [projectId],
  )
  return rows.map((row) => ({ id: row.id, isStatic: row.is_static, properties: row.is_static ? null : (criteriaOf(row) ?? null) }))
}
