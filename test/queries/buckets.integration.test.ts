import { afterAll, beforeAll, expect, test } from 'vitest'
import { build, createParser, type syntax } from '../../packages/hogql/src/index.ts'
import { bucketNumber, calendarBuckets } from '../../packages/insights/src/dates/buckets.ts'
import { bucketStarts, type Interval, startOf, step } from '../../packages/insights/src/dates/interval.ts'
import { readProjectFacts } from '../../packages/platform/src/query/project-facts.ts'
import { eventRow, openQueryStores, type QueryStores } from '../../packages/platform/src/query/query-test-stores.ts'
import { runQuery } from '../../packages/platform/src/query/run-query.ts'

const zones = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Asia/Kathmandu',
  'Australia/Adelaide',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Asia/Tehran',
]
const intervals: Interval[] = ['minute', 'hour', 'day', 'week', 'month']
const [first, last] = [Date.parse('2023-01-01T00:00:00Z'), Date.parse('2025-12-31T00:00:00Z')]
const stepMs = 6 * 3_600_000 + 1_799_000

/** Three years of instants, at another minute each. */
const instants = Array.from({ length: Math.floor((last - first) / stepMs) }, (_, i) => new Date(first + i * stepMs))

let stores: QueryStores
beforeAll(async () => {
  stores = await openQueryStores()
  await stores.addProject(1)
  await stores.insert(
    'events',
    instants.map((at) => eventRow(1, 'tick', at.toISOString())),
  )
})
afterAll(() => stores?.close())

test.each(zones.map((zone, i) => [zone, i] as const))('a bucket in the engine is the bucket here: %s', async (timezone, i) => {
  const weekStartDay = i % 2 === 0 ? 1 : 0
  const calendar = { timezone, weekStartDay } as const
  const timestamp = build.field('timestamp')
  const begin = new Date(first - 40 * 86_400_000)
  const keys = intervals.flatMap((interval): syntax.Expr[] => [
    build.alias(`${interval}_key`, calendarBuckets(interval, [], calendar).key(timestamp)),
    build.alias(`${interval}_number`, bucketNumber(interval, startOf(interval, begin, calendar), timestamp, timezone)),
  ])
  const tree = build.select([build.alias('at', timestamp), ...keys], {
    from: { table: build.table('events'), joins: [] },
    limit: build.constant(50_000),
  })
  const facts = { ...(await readProjectFacts(stores, 1)), ...calendar }
  const run = { stores, facts, parser: await createParser(), now: new Date(last), timings: [], modifiers: {} }
  const { rows } = await runQuery(run, tree)
  expect(rows).toHaveLength(instants.length)
  for (const [n, interval] of intervals.entries()) {
    const starts = interval === 'minute' ? [] : bucketStarts(interval, begin, new Date(last + 86_400_000), calendar)
    const places = new Map(starts.map((start, place) => [start.getTime(), place]))
    const { indexOf } = calendarBuckets(interval, starts, calendar)
    const wrong = rows.filter((row) => {
      const start = startOf(interval, new Date(String(row[0])), calendar)
      const [key, number] = row.slice(1 + 2 * n)
      const place = interval === 'minute' ? minutesFrom(startOf(interval, begin, calendar), start) : places.get(start.getTime())
      const isKey = interval === 'minute' ? new Date(String(key)).getTime() === start.getTime() : indexOf(key) === place
      return place === undefined || !isKey || Number(number) !== place
    })
    expect(wrong.slice(0, 3).map((row) => [interval, row[0], ...row.slice(1 + 2 * n, 3 + 2 * n)])).toEqual([])
  }
})

const minutesFrom = (begin: Date, start: Date) => (start.getTime() - begin.getTime()) / 60_000

test('steps over a day that a zone left out, and days of 23 and 25 hours', () => {
  const apia = { timezone: 'Pacific/Apia', weekStartDay: 0 } as const
  const day = startOf('day', new Date('2011-12-29T20:00:00Z'), apia)
  expect(step('day', day, 2, apia).getTime() - day.getTime()).toBe(24 * 3_600_000)
  const york = { timezone: 'America/New_York', weekStartDay: 0 } as const
  const starts = bucketStarts('day', new Date('2024-11-02T12:00:00Z'), new Date('2024-11-04T12:00:00Z'), york)
  expect(starts.map((start) => start.toISOString())).toEqual([
    '2024-11-02T04:00:00.000Z',
    '2024-11-03T04:00:00.000Z',
    '2024-11-04T05:00:00.000Z',
  ])
})
