import { eventStoreTables } from '@hedgerow/stores'
import type { BatchBounds } from '../batch/batch.ts'
import { distinctIdLine, personLine } from '../batch/event-store-rows.ts'
import { microsText } from '../batch/instants.ts'
import type { CommandPlan, EventDeletion } from './command-plan.ts'
import { forgetPerson, type PersonTarget } from './stored-person.ts'

/** limit: distinct ids in one deletion; they travel in the address of a request. */
const idsPerDeletion = 500

/** The person, its ids, and where asked for all events of these ids go; an id that comes again makes a new person. */
export function planPersonDeletion({ command, bounds, state, person, distinctIds }: PersonTarget<'delete-person'>): CommandPlan {
  const { projectId } = command
  const version = bounds.insertedAtMicros
  const gone = { projectId, id: person.id, createdAtMs: person.created_at.getTime(), json: '{}', isIdentified: person.is_identified }
  const idLines = distinctIds.map((distinctId) => distinctIdLine(projectId, distinctId, person.id, version, true))
  return {
    deletions: command.deleteEvents ? eventDeletions(projectId, distinctIds, bounds) : [],
    tables: [
      { table: eventStoreTables.persons, lines: [personLine(gone, version, true)] },
      { table: eventStoreTables.personDistinctIds, lines: idLines },
      { table: eventStoreTables.personDistinctIdOverrides, lines: idLines },
    ],
    writes: [
      { sql: 'DELETE FROM person_distinct_ids WHERE project_id = $1 AND person_id = $2', values: [projectId, person.id] },
      { sql: 'DELETE FROM persons WHERE project_id = $1 AND id = $2', values: [projectId, person.id], mustChange: 1 },
      {
        sql: `INSERT INTO person_tombstones (project_id, id, version, deleted_at) VALUES ($1, $2, $3, $4)
              ON CONFLICT (project_id, id) DO UPDATE SET version = EXCLUDED.version, deleted_at = EXCLUDED.deleted_at`,
        values: [projectId, person.id, version, `${microsText(version)}+00`],
      },
    ],
    outcome: { status: 'done', personIds: [person.id], distinctIds: distinctIds.length },
    forget: () => forgetPerson(state, projectId, person.id, distinctIds),
  }
}

/**
 * Events belong to whom their distinct id belongs to. What is inserted later, by events that come after the command, stays.
 */
function eventDeletions(projectId: number, distinctIds: readonly string[], bounds: BatchBounds): EventDeletion[] {
  const deletions: EventDeletion[] = []
  for (let at = 0; at < distinctIds.length; at += idsPerDeletion) {
    deletions.push({
      sql: `DELETE FROM ${eventStoreTables.events} WHERE project_id = {projectId: UInt32}
            AND distinct_id IN {distinctIds: Array(String)} AND inserted_at < {before: DateTime64(6, 'UTC')}`,
      params: { projectId, distinctIds: distinctIds.slice(at, at + idsPerDeletion), before: microsText(bounds.insertedAtMicros) },
    })
  }
  return deletions
}
