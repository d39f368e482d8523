import { eventRow, personRow, type QueryStores } from '../query-test-stores.ts'

/** Stands in every text of the project that must not be seen. */
export const secret = 'SECRET'

const ids = {
  own: '11111111-1111-4111-8111-111111111111',
  merged: '12121212-1212-4121-8121-121212121212',
  foreign: '22222222-2222-4222-8222-222222222222',
}
const session = '0190bdfd-1c00-7000-8000-000000000001'

export async function insertOwnRows(stores: QueryStores): Promise<void> {
  await insertProject(stores, 1, { person: ids.own, word: 'own', count: 3 })
  await stores.insert('person_distinct_id_overrides', [
    { project_id: 1, distinct_id: 'own 1', person_id: ids.merged, is_deleted: 0, version: 2 },
  ])
  await insertNames(stores, 1, 'own cohort', 'own action', 'own')
  await insertMembers(stores, 1, [ids.own], ['own 0'], 1)
}

/** A cohort and an action; the first project's get the id 1, the second's 2. */
async function insertNames(stores: QueryStores, projectId: number, cohort: string, action: string, word: string): Promise<void> {
  const { pool } = stores.application
  const properties = { type: 'AND', values: [{ type: 'person', key: 'word', value: word, operator: 'exact' }] }
  await pool.query('INSERT INTO cohorts (project_id, name, filters, version, pending_version) VALUES ($1, $2, $3, 1, 1)', [
    projectId,
    cohort,
    JSON.stringify({ properties }),
  ])
  await pool.query('INSERT INTO cohorts (project_id, name, is_static, version, pending_version) VALUES ($1, $2, true, 1, 1)', [
    projectId,
    `static ${cohort}`,
  ])
  await pool.query('INSERT INTO actions (project_id, name, steps) VALUES ($1, $2, $3)', [
    projectId,
    action,
    JSON.stringify([{ event: word }]),
  ])
}

async function insertMembers(
  stores: QueryStores,
  projectId: number,
  persons: string[],
  distinctIds: string[],
  version: number,
): Promise<void> {
  await stores.insert(
    'cohort_people',
    persons.map((person_id) => ({ project_id: projectId, cohort_id: 1, version: 1, person_id })),
  )
  await stores.insert(
    'static_cohort_people',
    distinctIds.map((distinct_id) => ({ project_id: projectId, cohort_id: 2, distinct_id, is_deleted: 0, version })),
  )
}

/** The same names, ids and times as far as they can be the same, so that anything unguarded would join or count them. */
export async function insertForeignRows(stores: QueryStores): Promise<void> {
  await insertProject(stores, 2, { person: ids.foreign, word: secret, count: 40 })
  await stores.insert('events', [
    eventRow(2, 'own', '2020-01-05T10:00:00Z', {
      distinct_id: 'own 0',
      person_id: ids.own,
      $session_id: session,
      $group_0: 'acme',
      properties: { word: secret, number: 1, trap: secret },
    }),
  ])
  await stores.insert('persons', [{ ...personRow(2, ids.own, { word: secret }), version: 99 }])
  await stores.insert('person_distinct_ids', [{ project_id: 2, distinct_id: 'own 0', person_id: ids.foreign, is_deleted: 0, version: 99 }])
  await stores.insert('person_distinct_id_overrides', [
    { project_id: 2, distinct_id: 'own 0', person_id: ids.foreign, is_deleted: 0, version: 99 },
  ])
  await insertNames(stores, 2, 'foreign cohort', 'foreign action', secret)
  // Under the id and the version that the other project's cohort has.
  await insertMembers(stores, 2, [ids.own, ids.foreign, ids.merged], ['own 0', 'own 1', `${secret} 0`], 9)
  // Rows of both projects in one part, so that both are in one granule.
  for (const table of [
    'events',
    'persons',
    'person_distinct_ids',
    'person_distinct_id_overrides',
    'groups',
    'sessions',
    'cohort_people',
    'static_cohort_people',
  ]) {
    await stores.events.command(`OPTIMIZE TABLE ${table} FINAL`)
  }
}

async function insertProject(
  stores: QueryStores,
  projectId: number,
  { person, word, count }: { person: string; word: string; count: number },
): Promise<void> {
  const events = Array.from({ length: count }, (_, i) =>
    eventRow(projectId, word, `2020-01-05T1${i % 10}:00:00Z`, {
      distinct_id: `${word} ${i % 3}`,
      person_id: person,
      $session_id: projectId === 1 ? session : `${word}-${session}`,
      $group_0: 'acme',
      properties: { word, number: i, trap: projectId === 1 ? '1' : word, $browser: word, list: [word], nested: { word } },
      person_snapshot: { word },
      elements_chain: `a:text="${word}"`,
    }),
  )
  await stores.insert('events', events)
  await stores.insert('persons', [personRow(projectId, person, { word, email: `${word}@example.com` })])
  await stores.insert(
    'person_distinct_ids',
    [0, 1, 2].map((i) => ({ project_id: projectId, distinct_id: `${word} ${i}`, person_id: person, is_deleted: 0, version: 1 })),
  )
  const at = '2020-01-01 00:00:00'
  await stores.insert('groups', [
    {
      project_id: projectId,
      group_type_index: 0,
      group_key: 'acme',
      created_at: at,
      updated_at: at,
      properties: { word },
      is_deleted: 0,
      version: projectId,
    },
  ])
}
