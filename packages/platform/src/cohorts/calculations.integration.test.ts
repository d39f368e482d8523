import { afterAll, beforeAll, expect, test } from 'vitest'
import { openQueryStores, type QueryStores } from '../query/query-test-stores.ts'
import { cohortsAt, setUpWorld } from './cohort-stores.fixture.ts'

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
