import type { GroupChanges } from '../groups/group-changes.ts'
import type { PersonChanges } from '../identity/person-changes.ts'
import { personOf, survivorOf } from '../identity/person-state.ts'
import type { DefinitionChanges } from '../steps/collect-definitions.ts'
import type { BatchJournal } from './batch-journal.ts'
import { instantText, microsText } from './instants.ts'
import { invariant } from './retry.ts'
import type { Sql } from './sql.ts'

/** One statement of a batch's transaction, ready to be sent. */
export interface ApplicationWrite {
  sql: string
  values: unknown[]
  /** Rows that it must change: ingestion alone writes them, so that no version can be newer than this batch's. */
  mustChange?: number
}

/** limit: characters of rows in one statement. */
const maxStatementLength = 4_000_000

const upsertPersons = `
INSERT INTO persons AS p (project_id, id, properties, is_identified, created_at, last_seen_at, version)
SELECT project_id, id, properties, is_identified, created_at, last_seen_at, $2
FROM json_to_recordset($1::json) AS r(project_id int, id uuid, properties jsonb, is_identified boolean, created_at timestamptz, last_seen_at timestamptz)
ON CONFLICT (project_id, id) DO UPDATE SET properties = EXCLUDED.properties, is_identified = EXCLUDED.is_identified,
  created_at = EXCLUDED.created_at, last_seen_at = EXCLUDED.last_seen_at, version = EXCLUDED.version
WHERE p.version < EXCLUDED.version`

const deletePersons = `
DELETE FROM persons p USING json_to_recordset($1::json) AS r(project_id int, id uuid)
WHERE p.project_id = r.project_id AND p.id = r.id`

const seePersons = `
UPDATE persons p SET last_seen_at = r.last_seen_at
FROM json_to_recordset($1::json) AS r(project_id int, id uuid, last_seen_at timestamptz)
WHERE p.project_id = r.project_id AND p.id = r.id`

const upsertDistinctIds = `
INSERT INTO person_distinct_ids AS d (project_id, distinct_id, person_id, version)
SELECT project_id, distinct_id, person_id, $2 FROM json_to_recordset($1::json) AS r(project_id int, distinct_id text, person_id uuid)
ON CONFLICT (project_id, distinct_id) DO UPDATE SET person_id = EXCLUDED.person_id, version = EXCLUDED.version
WHERE d.version < EXCLUDED.version`

const insertMerges = `
INSERT INTO person_merges (project_id, person_id, kind, distinct_id, other_person_id, event_uuid, event_name, occurred_at)
SELECT project_id, person_id, kind, distinct_id, other_person_id, event_uuid, event_name, occurred_at
FROM json_to_recordset($1::json) AS r(project_id int, person_id uuid, kind text, distinct_id text, other_person_id uuid, event_uuid uuid,
  event_name text, occurred_at timestamptz)
ON CONFLICT DO NOTHING`

const insertGroupTypes = `
INSERT INTO group_types (project_id, group_type_index, group_type, created_at)
SELECT project_id, group_type_index, group_type, created_at
FROM json_to_recordset($1::json) AS r(project_id int, group_type_index smallint, group_type text, created_at timestamptz)`

const upsertGroups = `
INSERT INTO groups AS g (project_id, group_type_index, group_key, properties, created_at, version)
SELECT project_id, group_type_index, group_key, properties, created_at, $2
FROM json_to_recordset($1::json) AS r(project_id int, group_type_index smallint, group_key text, properties jsonb, created_at timestamptz)
ON CONFLICT (project_id, group_type_index, group_key) DO UPDATE SET properties = EXCLUDED.properties, version = EXCLUDED.version
WHERE g.version < EXCLUDED.version`

const upsertEventDefinitions = `
INSERT INTO event_definitions AS e (project_id, name, volume, created_at, last_seen_at)
SELECT project_id, name, volume, $2::timestamptz, $2::timestamptz FROM json_to_recordset($1::json) AS r(project_id int, name text, volume bigint)
ON CONFLICT (project_id, name) DO UPDATE SET volume = e.volume + EXCLUDED.volume, last_seen_at = EXCLUDED.last_seen_at`

const upsertPropertyDefinitions = `
INSERT INTO property_definitions AS d (project_id, type, group_type_index, name, property_type, created_at, last_seen_at)
SELECT project_id, type, group_type_index, name, property_type, $2::timestamptz, $2::timestamptz
FROM json_to_recordset($1::json) AS r(project_id int, type text, group_type_index smallint, name text, property_type text)
ON CONFLICT (project_id, type, group_type_index, name) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at,
  property_type = CASE WHEN d.property_type_source = 'inferred' THEN EXCLUDED.property_type ELSE d.property_type END`

