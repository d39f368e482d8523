import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { eventRow, openQueryStores, personRow, type QueryStores } from '../query-test-stores.ts'

/** Forms of funnels that random streams do not reach: many steps, other actors, breakdowns by other things, and rates' people. */

const id = (place: number) => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`
const names = Array.from({ length: 20 }, (_, i) => `step ${i + 1}`)
const asOf = new Date('2024-05-20T00:00:00Z')

let stores: QueryStores
let engine: QueryEngine
beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => asOf })
  await stores.addProject(1, { timezone: 'US/Pacific' })
  await stores.insert(
    'persons',
    [1, 2, 3].map((place) => personRow(1, id(place), { role: place === 1 ? 'owner' : 'guest' })),
  )
  const minutes = (minute: number) => new Date(Date.UTC(2024, 4, 10) + minute * 60_000).toISOString()
  const did = (person: number, name: string, minute: number, rest: Record<string, unknown> = {}) =>
    eventRow(1, name, minutes(minute), { distinct_id: `user ${person}`, person_id: id(person), ...rest })
  await stores.insert('events', [
    // The first does all twenty steps, the second twelve, the third the last first.
    ...names.map((name, i) => did(1, name, i)),
    ...names.slice(0, 12).map((name, i) => did(2, name, 2 * i)),
    ...names.toReversed().map((name, i) => did(3, name, i)),
    did(2, 'oops', 3),
    // Orders of two companies, each by two people.
    did(1, 'asked', 100, { $group_0: 'acme', $session_id: 's1', properties: { plan: 'pro' } }),
    did(2, 'bought', 110, { $group_0: 'acme', $session_id: 's2', properties: { plan: 'pro' } }),
    did(2, 'asked', 120, { $group_0: 'umbrella', $session_id: 's3', properties: { plan: 'free' } }),
    did(3, 'asked', 125, { $session_id: 's3' }),
    did(3, 'bought', 130, { $group_0: 'other', $session_id: 's3' }),
    did(3, 'asked', 60 * 24, { properties: { plan: 'free' } }),
    did(3, 'asked', 60 * 24 + 5, { properties: { plan: 'pro' } }),
    did(3, 'bought', 60 * 24 + 10, { properties: { plan: 'pro' } }),
  ])
})
afterAll(() => stores?.close())

const series = (...events: string[]) => events.map((event) => ({ kind: 'EventsNode', event }))
const dateRange = { date_from: '2024-05-08', date_to: '2024-05-18' }
const funnel = (steps: object[], funnelsFilter: object = {}, rest: object = {}) => ({
  kind: 'FunnelsQuery',
  series: steps,
  dateRange,
  funnelsFilter,
  ...rest,
})
const ask = async (query: unknown) => (await engine.run({ projectId: 1, query, asOf })).results
const counts = async (query: object) => ((await ask(query)) as { count: number }[]).map(({ count }) => count)
const people = async (source: object, selection: object) => {
  const rows = (await ask({
    kind: 'ActorsQuery',
    source: { kind: 'FunnelsActorsQuery', source, ...selection },
    select: ['id'],
  })) as unknown[][]
  return rows.map(([actor]) => Number(String(actor).slice(-2))).sort()
}

describe('as many steps as do not fit into the smaller integer', () => {
  const whole = (first: number[], rest: number[]) => names.map((_, i) => (i < 12 ? (first[i] ?? first[0]) : (rest[0] ?? 0)))

  test('ordered', async () => {
    expect(await counts(funnel(series(...names)))).toEqual([3, ...whole([2], [1]).slice(1)])
  })

  test('strict, with an exclusion: an event between breaks it, and only there', async () => {
    expect(await counts(funnel(series(...names), { funnelOrderType: 'strict' }))).toEqual([3, 2, ...names.slice(2).map(() => 1)])
    const exclusions = [{ kind: 'EventsNode', event: 'oops', funnelFromStep: 1, funnelToStep: 3 }]
    expect(await counts(funnel(series(...names), { exclusions }))).toEqual([2, ...names.slice(1).map(() => 1)])
  })

  test('optional steps beside exclusions', async () => {
    const exclusions = [{ kind: 'EventsNode', event: 'oops', funnelFromStep: 1, funnelToStep: 3 }]
    const steps = series(...names).map((step, i) => (i === 12 ? { ...step, optionalInFunnel: true } : step))
    expect(await counts(funnel(steps, { exclusions }))).toEqual([2, ...names.slice(1).map(() => 1)])
  })

  test('the same event in every step', async () => {
    expect(await counts(funnel(series(...names.map(() => 'step 1'))))).toEqual([3, ...names.slice(1).map(() => 0)])
  })

  test('unordered', async () => {
    const reached = names.map((_, i) => (i < 12 ? 3 : 2))
    expect(await counts(funnel(series(...names), { funnelOrderType: 'unordered' }))).toEqual(reached)
  })

  test('optional steps that were not done are passed over', async () => {
    const steps = series('step 11', 'step 12', 'step 13', 'step 14').map((step, i) => ({ ...step, optionalInFunnel: i === 1 || i === 2 }))
    expect(await counts(funnel(steps))).toEqual([3, 2, 1, 1])
    expect(await counts(funnel([...steps, { kind: 'EventsNode', event: null }]))).toEqual([3, 2, 1, 1, 1])
  })
})

describe('other actors than persons', () => {
  test('groups: events without one are left out', async () => {
    expect(await counts(funnel(series('asked', 'bought'), {}, { aggregation_group_type_index: 0 }))).toEqual([2, 1])
  })

  test('a HogQL expression: events of which it makes nothing are left out', async () => {
    expect(await counts(funnel(series('asked', 'bought'), { funnelAggregateByHogQL: '$session_id' }))).toEqual([2, 1])
  })
})

describe('breakdowns', () => {
  const values = async (query: object) =>
    ((await ask(query)) as { breakdown_value: unknown; count: number }[][]).map((steps) => [
      steps[0]?.breakdown_value,
      ...steps.map(({ count }) => count),
    ])

  test('by a property of the person', async () => {
    const by = { breakdownFilter: { breakdown: 'role', breakdown_type: 'person' } }
    expect(await values(funnel(series('asked', 'bought'), {}, by))).toEqual([
      [['guest'], 2, 1],
      [['owner'], 1, 0],
    ])
  })

  test('by HogQL, and values beyond the limit together', async () => {
    const by = { breakdownFilter: { breakdown: 'upper(distinct_id)', breakdown_type: 'hogql', breakdown_limit: 1 } }
    expect(await values(funnel(series('asked', 'bought'), {}, by))).toEqual([
      [['Other'], 2, 1],
      [['USER 1'], 1, 0],
    ])
  })

  test('the people of Other are those of all values beyond the limit', async () => {
    const by = { breakdownFilter: { breakdown: 'distinct_id', breakdown_type: 'event_metadata', breakdown_limit: 1 } }
    const source = funnel(series('asked', 'bought'), {}, by)
    expect(await people(source, { funnelStep: 1, funnelStepBreakdown: ['Other'] })).toEqual([2, 3])
    expect(await people(source, { funnelStep: 1, funnelStepBreakdown: ['user 1'] })).toEqual([1])
  })
})

describe('people', () => {
  const source = funnel(series('step 1', 'step 2', 'step 13'))

  test.each<[object, number[]]>([
    [{ funnelStep: 1 }, [1, 2, 3]],
    [{ funnelStep: 3 }, [1]],
    [{ funnelStep: -2 }, [3]],
    [{ funnelStep: -3 }, [2]],
    [{ funnelCustomSteps: [1, 3] }, [1, 3]],
  ])('%j', async (selection, wanted) => {
    expect(await people(source, selection)).toEqual(wanted)
  })

  test.each([0, -1, 4, 1.5, 'two'])('step %j is refused', async (funnelStep) => {
    await expect(people(source, { funnelStep })).rejects.toThrow(/funnelStep must be 1 to 3/)
  })

  test('of a rate over time, in the period that they entered in: converted, or not', async () => {
    const rates = funnel(series('asked', 'bought'), { funnelVizType: 'trends', funnelWindowInterval: 1, funnelWindowIntervalUnit: 'hour' })
    const [row] = (await ask(rates)) as { data: number[]; days: string[] }[]
    // In Pacific time, the first events are on the day before.
    expect(row?.days.slice(1, 3)).toEqual(['2024-05-09', '2024-05-10'])
    expect(row?.data.slice(1, 3)).toEqual([33.33, 100])
    const of = (day: string, funnelTrendsDropOff: boolean) =>
      people(rates, { funnelTrendsEntrancePeriodStart: `${day} 00:00:00`, funnelTrendsDropOff })
    expect(await of('2024-05-09', false)).toEqual([3])
    expect(await of('2024-05-09', true)).toEqual([1, 2])
    expect(await of('2024-05-10', false)).toEqual([3])
    await expect(of('2024-06-01', true)).rejects.toThrow(/not in the date range/)
  })
})

test('the first event of a kind ever, or the first that passes the filters', async () => {
  const filters = { properties: [{ type: 'event', key: 'plan', operator: 'exact', value: 'pro' }] }
  const first = (math: string) => funnel([{ kind: 'EventsNode', event: 'asked', math, ...filters }, ...series('bought')])
  // Of three that asked, one had the plan at its first; two had it at some time.
  expect(await counts(first('first_time_for_user'))).toEqual([1, 0])
  expect(await counts(first('first_time_for_user_with_filters'))).toEqual([2, 1])
})
