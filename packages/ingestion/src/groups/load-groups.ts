import type { Sql } from '../batch/sql.ts'
import type { Properties } from '../identity/person-updates.ts'
import { type GroupCache, groupKeyOf } from './group-cache.ts'

export async function loadGroupTypes(sql: Sql, cache: GroupCache, projectIds: Iterable<number>): Promise<void> {
  const missing = [...new Set(projectIds)].filter((projectId) => !cache.types.has(projectId))
  if (missing.length === 0) return
  const { rows } = await sql.query<{ project_id: number; group_type_index: number; group_type: string }>(
    'SELECT project_id, group_type_index, group_type FROM group_types WHERE project_id = ANY($1::int[])',
    [missing],
  )
  for (const projectId of missing) cache.types.set(projectId, new Map())
  for (const row of rows) cache.types.get(row.project_id)?.set(row.group_type, row.group_type_index)
}

export interface GroupAddress {
  projectId: number
  typeIndex: number
  key: string
}

/** Brings groups that exist into the cache. */
export async function loadGroups(sql: Sql, cache: GroupCache, addresses: readonly GroupAddress[]): Promise<void> {
  const missing = addresses.filter(({ projectId, typeIndex, key }) => !cache.get(groupKeyOf(projectId, typeIndex, key)))
  if (missing.length === 0) return
  const { rows } = await sql.query<{
    project_id: number
    group_type_index: number
    group_key: string
    properties: Properties
    created_at: Date
  }>(
    `SELECT g.project_id, g.group_type_index, g.group_key, g.properties, g.created_at
     FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::smallint[], $3::text[]) AS u(project_id, group_type_index, group_key)) k
     CROSS JOIN LATERAL (
       SELECT project_id, group_type_index, group_key, properties, created_at FROM groups
       WHERE project_id = k.project_id AND group_type_index = k.group_type_index AND group_key = k.group_key OFFSET 0
     ) g`,
    [missing.map((address) => address.projectId), missing.map((address) => address.typeIndex), missing.map((address) => address.key)],
  )
  for (const row of rows) {
    cache.keep({
      projectId: row.project_id,
      typeIndex: row.group_type_index,
      key: row.group_key,
      properties: row.properties,
      json: JSON.stringify(row.properties),
      createdAtMs: row.created_at.getTime(),
      changedIn: 0,
    })
  }
}