const insertEventProperties = `
INSERT INTO event_properties (project_id, event, property)
SELECT project_id, event, property FROM json_to_recordset($1::json) AS r(project_id int, event text, property text)
ON CONFLICT DO NOTHING`

const insertWarnings = `
INSERT INTO ingestion_warnings (project_id, reason, rejected, occurred_at, event_uuid, event_name, distinct_id, detail)
SELECT project_id, reason, rejected, occurred_at, event_uuid, event_name, distinct_id, detail
FROM json_to_recordset($1::json) AS r(project_id int, reason text, rejected boolean, occurred_at timestamptz, event_uuid uuid, event_name text,
  distinct_id text, detail text)`

const insertRepeats = `
INSERT INTO ingestion_repeats (project_id, received_at, event_uuid, event_name, distinct_id)
SELECT project_id, received_at, event_uuid, event_name, distinct_id
FROM json_to_recordset($1::json) AS r(project_id int, received_at timestamptz, event_uuid uuid, event_name text, distinct_id text)`

const sumOfCounts = (column: string) => `(
  SELECT coalesce(jsonb_object_agg(key, total), '{}') FROM (
    SELECT key, sum(value::bigint) AS total
    FROM (SELECT * FROM jsonb_each_text(l.${column}) UNION ALL SELECT * FROM jsonb_each_text(EXCLUDED.${column})) AS counts
    GROUP BY key
  ) AS sums)`

const addToLedger = `
INSERT INTO ingestion_ledger AS l (project_id, accepted, stored, rejected, repeated, rejected_by_reason, warnings_by_reason, last_event_stored_at)
SELECT project_id, accepted, stored, rejected, repeated, rejected_by_reason, warnings_by_reason, CASE WHEN stored > 0 THEN $2::timestamptz END
FROM json_to_recordset($1::json) AS r(project_id int, accepted bigint, stored bigint, rejected bigint, repeated bigint,
  rejected_by_reason jsonb, warnings_by_reason jsonb)
ON CONFLICT (project_id) DO UPDATE SET accepted = l.accepted + EXCLUDED.accepted, stored = l.stored + EXCLUDED.stored,
  rejected = l.rejected + EXCLUDED.rejected, repeated = l.repeated + EXCLUDED.repeated,
  rejected_by_reason = ${sumOfCounts('rejected_by_reason')}, warnings_by_reason = ${sumOfCounts('warnings_by_reason')},
  last_event_stored_at = coalesce(EXCLUDED.last_event_stored_at, l.last_event_stored_at)`

/** What a batch changed about persons. To be called before a later batch changes them again. */
export function personWrites(changes: PersonChanges, version: number): ApplicationWrite[] {
  const persons = [...changes.persons]
  const alive = persons.filter((person) => !person.mergedInto)
  const gone = persons.filter((person) => person.mergedInto && !person.isNew)
  const seen = [...changes.seen].filter((person) => !changes.persons.has(person) && !person.mergedInto)
  const personLines = alive.map(
    (person) =>
      `{"project_id":${person.projectId},"id":"${person.id}","properties":${person.json},"is_identified":${person.isIdentified},"created_at":"${instantText(person.createdAtMs)}+00","last_seen_at":"${instantText(person.lastSeenAtMs)}+00"}`,
  )
  const distinctIds: object[] = []
  for (const state of changes.distinctIds.values()) {
    const person = personOf(state)
    if (person) distinctIds.push({ project_id: state.projectId, distinct_id: state.distinctId, person_id: person.id })
  }
  const merges = changes.merges.map((merge) => ({
    project_id: merge.projectId,
    person_id: survivorOf(merge.person).id,
    kind: merge.kind,
    distinct_id: merge.distinctId,
    other_person_id: merge.otherPersonId,
    event_uuid: merge.eventUuid,
    event_name: merge.eventName,
    occurred_at: `${instantText(merge.occurredAtMs)}+00`,
  }))
  return [
    ...writes(deletePersons, gone.map(personKeyLine)),
    ...writes(upsertPersons, personLines, { values: [version], mustChangeAll: true }),
    ...writes(
      seePersons,
      seen.map((person) =>
        JSON.stringify({ project_id: person.projectId, id: person.id, last_seen_at: `${instantText(person.lastSeenAtMs)}+00` }),
      ),
    ),
    ...writes(upsertDistinctIds, lines(distinctIds), { values: [version], mustChangeAll: true }),
    ...writes(insertMerges, lines(merges)),
  ]
}

