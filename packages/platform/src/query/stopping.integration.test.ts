import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createQueryEngine, type QueryEngine } from './query-engine.ts'
import { openQueryStores, type QueryStores } from './query-test-stores.ts'

const patience = { timeout: 30_000, interval: 10 }

let stores: QueryStores
let engine: QueryEngine
beforeAll(async () => {
  stores = await openQueryStores()
  await stores.addProject(1)
  await stores.addProject(2)
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => new Date() })
})
afterAll(() => stores?.close())

// Long enough to be found running, and stopped by its time limit if all else fails.
const slow = { kind: 'HogQLQuery', query: 'select count() from numbers(100000000000) where number % 7 = 3 and sipHash64(number) = 1' }

/** The query itself: what is looked up before it runs for a moment, too. */
const isSlow = ({ sql }: { sql: string }) => sql.includes('sipHash64')
const untilRunning = () => vi.waitFor(() => expect(stores.events.running().some(isSlow)).toBe(true), patience)
const untilIdle = () => vi.waitFor(() => expect(stores.events.running()).toEqual([]), patience)

test('a query is cancelled by its client query id, of its own project alone', async () => {
  const asked = engine.rows({ projectId: 1, query: slow, clientQueryId: 'mine' })
  const outcome = expect(asked).rejects.toMatchObject({ code: 'query_cancelled' })
  await untilRunning()
  expect(engine.cancel(2, 'mine')).toBe(false)
  expect(engine.cancel(1, 'other')).toBe(false)
  expect(engine.cancel(1, 'mine')).toBe(true)
  await outcome
  await untilIdle()
  expect(engine.cancel(1, 'mine')).toBe(false)
})

test('a caller that goes away stops its query in the engine', async () => {
  const gone = new AbortController()
  const outcome = expect(engine.rows({ projectId: 1, query: slow, signal: gone.signal })).rejects.toMatchObject({ code: 'query_cancelled' })
  await untilRunning()
  expect(stores.events.running().filter(isSlow)).toMatchObject([{ projectId: 1 }])
  gone.abort()
  await outcome
  await untilIdle()
})

test('a query that needs too much memory fails alone', async () => {
  const heavy = 'select groupArray(toString(number)) from numbers(300000000)'
  await expect(engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: heavy } })).rejects.toMatchObject({
    code: 'query_too_large',
  })
  expect((await engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: 'select 1' } })).results).toEqual([[1]])
})

test('an engine error is told without the statement', async () => {
  const asked = engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: "select plus('a', [1])" } })
  await expect(asked).rejects.toMatchObject({ code: 'invalid_query', message: expect.not.stringMatching(/scope|SELECT/i) })
})

test('a project that does not exist has no answers', async () => {
  await expect(engine.rows({ projectId: 99, query: { kind: 'HogQLQuery', query: 'select 1' } })).rejects.toMatchObject({
    code: 'not_found',
  })
})
