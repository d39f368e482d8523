import type { Sql } from '../batch/sql.ts'
import type { PersonCache } from './person-cache.ts'
import { type DistinctIdState, keyOf, type PersonState, personOf } from './person-state.ts'

export interface DistinctIdKey {
  projectId: number
  distinctId: string
}

interface LoadedRow {
  project_id: number
  distinct_id: string
  id: string
  properties: Record<string, unknown>
  is_identified: boolean
  created_at: Date
  last_seen_at: Date | null
}

/**
 * Brings distinct ids that the cache does not know, each once, with their persons into it; one query for all.
 *
 * why: LATERAL with OFFSET. Joined plainly, Postgres reads a table of up to some hundred thousand ids from end to end for every slice of a batch,
 * rather than look up 250 of them.
 */
export async function loadDistinctIds(sql: Sql, cache: PersonCache, missing: readonly DistinctIdKey[]): Promise<void> {
  if (missing.length === 0) return
  const { rows } = await sql.query<LoadedRow>(
    `SELECT d.project_id, d.distinct_id, p.id, p.properties, p.is_identified, p.created_at, p.last_seen_at
     FROM unnest($1::int[], $2::text[]) AS k(project_id, distinct_id)
     CROSS JOIN LATERAL (
       SELECT project_id, distinct_id, person_id FROM person_distinct_ids WHERE project_id = k.project_id AND distinct_id = k.distinct_id OFFSET 0
     ) d
     CROSS JOIN LATERAL (
       SELECT id, properties, is_identified, created_at, last_seen_at FROM persons WHERE project_id = d.project_id AND id = d.person_id OFFSET 0
     ) p`,
    [missing.map((key) => key.projectId), missing.map((key) => key.distinctId)],
  )
  const found = new Map(rows.map((row) => [keyOf(row.project_id, row.distinct_id), row]))
  for (const { projectId, distinctId } of missing) {
    const row = found.get(keyOf(projectId, distinctId))
    const person = row ? (cache.person(projectId, row.id) ?? personFrom(row)) : undefined
    cache.keepDistinctId({ projectId, distinctId, person, changedIn: 0 })
  }
}

function personFrom(row: LoadedRow): PersonState {
  const createdAtMs = row.created_at.getTime()
  return {
    projectId: row.project_id,
    id: row.id,
    properties: row.properties,
    json: JSON.stringify(row.properties),
    snapshot: undefined,
    isIdentified: row.is_identified,
    createdAtMs,
    lastSeenAtMs: row.last_seen_at?.getTime() ?? createdAtMs,
    distinctIds: undefined,
    mergedInto: undefined,
    isNew: false,
    changedIn: 0,
  }
}

/**
 * Completes `distinctIds` of these persons. What batches on their way have changed (`uncommitted`) is not in the
 * application store yet, or no longer: the worker's own knowledge goes first.
 */
export async function loadDistinctIdsOf(
  sql: Sql,
  cache: PersonCache,
  persons: readonly PersonState[],
  uncommitted: readonly DistinctIdState[],
): Promise<void> {
  const missing = new Map(persons.filter((person) => !person.distinctIds).map((person) => [keyOf(person.projectId, person.id), person]))
  if (missing.size === 0) return
  const wanted = [...missing.values()]
  const { rows } = await sql.query<{ project_id: number; person_id: string; distinct_id: string }>(
    `SELECT d.project_id, d.person_id, d.distinct_id
     FROM unnest($1::int[], $2::uuid[]) AS k(project_id, person_id)
     CROSS JOIN LATERAL (
       SELECT project_id, person_id, distinct_id FROM person_distinct_ids WHERE project_id = k.project_id AND person_id = k.person_id OFFSET 0
     ) d`,
    [wanted.map((person) => person.projectId), wanted.map((person) => person.id)],
  )
  const lists = new Map(wanted.map((person) => [person, new Set<string>()]))
  for (const row of rows) {
    const person = missing.get(keyOf(row.project_id, row.person_id))
    const known = cache.distinctId(row.project_id, row.distinct_id)
    if (person && (!known || personOf(known) === person)) lists.get(person)?.add(row.distinct_id)
  }
  for (const state of uncommitted) {
    const person = personOf(state)
    if (person) lists.get(person)?.add(state.distinctId)
  }
  for (const [person, distinctIds] of lists) person.distinctIds = [...distinctIds]
}