export function groupWrites(changes: GroupChanges, version: number): ApplicationWrite[] {
  const types = changes.newTypes.map(({ projectId, typeIndex, type, createdAtMs }) => ({
    project_id: projectId,
    group_type_index: typeIndex,
    group_type: type,
    created_at: `${instantText(createdAtMs)}+00`,
  }))
  const groupLines = [...changes.groups].map(
    (group) =>
      `{"project_id":${group.projectId},"group_type_index":${group.typeIndex},"group_key":${JSON.stringify(group.key)},"properties":${group.json},"created_at":"${instantText(group.createdAtMs)}+00"}`,
  )
  return [
    ...writes(insertGroupTypes, lines(types), { mustChangeAll: true }),
    ...writes(upsertGroups, groupLines, { values: [version], mustChangeAll: true }),
  ]
}

export function definitionWrites(changes: DefinitionChanges, seenAt: string): ApplicationWrite[] {
  const events = [...changes.events.values()].map(({ projectId, name, count }) => ({ project_id: projectId, name, volume: count }))
  const properties = [...changes.properties].map(([known, { projectId }]) => ({
    project_id: projectId,
    type: known.kind,
    group_type_index: known.groupTypeIndex,
    name: known.name,
    property_type: known.type,
  }))
  const pairs = changes.pairs.map(({ projectId, event, property }) => ({ project_id: projectId, event, property }))
  return [
    ...writes(upsertEventDefinitions, lines(events), { values: [seenAt] }),
    ...writes(upsertPropertyDefinitions, lines(properties), { values: [seenAt] }),
    ...writes(insertEventProperties, lines(pairs)),
  ]
}

/** Made last, when it is known of every row whether the event store took it. */
export function journalWrites(journal: BatchJournal, insertedAtMicros: number): ApplicationWrite[] {
  const ledger: object[] = []
  const firstStored: number[] = []
  for (const [projectId, tally] of journal.tallies) {
    const rejected = sum(tally.rejected.values())
    invariant(
      tally.accepted === tally.stored + rejected + tally.repeated,
      `The ledger of project ${projectId} does not add up: ${tally.accepted} accepted, ${tally.stored} stored, ${rejected} rejected, ${tally.repeated} repeated.`,
    )
    ledger.push({
      project_id: projectId,
      accepted: tally.accepted,
      stored: tally.stored,
      rejected,
      repeated: tally.repeated,
      rejected_by_reason: Object.fromEntries(tally.rejected),
      warnings_by_reason: Object.fromEntries(tally.warned),
    })
    if (tally.stored > 0) firstStored.push(projectId)
  }
  const insertedAt = `${microsText(insertedAtMicros)}+00`
  return [
    ...writes(insertWarnings, lines(journal.rows)),
    ...writes(insertRepeats, lines(journal.repeats)),
    ...writes(addToLedger, lines(ledger), { values: [insertedAt] }),
    { sql: 'UPDATE projects SET ingested_event = true WHERE id = ANY($1::int[]) AND NOT ingested_event', values: [firstStored] },
  ]
}

export async function applyWrites(store: Sql, all: readonly ApplicationWrite[]): Promise<void> {
  for (const write of all) {
    const { rowCount } = await store.query(write.sql, write.values)
    invariant(
      write.mustChange === undefined || rowCount === write.mustChange,
      `A statement should have changed ${write.mustChange} rows and changed ${rowCount}: somebody else writes what ingestion writes. ${write.sql.trim().slice(0, 80)}`,
    )
  }
}

const personKeyLine = (person: { projectId: number; id: string }): string => JSON.stringify({ project_id: person.projectId, id: person.id })
const lines = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row))

/** Statements over lists of rows in JSON, none longer than the limit. */
function writes(
  sql: string,
  rowLines: readonly string[],
  options: { values?: unknown[]; mustChangeAll?: boolean } = {},
): ApplicationWrite[] {
  const result: ApplicationWrite[] = []
  let chunk: string[] = []
  let length = 0
  const flush = () => {
    if (chunk.length === 0) return
    const mustChange = options.mustChangeAll ? { mustChange: chunk.length } : {}
    result.push({ sql, values: [`[${chunk.join(',')}]`, ...(options.values ?? [])], ...mustChange })
    chunk = []
    length = 0
  }
  for (const line of rowLines) {
    chunk.push(line)
    length += line.length
    if (length > maxStatementLength) flush()
  }
  flush()
  return result
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
