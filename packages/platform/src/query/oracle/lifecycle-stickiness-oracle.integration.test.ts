import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { openQueryStores, personRow, type QueryStores } from '../query-test-stores.ts'
import { type Dates, daysOf, type NamedInterval, nameBefore, nameOf, namesOf, type Zone } from './bucket-names.fixture.ts'
import { busyStream } from './busy-stream.fixture.ts'
import { localDay, monthOf } from './local-time.fixture.ts'
import { personCount, personId, personOf, type StreamEvent, storeStream, streamNow } from './random-stream.fixture.ts'
import { zones } from './trends-question.fixture.ts'

/** Streams of events, each asked several questions; HEDGEROW_TEST_ORACLE_RUNS asks for more. */
const streams = Number(process.env.HEDGEROW_TEST_ORACLE_RUNS ?? 8)
const questionsEach = 5
const longMs = 60_000 + streams * 8_000

let stores: QueryStores
let engine: QueryEngine
let projects = 0
beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => streamNow })
})
afterAll(() => stores?.close())

async function ask<Answer>(projectId: number, query: unknown): Promise<Answer> {
  const response = await engine.run({ projectId, query, asOf: streamNow })
  return response.results as Answer
}

interface Asked {
  event: string | null
  browser: string | undefined
  interval: NamedInterval
  dates: Dates
  byGroup: boolean
  days: number
  least: number
  isCumulative: boolean
}

const daily: Dates[] = [
  { date_from: '-7d' },
  { date_from: '-30d' },
  { date_from: '-64d' },
  { date_from: '2024-10-09', date_to: '2024-11-03' },
  { date_from: '2024-09-30', date_to: '2024-10-14' },
]
const hourly: Dates[] = [{ date_from: '-30h' }, { date_from: '-14d' }, { date_from: '-4d' }, { date_from: '-4d', date_to: '2024-11-04' }]

const question: fc.Arbitrary<Asked> = fc
  .record({
    event: fc.constantFrom('view', 'view', 'buy', null),
    browser: fc.constantFrom(undefined, undefined, 'Chrome'),
    interval: fc.constantFrom<NamedInterval[]>('hour', 'day', 'day', 'week', 'month'),
    range: fc.nat({ max: 29 }),
    byGroup: fc.constantFrom(false, false, true),
    days: fc.constantFrom(1, 1, 2, 3),
    least: fc.constantFrom(0, 0, 2),
    isCumulative: fc.boolean(),
  })
  .map(({ range, ...rest }) => {
    const ranges = rest.interval === 'hour' ? hourly : daily
    return { ...rest, dates: ranges[range % ranges.length] as Dates, days: rest.interval === 'day' ? rest.days : 1 }
  })

const project = fc.record({ timezone: fc.constantFrom(...zones), week_start_day: fc.constantFrom(0, 1) })
const questions = fc.array(question, { minLength: questionsEach, maxLength: questionsEach })

const shared = ({ event, browser, interval, dates }: Asked) => ({
  interval,
  dateRange: dates,
  series: [{ kind: 'EventsNode', event, ...(browser ? { properties: [{ key: 'browser', type: 'event', value: browser }] } : {}) }],
})

function grouped<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** The events of each actor that the question asks for. */
function histories({ event, browser, byGroup }: Asked, stream: StreamEvent[]): Map<string, StreamEvent[]> {
  const actorOf = (each: StreamEvent) => (byGroup ? each.group : personOf(each))
  const sought = stream.filter(
    (each) => (event === null || each.event === event) && (browser === undefined || each.browser === browser) && actorOf(each) !== '',
  )
  return grouped(sought, actorOf)
}

const eachStream = (check: (stream: StreamEvent[], asked: Asked[], projectId: number, zone: Zone) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(busyStream, project, questions, async (stream, zone, asked) => {
      projects++
      await storeStream(stores, projects, stream, zone)
      await check(stream, asked, projects, { timezone: zone.timezone, weekStart: zone.week_start_day })
    }),
    { numRuns: streams, endOnFailure: true },
  )

// ── lifecycle ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const statuses = ['new', 'returning', 'resurrecting', 'dormant'] as const

/** Every other person was created with its first event, the rest long before. */
function createdAt(stream: StreamEvent[], who: number): Date | undefined {
  const first = stream.filter((event) => event.who === who).sort((a, b) => a.at.getTime() - b.at.getTime())[0]
  return who % 2 === 0 ? first?.at : undefined
}

