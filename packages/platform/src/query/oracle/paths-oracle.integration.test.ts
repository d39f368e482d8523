import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { openQueryStores, type QueryStores } from '../query-test-stores.ts'
import { busyStream } from './busy-stream.fixture.ts'
import { personOf, type StreamEvent, storeStream, streamNow } from './random-stream.fixture.ts'

/** Streams of events, each asked several questions; HEDGEROW_TEST_ORACLE_RUNS asks for more. */
const streams = Number(process.env.HEDGEROW_TEST_ORACLE_RUNS ?? 10)
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
  items: 'event' | 'browser'
  exclude: string[]
  start: string | undefined
  end: string | undefined
  stepLimit: number
  edgeLimit: number
  least: number
  byGroup: boolean
}

const question: fc.Arbitrary<Asked> = fc
  .record({
    items: fc.constantFrom<Asked['items'][]>('event', 'browser'),
    exclude: fc.constantFrom<string[][]>([], [], ['buy', 'Safari']),
    start: fc.constantFrom(undefined, undefined, 'view', 'buy'),
    end: fc.constantFrom(undefined, undefined, 'leave', 'view'),
    stepLimit: fc.integer({ min: 1, max: 7 }),
    edgeLimit: fc.constantFrom(3, 8, 50),
    least: fc.constantFrom(0, 0, 2),
    byGroup: fc.constantFrom(false, false, true),
  })
  .map((asked) => {
    const browsers: Record<string, string> = { view: 'Chrome', buy: 'Opera', leave: 'Safari' }
    const point = (name: string | undefined) => (name && asked.items === 'browser' ? browsers[name] : name)
    return { ...asked, start: point(asked.start), end: point(asked.end) }
  })

/** Close together, so that there are paths; no two at the same time, since nothing says which of them came first. */
const denseStream = busyStream.map((stream) =>
  stream.map((event): StreamEvent => ({ ...event, at: new Date(streamNow.getTime() - (event.at.getTime() % 9_000_000) - event.place) })),
)

const pathsQuery = (asked: Asked, keys: object = {}) => ({
  kind: 'PathsQuery',
  dateRange: { date_from: '-2d' },
  pathsFilter: {
    ...(asked.items === 'event'
      ? { includeEventTypes: ['custom_event'] }
      : { includeEventTypes: ['hogql'], pathsHogQLExpression: 'properties.browser' }),
    excludeEvents: asked.exclude,
    ...(asked.start ? { startPoint: asked.start } : {}),
    ...(asked.end ? { endPoint: asked.end } : {}),
    stepLimit: asked.stepLimit,
    edgeLimit: asked.edgeLimit,
    ...(asked.least ? { minEdgeWeight: asked.least } : {}),
    ...keys,
  },
  ...(asked.byGroup ? { aggregation_group_type_index: 0 } : {}),
})

// ── what a loop over the events finds ──────────────────────────────────────────────────────────────────────────────────

interface Step {
  item: string
  at: number
}
interface Path {
  actor: string
  steps: Step[]
}

function pathsOf(asked: Asked, stream: StreamEvent[]): Path[] {
  const actorOf = (event: StreamEvent) => (asked.byGroup ? event.group : personOf(event))
  const actors = [...new Set(stream.map(actorOf))].filter((actor) => actor !== '')
  return actors.flatMap((actor) => {
    const steps = stream
      .filter((event) => actorOf(event) === actor)
      .map((event): Step => ({ item: asked.items === 'event' ? event.event : (event.browser ?? ''), at: event.at.getTime() }))
      .filter(({ item }) => !asked.exclude.includes(item))
      .sort((a, b) => a.at - b.at)
    return sessionsOf(steps)
      .map((session) => cut(asked, session))
      .filter((path) => path !== undefined)
      .map((path) => ({ actor, steps: path }))
  })
}

/** Of equal items in a row the last one stays; an empty one at the end of a session goes. */
function sessionsOf(steps: Step[]): Step[][] {
  const sessions: Step[][] = []
  for (const [i, step] of steps.entries()) {
    const before = steps[i - 1]
    if (!before || step.at - before.at >= 1_800_000) sessions.push([])
    sessions.at(-1)?.push(step)
  }
  return sessions.map((session) => session.filter((step, i) => step.item !== (session[i + 1]?.item ?? '')))
}

