import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { eventRow, openQueryStores, personRow, type QueryStores } from '../query-test-stores.ts'
import { type OracleEvent, type Outcome, outcomesOf } from './funnels-oracle.fixture.ts'
import { type FunnelAsked, funnelQuery, randomEvents, randomFunnel, rangeStart } from './funnels-question.fixture.ts'

/** Streams of events of forty actors, each asked several questions; HEDGEROW_TEST_ORACLE_RUNS asks for more. */
const streams = Number(process.env.HEDGEROW_TEST_ORACLE_RUNS ?? 3)
const questionsEach = 10
const longMs = 120_000 + streams * 10_000

let stores: QueryStores
let engine: QueryEngine
let projects = 0
const asOf = new Date('2024-05-03T00:00:00Z')
beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => asOf })
})
afterAll(() => stores?.close())

/** By a seed, so that a failure names one number instead of hundreds of events. */
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 })
function made(seed: number, questions: number): [OracleEvent[], FunnelAsked[]] {
  const [events = []] = fc.sample(randomEvents, { seed, numRuns: 1 })
  return [events, fc.sample(randomFunnel, { seed, numRuns: questions })]
}

async function stored(events: OracleEvent[]): Promise<number> {
  projects++
  await stores.addProject(projects, { timezone: 'UTC' })
  const actors = [...new Set(events.map(({ actor }) => actor))]
  await stores.insert(
    'persons',
    actors.map((id) => personRow(projects, id, {})),
  )
  const rows = events.map(({ actor, name, plan, minute }) => {
    const at = new Date(rangeStart.getTime() + minute * 60_000).toISOString()
    return eventRow(projects, name, at, { distinct_id: actor, person_id: actor, properties: plan === '' ? {} : { plan } })
  })
  await stores.insert('events', rows)
  return projects
}

async function ask(projectId: number, query: unknown): Promise<unknown> {
  return (await engine.run({ projectId, query, asOf })).results
}

/** `Map.groupBy`, which Node 20 lacks. */
function grouped<T, K>(list: readonly T[], key: (item: T, place: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const [place, item] of list.entries()) {
    const of = key(item, place)
    groups.set(of, [...(groups.get(of) ?? []), item])
  }
  return groups
}

const hourOf = ({ minute }: OracleEvent): number => Math.floor(minute / 60)
const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000)
const average = (list: number[]): number | null => (list.length === 0 ? null : list.reduce((a, b) => a + b, 0) / list.length)
const median = (list: number[]): number | null => {
  const sorted = list.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

// ── what the loops say, in the shape of the answer ─────────────────────────────────────────────────────────────────────

function wantedFunnels(asked: FunnelAsked, outcomes: Outcome[]): unknown {
  const groups = grouped(outcomes, ({ value }) => value)
  const entered = (list: Outcome[]) => list.filter(({ times }) => times.has(0)).length
  const ranked = [...groups].sort(([a, x], [b, y]) => entered(y) - entered(x) || (a < b ? -1 : 1))
  const shown = grouped(ranked, ([value], i) => (i < asked.limit ? value : 'Other'))
  const rows = [...shown].map(([value, members]) => ({
    value,
    steps: wantedSteps(
      asked,
      members.flatMap(([, list]) => list),
    ),
  }))
  return rows.sort((a, b) => (a.value < b.value ? -1 : 1))
}

function wantedSteps(asked: FunnelAsked, outcomes: Outcome[]) {
  return asked.steps.map((step, i) => {
    const before = asked.steps.findLastIndex((each, place) => place < i && !each.optional)
    const seconds = outcomes
      .map(({ times }) => ((times.get(i) ?? Number.NaN) - (times.get(before) ?? Number.NaN)) * 60)
      .filter((each) => i > 0 && !step.optional && each > 0)
    return {
      count: outcomes.filter(({ times }) => times.has(i)).length,
      average: rounded(average(seconds)),
      median: rounded(median(seconds)),
      ...(i > 0 && i === asked.steps.length - 1 ? { inAll: rounded(median(secondsInAll(outcomes, i))) } : {}),
    }
  })
}

/** From the first step to the last, of who did the last; also where that took no time. */
const secondsInAll = (outcomes: Outcome[], last: number): number[] =>
  outcomes.filter(({ times }) => times.has(last)).map(({ times }) => ((times.get(last) ?? 0) - (times.get(0) ?? 0)) * 60)

type StepRow = Record<string, never> & {
  count: number
  average_conversion_time: number | null
  median_conversion_time: number | null
  median_time_to_convert?: number | null
}

function shownFunnels(asked: FunnelAsked, results: unknown): unknown {
  const funnels = (asked.breakdown ? results : (results as unknown[]).length > 0 ? [results] : []) as StepRow[][]
  const rows = funnels.map((steps) => ({
    value: asked.breakdown ? String((steps[0] as unknown as { breakdown: string[] }).breakdown[0]) : '',
    steps: steps.map((step) => ({
      count: step.count,
      average: rounded(step.average_conversion_time),
      median: rounded(step.median_conversion_time),
      ...(step.median_time_to_convert === undefined ? {} : { inAll: rounded(step.median_time_to_convert) }),
    })),
  }))
  return rows.sort((a, b) => (a.value < b.value ? -1 : 1))
}

function wantedRates(asked: FunnelAsked, outcomes: Outcome[]): unknown {
  const groups = asked.breakdown ? grouped(outcomes, ({ value }) => value) : new Map([['', outcomes]])
  const weight = (list: Outcome[]) => list.filter(({ times }) => times.has(asked.fromStep)).length
  const ranked = [...groups].sort(([a, x], [b, y]) => weight(y) - weight(x) || (a < b ? -1 : 1))
  const shown = grouped(ranked, ([value], i) => (!asked.breakdown || i < asked.limit ? value : 'Other'))
  const rows = [...shown].map(([value, members]) => {
    const list = members.flatMap(([, each]) => each)
    const data = Array.from({ length: 24 }, (_, hour) => {
      const inHour = list.filter(({ period, times }) => period === hour && times.has(asked.fromStep))
      const converted = inHour.filter(({ times }) => times.has(asked.toStep)).length
      return inHour.length === 0 ? 0 : Math.round((converted / inHour.length) * 10_000) / 100
    })
    return { value, data }
  })
  return rows.sort((a, b) => (a.value < b.value ? -1 : 1))
}

function shownRates(asked: FunnelAsked, results: unknown): unknown {
  const rows = (results as { data: number[]; breakdown?: string[] }[]).map(({ data, breakdown }) => ({
    value: asked.breakdown ? String(breakdown?.[0]) : '',
    data,
  }))
  return rows.sort((a, b) => (a.value < b.value ? -1 : 1))
}

function wantedBins(asked: FunnelAsked, outcomes: Outcome[]): unknown {
  const seconds = outcomes.flatMap(({ times }) => {
    const [from, to] = [times.get(asked.fromStep), times.get(asked.toStep)]
    return from === undefined || to === undefined ? [] : [(to - from) * 60]
  })
  if (seconds.length === 0) return { bins: [], average: null }
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)]
  const count = Math.max(1, Math.min(60, Math.ceil(Math.cbrt(seconds.length))))
  const width = Math.ceil((most - least) / count) || 60
  const bins = Array.from({ length: count + 1 }, (_, i) => [
    least + i * width,
    seconds.filter((each) => Math.floor((each - least) / width) === i).length,
  ])
  return { bins, average: rounded(average(seconds)) }
}

