import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from './query-engine.ts'
import { eventRow, openQueryStores, personRow, type QueryStores } from './query-test-stores.ts'
import { warmUp } from './warm-up.ts'

const now = new Date('2020-01-10T12:00:00Z')
const tim = '11111111-1111-4111-8111-111111111111'
const ann = '22222222-2222-4222-8222-222222222222'

let stores: QueryStores
let engine: QueryEngine

beforeAll(async () => {
  stores = await openQueryStores()
  await stores.addProject(1, { timezone: 'Asia/Kathmandu' })
  await stores.addProject(2)
  await stores.insert('persons', [personRow(1, tim, { email: 'tim@example.com' }), personRow(1, ann, { name: 'Ann' })])
  await stores.insert('person_distinct_ids', [
    { project_id: 1, distinct_id: 'tim', person_id: tim, is_deleted: 0, version: 1 },
    { project_id: 1, distinct_id: 'ann', person_id: ann, is_deleted: 0, version: 1 },
    { project_id: 1, distinct_id: 'anonymous', person_id: tim, is_deleted: 0, version: 2 },
  ])
  // The anonymous id's event was stored under a person of its own, before it became Tim's.
  await stores.insert('person_distinct_id_overrides', [
    { project_id: 1, distinct_id: 'anonymous', person_id: tim, is_deleted: 0, version: 2 },
  ])
  await stores.insert('events', [
    eventRow(1, 'view', '2020-01-10T10:00:00Z', {
      distinct_id: 'tim',
      person_id: tim,
      properties: { $browser: 'Chrome', seconds: 5, plan: { name: 'pro' } },
    }),
    eventRow(1, 'view', '2020-01-10T11:00:00Z', {
      distinct_id: 'ann',
      person_id: ann,
      properties: { $browser: 'Safari', seconds: 7.5, tags: ['a', { id: 'z' }] },
    }),
    eventRow(1, 'click', '2020-01-10T09:00:00.123456Z', { distinct_id: 'anonymous', properties: { 'with.dot': 'yes', empty: '' } }),
    eventRow(2, 'secret', '2020-01-10T10:00:00Z', { distinct_id: 'eve' }),
  ])
  await stores.defineProperty(1, 'event', 'seconds', 'Numeric')
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => now })
})
afterAll(() => stores?.close())

const hogql = async (query: string, rest: object = {}) =>
  (await engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query, ...rest } })).results
const events = (query: object) => engine.rows({ projectId: 1, query: { kind: 'EventsQuery', ...query } })

describe('HogQLQuery', () => {
  test('answers rows with names and types', async () => {
    const answer = await engine.rows({
      projectId: 1,
      query: { kind: 'HogQLQuery', query: 'select event, count() as n from events group by event order by n desc' },
    })
    expect(answer).toMatchObject({
      results: [
        ['view', 2],
        ['click', 1],
      ],
      columns: ['event', 'n'],
      types: [
        ['event', 'String'],
        ['n', 'UInt64'],
      ],
      hasMore: false,
      limit: 100,
      hogql: 'SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC LIMIT 100',
      as_of: '2020-01-10T12:00:00.000Z',
    })
    expect(answer.rows_read).toBeGreaterThan(0)
  })

  test.each([
    ['properties.seconds > 6', [['ann']]],
    ["properties.$browser = 'Chrome'", [['tim']]],
    ["properties.plan.name = 'pro'", [['tim']]],
    ["properties.tags[2].id = 'z'", [['ann']]],
    ["properties['with.dot'] = 'yes'", [['anonymous']]],
    ["properties.empty = ''", [['anonymous']]],
    ['properties.nothing = null and properties.$browser = null', [['anonymous']]],
    ["person.properties.email = 'tim@example.com'", [['anonymous'], ['tim']]],
    [`person_id = '${tim}'`, [['anonymous'], ['tim']]],
    ["timestamp > '2020-01-10 16:00:00'", [['ann']]],
    ['toHour(timestamp) = 14', [['anonymous']]],
  ])('where %s', async (where, expected) => {
    expect(await hogql(`select distinct_id from events where ${where} order by distinct_id`)).toEqual(expected)
  })

  test('shows instants in the time zone of the project, to the microsecond', async () => {
    expect(await hogql("select timestamp, [timestamp], toDate(timestamp) from events where event = 'click'")).toEqual([
      ['2020-01-10T14:45:00.123456+05:45', ['2020-01-10T14:45:00.123456+05:45'], '2020-01-10'],
    ])
  })

  test('now and relative dates follow as_of', async () => {
    const { results } = await engine.rows({
      projectId: 1,
      asOf: '2020-01-10T09:30:00Z',
      query: { kind: 'HogQLQuery', query: 'select event, now() from events where timestamp < now()' },
    })
    expect(results).toEqual([['click', '2020-01-10T15:15:00+05:45']])
  })

  test('tells that there is more than the default limit', async () => {
    const answer = await engine.rows({ projectId: 1, query: { kind: 'HogQLQuery', query: 'select number from numbers(101)' } })
    expect(answer.hasMore).toBe(true)
    expect(answer.results).toHaveLength(100)
  })

  test('names the place of a mistake and what was nearly meant', async () => {
    await expect(hogql('select evnt from events')).rejects.toMatchObject({
      code: 'invalid_query',
      reason: 'unknown_column',
      message: 'Unknown column "evnt". Did you mean "event"?',
      start: 7,
      end: 11,
    })
  })
})