function cut({ start, end, stepLimit }: Asked, session: Step[]): Step[] | undefined {
  const startAt = start === undefined ? 0 : session.findIndex(({ item }) => item === start)
  if (startAt < 0) return undefined
  const rest = session.slice(startAt)
  if (end === undefined) return rest.slice(0, stepLimit)
  const endAt = rest.findIndex(({ item }) => item === end)
  if (endAt < 0) return undefined
  const whole = rest.slice(0, endAt + 1)
  if (whole.length <= stepLimit) return whole
  if (start === undefined) return whole.slice(-stepLimit)
  const half = Math.floor(stepLimit / 2)
  return [...whole.slice(0, half), { item: '...', at: whole[half]?.at ?? 0 }, ...whole.slice(whole.length - half)]
}

interface Edge {
  source: string
  target: string
  value: number
  average_conversion_time: number
}

function edgesOf(asked: Asked, paths: Path[]): Edge[] {
  const times = new Map<string, number[]>()
  for (const { steps } of paths) {
    for (const [i, step] of steps.entries()) {
      const before = steps[i - 1]
      if (!before) continue
      const key = JSON.stringify([`${i}_${before.item}`, `${i + 1}_${step.item}`])
      times.set(key, [...(times.get(key) ?? []), step.at - before.at])
    }
  }
  const all = [...times].map(([key, list]): Edge => {
    const [source = '', target = ''] = JSON.parse(key) as string[]
    return { source, target, value: list.length, average_conversion_time: Math.round(list.reduce((a, b) => a + b, 0) / list.length) }
  })
  const compare = (a: Edge, b: Edge) =>
    b.value - a.value || (a.source < b.source ? -1 : a.source > b.source ? 1 : a.target < b.target ? -1 : 1)
  const kept = all
    .filter(({ value }) => value >= asked.least)
    .sort(compare)
    .slice(0, asked.edgeLimit)
  const reached = new Set<string>()
  for (let size = -1; size !== reached.size; ) {
    size = reached.size
    for (const { source, target } of kept) if (source.startsWith('1_') || reached.has(source)) reached.add(source).add(target)
  }
  return kept.filter(({ source }) => reached.has(source))
}

/** Who takes a step, and how often. */
function takersOf(paths: Path[], { source, target }: Partial<Edge>): number[] {
  const counts = new Map<string, number>()
  for (const { actor, steps } of paths) {
    for (const [i, step] of steps.entries()) {
      const before = steps[i - 1]
      if (!before || (source && source !== `${i}_${before.item}`) || (target && target !== `${i + 1}_${step.item}`)) continue
      counts.set(actor, (counts.get(actor) ?? 0) + 1)
    }
  }
  return [...counts.values()].sort()
}

test(
  `the steps that a loop over the events finds, and the people behind them (${streams * questionsEach} questions)`,
  async () => {
    let edges = 0
    const questions = fc.array(question, { minLength: questionsEach, maxLength: questionsEach })
    await fc.assert(
      fc.asyncProperty(denseStream, questions, async (stream, asked) => {
        projects++
        const projectId = projects
        await storeStream(stores, projectId, stream, { timezone: 'UTC', week_start_day: 0 })
        const actors = async (of: Asked, keys: object) => {
          const people = await ask<[unknown, number][]>(projectId, {
            kind: 'InsightActorsQuery',
            source: pathsQuery(of, keys),
            limit: 1000,
          })
          return people.map(([, count]) => count).sort()
        }
        for (const each of asked) {
          const message = JSON.stringify(each)
          const paths = pathsOf(each, stream)
          const found = await ask<Edge[]>(projectId, pathsQuery(each))
          const shown = found.map((edge) => ({ ...edge, average_conversion_time: Math.round(edge.average_conversion_time) }))
          expect(shown, message).toEqual(edgesOf(each, paths))
          edges += found.length
          for (const edge of found.slice(0, 2)) {
            const { source, target, value } = edge
            const both = await actors(each, { pathStartKey: source, pathEndKey: target })
            expect(both, message).toEqual(takersOf(paths, edge))
            expect(
              both.reduce((all, count) => all + count, 0),
              message,
            ).toBe(value)
            expect(await actors(each, { pathEndKey: target }), message).toEqual(takersOf(paths, { target }))
            const ends = paths.filter(({ steps }) => `${steps.length}_${steps.at(-1)?.item}` === target).map(({ actor }) => actor)
            const counts = [...new Set(ends)].map((actor) => ends.filter((other) => other === actor).length).sort()
            expect(await actors(each, { pathDropoffKey: target }), message).toEqual(counts)
          }
        }
      }),
      { numRuns: streams, endOnFailure: true },
    )
    expect(edges).toBeGreaterThan(streams)
  },
  longMs,
)