function shownBins(results: unknown): unknown {
  const { bins, average_conversion_time } = results as { bins: number[][]; average_conversion_time: number | null }
  return { bins, average: rounded(average_conversion_time) }
}

// ── the tests ──────────────────────────────────────────────────────────────────────────────────────────────────────────

test(
  `what loops over the events find is what the engine answers (${streams * questionsEach} funnels of 40 actors)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const [events, asked] = made(seed, questionsEach)
        const projectId = await stored(events)
        for (const question of asked) {
          const results = await ask(projectId, funnelQuery(question))
          const outcomes = outcomesOf(question, events, question.view === 'trends' ? hourOf : undefined)
          const told = `${seed} ${JSON.stringify(question)}`
          if (question.view === 'steps') expect(shownFunnels(question, results), told).toEqual(wantedFunnels(question, outcomes))
          else if (question.view === 'trends') expect(shownRates(question, results), told).toEqual(wantedRates(question, outcomes))
          else expect(shownBins(results), told).toEqual(wantedBins(question, outcomes))
        }
      }),
      { numRuns: streams, endOnFailure: true },
    )
  },
  longMs,
)

test(
  'the people behind each step and each drop-off, counted, are its number',
  async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const [events, asked] = made(seed, 2)
        const projectId = await stored(events)
        for (const question of asked.map((each): FunnelAsked => ({ ...each, view: 'steps' }))) {
          const source = funnelQuery(question)
          const told = `${seed} ${JSON.stringify(question)}`
          const results = (await ask(projectId, source)) as StepRow[] | StepRow[][]
          const funnels = (question.breakdown ? results : results.length > 0 ? [results] : []) as StepRow[][]
          for (const steps of funnels.slice(0, 2)) {
            const value = (steps[0] as unknown as { breakdown_value?: string[] }).breakdown_value
            // An actor that several values are folded into is one person behind a number of several.
            if (value?.[0] === 'Other') continue
            const behind = async (funnelStep: number) => {
              const actors = { kind: 'FunnelsActorsQuery', source, funnelStep, ...(value ? { funnelStepBreakdown: value } : {}) }
              return ((await ask(projectId, { kind: 'ActorsQuery', source: actors, select: ['id'] })) as unknown[]).length
            }
            for (const [i, step] of steps.entries()) {
              expect(await behind(i + 1), told).toBe(step.count)
              const previous = steps[i - 1]
              const isPlain = !question.steps[i]?.optional && !question.steps[i - 1]?.optional
              if (previous && isPlain) expect(await behind(-(i + 1)), told).toBe(previous.count - step.count)
            }
          }
        }
      }),
      { numRuns: Math.ceil(streams / 2), endOnFailure: true },
    )
  },
  longMs,
)