describe('EventsQuery', () => {
  test('gives whole events, newest first', async () => {
    const { results, columns } = await events({})
    expect(columns).toEqual(['*'])
    expect(results.map(([event]) => (event as { distinct_id: string }).distinct_id)).toEqual(['ann', 'tim', 'anonymous'])
    expect(results[1]?.[0]).toMatchObject({
      event: 'view',
      properties: { $browser: 'Chrome', seconds: 5, plan: { name: 'pro' } },
      timestamp: '2020-01-10T15:45:00+05:45',
    })
    expect(Object.keys((results[1]?.[0] as { properties?: object } | undefined)?.properties ?? {})).toEqual(['$browser', 'plan', 'seconds'])
  })

  test('shows persons and their names', async () => {
    const { results } = await events({ select: ['person', 'person_display_name -- Person'], orderBy: ['timestamp ASC'] })
    expect(results.map(([, name]) => name)).toEqual([
      { display_name: 'tim@example.com', id: tim, distinct_id: 'anonymous' },
      { display_name: 'tim@example.com', id: tim, distinct_id: 'tim' },
      { display_name: 'Ann', id: ann, distinct_id: 'ann' },
    ])
    expect(results[0]?.[0]).toMatchObject({ uuid: tim, distinct_id: 'anonymous', properties: { email: 'tim@example.com' } })
  })

  test('aggregates beside plain columns', async () => {
    expect((await events({ select: ['event', 'count()'] })).results).toEqual([
      ['view', 2],
      ['click', 1],
    ])
  })

  test.each([
    [{ event: 'click' }, ['anonymous']],
    [{ personId: tim }, ['anonymous', 'tim']],
    [{ properties: [{ type: 'event', key: 'seconds', operator: 'gt', value: 6 }] }, ['ann']],
    [{ properties: [{ type: 'person', key: 'email', operator: 'icontains', value: 'TIM@' }] }, ['anonymous', 'tim']],
    [{ where: ["properties.$browser like 'S%'"] }, ['ann']],
    [{ after: '2020-01-10T10:30:00Z' }, ['ann']],
    [{ before: '2020-01-10T15:00:00' }, ['anonymous']],
    [{ limit: 1, offset: 1, orderBy: ['distinct_id'] }, ['anonymous']],
  ])('%o', async (query, expected) => {
    const { results } = await events({ select: ['distinct_id'], orderBy: ['distinct_id'], ...query })
    expect(results.map(([id]) => id)).toEqual(expected)
  })
})

test('warming up goes through every kind of insight, and asks the event store for nothing', async () => {
  const asked: string[] = []
  const failed: string[] = []
  const query = (sql: string) => {
    asked.push(sql)
    return Promise.reject(new Error('asked'))
  }
  const watched = createQueryEngine({ events: { ...stores.events, query }, application: stores.application, now: () => now })
  const log = (_level: string, message: string) => failed.push(message)
  await warmUp(watched, { signal: new AbortController().signal, log, rounds: 2 })
  expect({ asked, failed }).toEqual({ asked: [], failed: [] })
})

test('an unknown kind is refused with what there is', async () => {
  await expect(engine.rows({ projectId: 1, query: { kind: 'HogQLQuerry' } })).rejects.toMatchObject({
    code: 'invalid_query',
    message: 'Unknown query kind "HogQLQuerry". Did you mean "HogQLQuery"?',
  })
})

test('any text goes through as a value and comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
      const { results } = await engine.rows({
        projectId: 1,
        query: { kind: 'HogQLQuery', query: 'select {text}, {text} = {list}[1]', values: { text, list: [text] } },
      })
      expect(results).toEqual([[text, 1]])
    }),
    { numRuns: 60 },
  )
})
