import type { CommittedChanges } from '@hedgerow/ingestion'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { cohortsAt, personIdOf, setUpWorld } from '../cohorts/cohort-stores.fixture.ts'
import { openQueryStores, type QueryStores } from '../query/query-test-stores.ts'
import { FlagPeople } from './flag-people.ts'
import { FollowedCohorts } from './followed-cohorts.ts'

let stores: QueryStores
beforeAll(async () => {
  stores = await openQueryStores()
})
afterAll(() => stores?.close())

const now = () => new Date('2024-06-15T12:00:00Z')
const nothing: CommittedChanges = { persons: [], distinctIds: [], groups: [], active: [], unwatched: [], projects: [] }

test('a cohort that has just been begun to be followed is read again where ingestion did not yet know that it has to say who did something', async () => {
  await setUpWorld(stores, 1, { persons: { doer: {}, other: {} }, events: [] })
  const { cohorts, query } = cohortsAt(stores, now)
  const bought = {
    negation: false,
    type: 'behavioral' as const,
    key: 'bought',
    event_type: 'events' as const,
    value: 'performed_event' as const,
    time_value: 7,
    time_interval: 'day' as const,
  }
  const made = await cohorts.create(1, null, {
    name: 'Buyers',
    is_static: false,
    filters: { properties: { type: 'AND' as const, values: [bought] } },
  })
  // Nothing but what is heard makes it look.
  const never = 1e9
  const followed = new FollowedCohorts({
    query,
    everyMs: never,
    reloadMs: never,
    nowMs: () => now().getTime(),
    warn: (message, error) => expect.unreachable(`${message}: ${error}`),
  })
  onTestFinished(() => followed.stop())
  followed.start()
  await followed.ready(1, new Map([[made.id, { events: new Set(['bought']), readsProperties: false }]]))
  const isMember = (name: string) => followed.isMember(1, made.id, personIdOf(1, name))
  expect([isMember('doer'), isMember('other')]).toEqual([false, false])

  await stores.insert('events', [
    {
      project_id: 1,
      uuid: '00000000-0000-7000-8000-0000000000aa',
      event: 'bought',
      timestamp: '2024-06-15 11:00:00',
      distinct_id: 'doer',
      person_id: personIdOf(1, 'doer'),
    },
  ])
  followed.hear({ ...nothing, unwatched: [1] })
  await expect.poll(() => isMember('doer')).toBe(true)
  expect(isMember('other')).toBe(false)
})

test('a person who changes while looked up for the first time is not remembered as before', async () => {
  await stores.addProject(2)
  const id = personIdOf(2, 'ada')
  const { pool } = stores.application
  const setPlan = (plan: string) => pool.query('UPDATE persons SET properties = $1 WHERE id = $2', [JSON.stringify({ plan }), id])
  await pool.query("INSERT INTO persons (project_id, id, properties, created_at) VALUES (2, $1, '{}', now())", [id])
  await pool.query("INSERT INTO person_distinct_ids (project_id, distinct_id, person_id) VALUES (2, 'ada', $1)", [id])
  await setPlan('free')
  /** What is done between the answer of the database and its being taken in. */
  let meanwhile: () => Promise<void> = async () => undefined
  const slow = Object.create(pool, {
    query: {
      value: async (...asked: Parameters<typeof pool.query>) => {
        const answer = await pool.query(...asked)
        await meanwhile()
        return answer
      },
    },
  }) as typeof pool
  const people = new FlagPeople({ ...stores.application, pool: slow }, { flagPeopleCount: 100, flagPeopleBytes: 1e6 })
  meanwhile = async () => {
    meanwhile = async () => undefined
    await setPlan('pro')
    people.hear({ ...nothing, persons: [{ projectId: 2, id, json: '{"plan":"pro"}' }] })
  }
  const plan = async () => (await people.person(2, 'ada')).properties?.plan
  await plan()
  expect(await plan()).toBe('pro')

  // Once they are remembered, what is told is enough.
  people.hear({ ...nothing, persons: [{ projectId: 2, id, json: '{"plan":"team"}' }] })
  expect(await plan()).toBe('team')
})
