import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { openQueryStores, type QueryStores } from '../query-test-stores.ts'
import { randomStream, storeStream, streamNow } from './random-stream.fixture.ts'
import { askOracle, type OracleRow } from './trends-oracle.fixture.ts'
import { randomTrends, type TrendsAsked, trendsQuery, zones } from './trends-question.fixture.ts'

/** Streams of events, each asked several questions; HEDGEROW_TEST_ORACLE_RUNS asks for more. */
const streams = Number(process.env.HEDGEROW_TEST_ORACLE_RUNS ?? 8)
const questionsEach = 10
const peopleStreams = Math.ceil(streams / 3)

let stores: QueryStores
let engine: QueryEngine
let projects = 0
beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => streamNow })
})
afterAll(() => stores?.close())

const project = fc.record({ timezone: fc.constantFrom(...zones), week_start_day: fc.constantFrom(0, 1) })
const questions = fc.array(randomTrends, { minLength: questionsEach, maxLength: questionsEach })
const longMs = 60_000 + streams * 5_000

type Row = Record<string, unknown>

async function ask(projectId: number, query: unknown): Promise<Row[]> {
  const response = await engine.run({ projectId, query, asOf: streamNow })
  return response.results as Row[]
}

test(
  `what a loop over the events finds is what the engine answers (${streams * questionsEach} questions)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(randomStream, project, questions, async (stream, zone, asked) => {
        projects++
        const projectId = projects
        await storeStream(stores, projectId, stream, zone)
        for (const question of asked) {
          const rows = await ask(projectId, trendsQuery(question))
          const wanted = askOracle(question, stream, { timezone: zone.timezone, weekStart: zone.week_start_day })
          expect(
            rows.map((row) => plainRow(row, question)),
            JSON.stringify(question),
          ).toEqual(wanted.map((row) => shownRow(row, question)))
        }
      }),
      { numRuns: streams, endOnFailure: true },
    )
  },
  longMs,
)

const rounded = (number: unknown) => Number(Number(number).toFixed(6)) + 0

function plainRow(row: Row, { display, breakdown, compare }: TrendsAsked) {
  const value = row.breakdown_value
  return {
    series: (row.action as Row).order,
    period: compare ? row.compare_label : 'current',
    values: breakdown === 'none' ? [] : Array.isArray(value) ? value : [value],
    numbers: display === 'ActionsPie' ? rounded(row.aggregated_value) : (row.data as number[]).map(rounded),
  }
}

function shownRow({ series, period, values, data, total }: OracleRow, { display }: TrendsAsked) {
  return {
    series,
    period: period === 0 ? 'current' : 'previous',
    values,
    numbers: display === 'ActionsPie' ? rounded(total) : data.map(rounded),
  }
}

// ── the people behind a number ─────────────────────────────────────────────────────────────────────────────────────────

const countsPeople = ['dau', 'weekly_active', 'monthly_active', 'unique_group', 'first_time_for_user', 'first_matching_event_for_user']

test(
  `the people behind a number, counted, are the number (${peopleStreams} streams)`,
  async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(randomStream, project, fc.array(randomTrends, { minLength: 3, maxLength: 3 }), async (stream, zone, asked) => {
        projects++
        const projectId = projects
        await storeStream(stores, projectId, stream, zone)
        for (const given of asked) {
          // Smoothed and added-up numbers are of no one bucket's people.
          const display = given.display === 'ActionsLineGraphCumulative' ? 'ActionsLineGraph' : given.display
          const question: TrendsAsked = { ...given, smoothing: 1, display }
          compared += await comparePeople(projectId, question)
        }
      }),
      { numRuns: peopleStreams, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(peopleStreams)
  },
  longMs,
)

/** Compares some points of every row. @returns how many */
async function comparePeople(projectId: number, question: TrendsAsked): Promise<number> {
  const source = trendsQuery(question)
  const rows = await ask(projectId, source)
  let compared = 0
  for (const row of rows.slice(0, 5)) {
    const series = (row.action as Row).order as number
    const math = question.series[series]?.math ?? ''
    const isOther = JSON.stringify(row.breakdown_value ?? '').includes('breakdown_other')
    const selection = {
      series,
      ...(row.breakdown_value === undefined ? {} : { breakdown: row.breakdown_value }),
      ...(row.compare_label ? { compare: row.compare_label } : {}),
    }
    for (const { day, number } of pointsOf(row, question)) {
      const node = { kind: 'InsightActorsQuery', source, ...selection, ...(day === undefined ? {} : { day }), limit: 1000 }
      const people = await ask(projectId, node)
      const events = (people as unknown as [unknown, number][]).reduce((all, [, count]) => all + count, 0)
      const message = `${JSON.stringify(question)} ${JSON.stringify(selection)} ${day}`
      // Of people beyond the limit, one with several values counts in each.
      if (countsPeople.includes(math) && isOther) expect(people.length, message).toBeLessThanOrEqual(number)
      else if (countsPeople.includes(math)) expect(people.length, message).toBe(number)
      if (math === 'total') expect(events, message).toBe(number)
      if (math === 'avg_count_per_actor' && number > 0 && !isOther) expect(events / people.length, message).toBeCloseTo(number, 6)
      compared++
    }
  }
  return compared
}

/** The whole range, or the first buckets with a number, and one without. */
function pointsOf(row: Row, { display }: TrendsAsked): { day: string | undefined; number: number }[] {
  if (display === 'ActionsPie') return [{ day: undefined, number: Number(row.aggregated_value) }]
  const days = (row.action as { days: string[] }).days
  const points = (row.data as number[]).map((number, i) => ({ day: days[i], number }))
  return [...points.filter(({ number }) => number > 0).slice(0, 2), ...points.filter(({ number }) => number === 0).slice(-1)]
}
