import { afterAll, beforeAll, expect, test } from 'vitest'
import { openQueryStores, type QueryStores } from '../query/query-test-stores.ts'
import { cohortsAt, personIdOf, setUpWorld } from './cohort-stores.fixture.ts'

let stores: QueryStores
let nowMs = Date.parse('2024-06-15T12:00:00Z')
const now = () => new Date(nowMs)
const hourMs = 3_600_000

beforeAll(async () => {
  stores = await openQueryStores()
  await setUpWorld(stores, 1, { persons: { p1: { plan: 'pro' }, p2: { plan: 'free' } }, events: [] })
})
afterAll(() => stores?.close())

const byPlan = (value: string) => ({
  name: value,
  is_static: false,
  filters: { properties: { type: 'person' as const, key: 'plan', operator: 'exact', value, negation: false } },
})
const versionOf = async (id: number) => (await cohortsAt(stores, now).cohorts.get(1, String(id))).version
const storedRows = async () => {
  const { rows } = await stores.events.query('SELECT cohort_id, version, count() FROM cohort_people GROUP BY 1, 2 ORDER BY 1, 2')
  return rows.map((row) => row.map(Number))
}

test('several processes calculate each cohort once, and only the rows that count are kept', async () => {
  const processes = [1, 2, 3].map(() => cohortsAt(stores, now))
  const made = await Promise.all(['pro', 'free'].map((plan) => processes[0]?.cohorts.create(1, null, byPlan(plan))))
  const ids = made.map((each) => each?.id ?? 0)
  await Promise.all(processes.map(({ calculations }) => calculations.drain()))
  expect(await Promise.all(ids.map(versionOf))).toEqual([1, 1])
  expect(await storedRows()).toEqual(ids.map((id) => [id, 1, 1]).sort(([a = 0], [b = 0]) => a - b))

  // Nothing is due until the refresh is.
  nowMs += hourMs - 1000
  await cohortsAt(stores, now).calculations.drain()
  expect(await Promise.all(ids.map(versionOf))).toEqual([1, 1])
  nowMs += 2000
  await cohortsAt(stores, now).calculations.drain()
  expect(await Promise.all(ids.map(versionOf))).toEqual([2, 2])
  expect(await storedRows()).toEqual(ids.map((id) => [id, 2, 1]).sort(([a = 0], [b = 0]) => a - b))
})

test('a calculation whose process is gone is begun again, and its rows never count', async () => {
  const { cohorts, calculations } = cohortsAt(stores, now)
  const { id } = await cohorts.create(1, null, byPlan('pro'))
  const { pool } = stores.application
  await pool.query('UPDATE cohorts SET is_due = false, pending_version = 1, calculation_started_at = $2 WHERE id = $1', [id, now()])
  await stores.insert('cohort_people', [{ project_id: 1, cohort_id: id, version: 1, person_id: '99999999-9999-4999-8999-999999999999' }])
  await calculations.drain()
  expect(await cohorts.get(1, String(id))).toMatchObject({ version: null, is_calculating: true })
  nowMs += hourMs + 1000
  await calculations.drain()
  expect(await cohorts.get(1, String(id))).toMatchObject({ version: 2, count: 1, is_calculating: false })
  expect((await storedRows()).filter(([cohort]) => cohort === id)).toEqual([[id, 2, 1]])
})

test('what cannot be calculated says why, keeps its last members, and is left alone until the next refresh', async () => {
  const { cohorts, calculations, query } = cohortsAt(stores, now)
  const inner = await cohorts.create(1, null, byPlan('free'))
  const outer = await cohorts.create(1, null, {
    name: 'outer',
    is_static: false,
    filters: { properties: { type: 'cohort', key: 'id', value: inner.id, negation: false } },
  })
  await calculations.drain()
  await cohorts.delete(1, String(inner.id))
  await cohorts.recalculate(1, String(outer.id))
  await calculations.drain()
  const failed = await cohorts.get(1, String(outer.id))
  expect(failed).toMatchObject({ count: 1, version: 1, errors_calculating: 1, is_calculating: false })
  expect(failed.last_error_message).toBe(`There is no cohort ${inner.id}, which the cohort "outer" names`)
  const { results } = await query.rows({
    projectId: 1,
    query: { kind: 'HogQLQuery', query: `SELECT count() FROM cohort_people WHERE cohort_id = ${outer.id}` },
  })
  expect(results).toEqual([[1]])
  await cohorts.change(1, String(inner.id), { deleted: false })
  await cohorts.recalculate(1, String(outer.id))
  await calculations.drain()
  expect(await cohorts.get(1, String(outer.id))).toMatchObject({ errors_calculating: 0, last_error_message: null, version: 3 })
})

test('a static cohort that is counted while its people are still written is counted again', async () => {
  const other = cohortsAt(stores, now)
  /** As a process does that looks for what is due just before people come in. */
  const insert: typeof stores.events.insert = async (table, ...rest) => {
    if (table === 'static_cohort_people') await other.calculations.drain()
    return stores.events.insert(table, ...rest)
  }
  const { cohorts, calculations } = cohortsAt({ ...stores, events: { ...stores.events, insert } }, now)
  const counted = async (id: number) => {
    await calculations.drain()
    return (await cohorts.get(1, String(id))).count
  }
  const made = await cohorts.create(1, null, { name: 'chosen', is_static: true, _create_static_person_ids: [personIdOf(1, 'p1')] })
  expect(await counted(made.id)).toBe(1)
  expect(await counted((await cohorts.duplicate(1, null, String(made.id))).id)).toBe(1)
})

test('who comes into a static cohort or leaves it changes what questions answer at once, and not when it is counted', async () => {
  const { cohorts } = cohortsAt(stores, now)
  const revision = async () => (await stores.application.pool.query('SELECT revision FROM project_revision(1)')).rows[0]?.revision
  const { id } = await cohorts.create(1, null, { name: 'nobody yet', is_static: true })
  const empty = await revision()
  await cohorts.addPersons(1, String(id), { personIds: [], distinctIds: ['p1', 'p2'] })
  const filled = await revision()
  expect(filled).toBeGreaterThan(empty)
  await cohorts.removePerson(1, String(id), { distinctId: 'p1' })
  expect(await revision()).toBeGreaterThan(filled)
})
