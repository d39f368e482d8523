import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { openQueryStores, type QueryStores } from '../query-test-stores.ts'
import { busyStream } from './busy-stream.fixture.ts'
import { storeStream, streamNow } from './random-stream.fixture.ts'
import { askRetention } from './retention-oracle.fixture.ts'
import { randomRetention, retentionQuery } from './retention-question.fixture.ts'
import { zones } from './trends-question.fixture.ts'

/** Streams of events, each asked several questions; HEDGEROW_TEST_ORACLE_RUNS asks for more. */
const streams = Number(process.env.HEDGEROW_TEST_ORACLE_RUNS ?? 8)
const questionsEach = 12

let stores: QueryStores
let engine: QueryEngine
let projects = 0
beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => streamNow })
})
afterAll(() => stores?.close())

const project = fc.record({ timezone: fc.constantFrom(...zones), week_start_day: fc.constantFrom(0, 1) })
const questions = (count: number) => fc.array(randomRetention, { minLength: count, maxLength: count })
const longMs = 60_000 + streams * 6_000

interface Row {
  values: { count: number; aggregation_value?: number }[]
  breakdown_value?: string
}

async function ask<Answer>(projectId: number, query: unknown): Promise<Answer> {
  const response = await engine.run({ projectId, query, asOf: streamNow })
  return response.results as Answer
}

const rounded = (number: number) => Number(number.toFixed(6)) + 0

test(
  `what a loop over the events finds is what the engine answers (${streams * questionsEach} questions)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(busyStream, project, questions(questionsEach), async (stream, zone, asked) => {
        projects++
        const projectId = projects
        await storeStream(stores, projectId, stream, zone)
        for (const question of asked) {
          const rows = await ask<Row[]>(projectId, retentionQuery(question))
          const wanted = askRetention(question, stream, { timezone: zone.timezone, weekStart: zone.week_start_day })
          expect(
            rows.map(({ values, breakdown_value = '' }) => ({
              value: breakdown_value,
              counts: values.map(({ count }) => count),
              sums: question.sum ? values.map(({ aggregation_value = Number.NaN }) => rounded(aggregation_value)) : [],
            })),
            JSON.stringify(question),
          ).toEqual(wanted.map(({ value, counts, sums }) => ({ value, counts, sums: question.sum ? sums.map(rounded) : [] })))
        }
      }),
      { numRuns: streams, endOnFailure: true },
    )
  },
  longMs,
)

test(
  `the people behind a row, counted, are its numbers (${streams} streams)`,
  async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(busyStream, project, questions(3), async (stream, zone, asked) => {
        projects++
        const projectId = projects
        await storeStream(stores, projectId, stream, zone)
        for (const question of asked) {
          const source = retentionQuery(question)
          const rows = await ask<Row[]>(projectId, source)
          const perValue = rows.findIndex(({ breakdown_value }) => breakdown_value !== rows[0]?.breakdown_value)
          const length = perValue < 0 ? rows.length : perValue
          const chosen = rows
            .map((row, i) => ({ ...row, interval: i % length }))
            .filter(({ values, breakdown_value }) => values[0]?.count && breakdown_value !== '$$_posthog_breakdown_other_$$')
          for (const { values, breakdown_value, interval } of chosen.slice(0, 3)) {
            const selection = { interval, ...(breakdown_value === undefined ? {} : { breakdown: breakdown_value }) }
            const people = await ask<[unknown, number[]][]>(projectId, {
              kind: 'ActorsQuery',
              select: [question.byGroup ? 'group' : 'actor', 'appearances'],
              source: { kind: 'InsightActorsQuery', source, ...selection },
              limit: 1000,
            })
            const counts = values.map((_, column) => people.filter(([, appearances]) => appearances.includes(column)).length)
            expect(counts, `${JSON.stringify(question)} ${JSON.stringify(selection)}`).toEqual(values.map(({ count }) => count))
            compared++
          }
        }
      }),
      { numRuns: streams, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(0)
  },
  longMs,
)
