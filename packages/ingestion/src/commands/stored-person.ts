import type { CommandEntry } from '@hedgerow/protocol'
import type { BatchBounds } from '../batch/batch.ts'
import type { IngestionState } from '../batch/ingestion-state.ts'
import { personIdOf } from '../identity/person-id.ts'
import { readUuidWords } from '../repeats/uuid-words.ts'

export interface StoredPerson {
  id: string
  properties: Record<string, unknown>
  is_identified: boolean
  created_at: Date
  last_seen_at: Date | null
}

/** What a command about a person works on. */
export interface PersonTarget<Command extends CommandEntry['command']> {
  command: Extract<CommandEntry, { command: Command }>
  bounds: BatchBounds
  state: IngestionState
  person: StoredPerson
  distinctIds: string[]
}

export async function readPerson(projectId: number, personId: string, state: IngestionState): Promise<StoredPerson | undefined> {
  if (personId.length !== 36 || !readUuidWords(personId, new Uint32Array(4))) return undefined
  const { rows } = await state.sql.query<StoredPerson>(
    'SELECT id, properties, is_identified, created_at, last_seen_at FROM persons WHERE project_id = $1 AND id = $2',
    [projectId, personId],
  )
  return rows[0]
}

export async function readDistinctIds(projectId: number, personId: string, state: IngestionState): Promise<string[]> {
  const { rows } = await state.sql.query<{ distinct_id: string }>(
    'SELECT distinct_id FROM person_distinct_ids WHERE project_id = $1 AND person_id = $2 ORDER BY distinct_id',
    [projectId, personId],
  )
  return rows.map((row) => row.distinct_id)
}

/** The worker reads them again when they come next. */
export function forgetPerson(state: IngestionState, projectId: number, personId: string, distinctIds: readonly string[]): void {
  const madeFromThem = distinctIds.map((distinctId) => personIdOf(projectId, distinctId))
  state.persons.forget(projectId, [personId, ...madeFromThem], distinctIds)
}