function lifecycleOf(asked: Asked, stream: StreamEvent[], zone: Zone): number[][] {
  const { interval, dates, byGroup } = asked
  const names = namesOf(interval, dates, zone)
  const before = names.map((name) => nameBefore(interval, name, zone))
  const actors = [...histories(asked, stream).values()].map((events) => {
    const [some] = events
    const created = some && !byGroup && some.who < personCount ? createdAt(stream, some.who) : undefined
    return { active: new Set(events.map(({ at }) => nameOf(interval, at, zone))), created: created && nameOf(interval, created, zone) }
  })
  const statusIn = ({ active, created }: (typeof actors)[number], i: number) => {
    const wasActive = active.has(before[i] ?? '')
    if (!active.has(names[i] ?? '')) return wasActive ? 'dormant' : 'none'
    return created === names[i] ? 'new' : wasActive ? 'returning' : 'resurrecting'
  }
  return statuses.map((status) => names.map((_, i) => actors.filter((actor) => statusIn(actor, i) === status).length))
}

test(
  `who is new, stays, comes back or goes is what a loop over the events finds, and the people behind it (${streams} streams)`,
  async () => {
    await eachStream(async (stream, asked, projectId, zone) => {
      const created = Array.from({ length: personCount }, (_, who) => ({ who, at: createdAt(stream, who) })).filter(({ at }) => at)
      const rows = created.map(({ who, at }) => ({
        ...personRow(projectId, personId(projectId, { who, alias: false }), {}, at?.toISOString()),
        version: 2,
      }))
      if (rows.length) await stores.insert('persons', rows)
      for (const each of asked) {
        const source = { kind: 'LifecycleQuery', ...shared(each), ...(each.byGroup ? { aggregation_group_type_index: 0 } : {}) }
        const results = await ask<{ data: number[]; days: string[]; status: string }[]>(projectId, source)
        const counts = results.map(({ data }) => data.map(Math.abs))
        expect(counts, JSON.stringify(each)).toEqual(lifecycleOf(each, stream, zone))
        for (const { status, days, data } of results) {
          const at = data.findIndex((count) => count !== 0)
          const node = { kind: 'InsightActorsQuery', source, status, day: days[Math.max(0, at)], limit: 1000 }
          const people = await ask<unknown[]>(projectId, node)
          // An hour that clocks show twice is two buckets of one name.
          if (each.interval !== 'hour') expect(people.length, JSON.stringify(node)).toBe(Math.abs(data[Math.max(0, at)] ?? 0))
        }
      }
    })
  },
  longMs,
)

// ── stickiness ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function stickinessOf(asked: Asked, stream: StreamEvent[], zone: Zone): number[] {
  const { interval, dates, days, least } = asked
  const names = namesOf(interval, dates, zone)
  const inRange = ({ at }: StreamEvent) => {
    if (interval === 'hour') {
      const last = dates.date_to ? Date.parse(names.at(-1) ?? '') + 1 : Number.POSITIVE_INFINITY
      return names.includes(nameOf(interval, at, zone)) && at.getTime() < last
    }
    const { first, last } = daysOf(dates, zone)
    const day = localDay(at, zone.timezone)
    return day >= (interval === 'month' ? monthOf(first) : first) && day <= last
  }
  const merged = (name: string) => (days === 1 ? name : String(Math.floor(Date.parse(name) / 86_400_000 / days)))
  const active = [...histories(asked, stream).values()].map((events) => {
    const counts = grouped(events.filter(inRange), ({ at }) => merged(nameOf(interval, at, zone)))
    return [...counts.values()].filter((list) => list.length >= least).length
  })
  const buckets = [...new Set(names.map(merged))]
  return buckets.map((_, i) => active.filter((count) => (asked.isCumulative ? count >= i + 1 : count === i + 1)).length)
}

test(
  `in how many intervals people were active is what a loop over the events finds, and the people behind it (${streams} streams)`,
  async () => {
    await eachStream(async (stream, asked, projectId, zone) => {
      for (const each of asked) {
        const { series, ...rest } = shared(each)
        const math = each.byGroup ? { math: 'unique_group', math_group_type_index: 0 } : {}
        const source = {
          kind: 'StickinessQuery',
          ...rest,
          series: series.map((one) => ({ ...one, ...math })),
          ...(each.days > 1 ? { intervalCount: each.days } : {}),
          stickinessFilter: {
            computedAs: each.isCumulative ? 'cumulative' : 'non_cumulative',
            ...(each.least ? { stickinessCriteria: { operator: 'gte', value: each.least } } : {}),
          },
        }
        const [line] = await ask<{ data: number[]; days: number[] }[]>(projectId, source)
        expect(line?.data, JSON.stringify(each)).toEqual(stickinessOf(each, stream, zone))
        for (const day of (line?.days ?? []).slice(0, 3)) {
          const node = { kind: 'StickinessActorsQuery', source, day, series: 0, limit: 1000 }
          expect(await ask<unknown[]>(projectId, node), JSON.stringify(node)).toHaveLength(line?.data[day - 1] ?? -1)
        }
      }
    })
  },
  longMs,
)
