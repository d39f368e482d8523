import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from './query-engine.ts'
import { eventRow, openQueryStores, personRow, type QueryStores } from './query-test-stores.ts'

/** Ten who signed up: those of an even number paid. All that paid watched, and one that did not; all that did not asked for help. */
const people = Array.from({ length: 10 }, (_, i) => `00000000-0000-4000-8000-${String(i + 1).padStart(12, '0')}`)
const paid = (place: number) => place % 2 === 0

let stores: QueryStores
let engine: QueryEngine
const asOf = new Date('2024-05-20T00:00:00Z')
beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => asOf })
  await stores.addProject(1)
  await stores.insert(
    'persons',
    people.map((id, i) => personRow(1, id, { plan: paid(i) || i === 1 ? 'pro' : 'free', email: `${i}@example.com` })),
  )
  await stores.insert(
    'events',
    people.flatMap((id, i) => {
      const at = (name: string, day: number, properties = {}) =>
        eventRow(1, name, `2024-05-${String(day).padStart(2, '0')}T12:00:00Z`, { distinct_id: id, person_id: id, properties })
      return [
        at('read page', 1),
        at('signed up', 2),
        ...(paid(i) || i === 1 ? [at('watched', 3, { kind: 'tour', 'dotted.name': 'yes', count: 2 })] : []),
        ...(paid(i) ? [at('paid', 5)] : [at('asked for help', 4)]),
        at('came back', 6),
      ]
    }),
  )
})
afterAll(() => stores?.close())

const series = ['signed up', 'paid'].map((event) => ({ kind: 'EventsNode', event }))
const funnel = { kind: 'FunnelsQuery', series, dateRange: { date_from: '2024-05-01', date_to: '2024-05-19' } }
const source = { kind: 'FunnelsActorsQuery', source: funnel, funnelStep: 1 }
const correlation = (fields: object) => ({ kind: 'FunnelCorrelationQuery', source, ...fields })

interface Found {
  skewed: boolean
  events: { event: { event: string }; success_count: number; failure_count: number; odds_ratio: number; correlation_type: string }[]
}

async function found(fields: object): Promise<Found> {
  return (await engine.run({ projectId: 1, query: correlation(fields), asOf })).results as Found
}
const plain = ({ events }: Found) => events.map((each) => [each.event.event, each.success_count, each.failure_count, each.correlation_type])

describe('what goes with converting', () => {
  test('events between entering and converting, without the steps and what happened before or after', async () => {
    const results = await found({ funnelCorrelationType: 'events' })
    expect(plain(results)).toEqual([
      ['watched', 5, 1, 'success'],
      ['asked for help', 0, 5, 'failure'],
      ['came back', 0, 5, 'failure'],
    ])
    // (5 + 1) × (5 − 1 + 1) ÷ ((5 − 5 + 1) × (1 + 1))
    expect(results.events[0]?.odds_ratio).toBeCloseTo(15)
    expect(results.skewed).toBe(false)
  })

  test('events can be left out by name', async () => {
    const results = await found({ funnelCorrelationType: 'events', funnelCorrelationExcludeEventNames: ['came back', 'watched'] })
    expect(plain(results)).toEqual([['asked for help', 0, 5, 'failure']])
  })

  test('properties of an event, in whatever form they are', async () => {
    const results = await found({
      funnelCorrelationType: 'event_with_properties',
      funnelCorrelationEventNames: ['watched'],
      funnelCorrelationEventExcludePropertyNames: ['kind'],
    })
    expect(plain(results)).toEqual([
      ['watched::count::2', 5, 1, 'success'],
      ['watched::dotted.name::yes', 5, 1, 'success'],
    ])
  })

  test('properties of the persons, named or all', async () => {
    const wanted = [
      ['plan::pro', 5, 1, 'success'],
      ['plan::free', 0, 4, 'failure'],
    ]
    expect(plain(await found({ funnelCorrelationType: 'properties', funnelCorrelationNames: ['plan'] }))).toEqual(wanted)
    const all = { funnelCorrelationType: 'properties', funnelCorrelationNames: ['$all'], funnelCorrelationExcludeNames: ['email'] }
    expect(plain(await found(all))).toEqual(wanted)
  })

  test('one outcome that never happened says nothing', async () => {
    const only = { ...source, source: { ...funnel, series: [series[0], { kind: 'EventsNode', event: 'never' }] } }
    const response = await engine.run({ projectId: 1, query: { ...correlation({ funnelCorrelationType: 'events' }), source: only }, asOf })
    expect(response.results).toEqual({ events: [], skewed: true })
  })

  test('without properties to look at, the question is refused by name', async () => {
    await expect(found({ funnelCorrelationType: 'properties' })).rejects.toThrow(/funnelCorrelationNames/)
    await expect(found({ funnelCorrelationType: 'luck' })).rejects.toThrow(/"luck"/)
  })
})

describe('the people behind a correlation, counted, are its numbers', () => {
  const count = async (fields: object) => {
    const actors = { kind: 'FunnelCorrelationActorsQuery', source: correlation({ funnelCorrelationType: 'events' }), ...fields }
    return ((await engine.run({ projectId: 1, query: { kind: 'ActorsQuery', source: actors, select: ['id'] }, asOf })).results as unknown[])
      .length
  }

  test.each([
    ['watched', true, 5],
    ['watched', false, 1],
    ['asked for help', false, 5],
    ['read page', true, 0],
  ])('%s, converted %s: %i', async (event, funnelCorrelationPersonConverted, wanted) => {
    const funnelCorrelationPersonEntity = { kind: 'EventsNode', event }
    expect(await count({ funnelCorrelationPersonEntity, funnelCorrelationPersonConverted })).toBe(wanted)
  })

  test('by a property of the person', async () => {
    const funnelCorrelationPropertyValues = [{ type: 'person', key: 'plan', operator: 'exact', value: 'pro' }]
    expect(await count({ funnelCorrelationPropertyValues, funnelCorrelationPersonConverted: true })).toBe(5)
    expect(await count({ funnelCorrelationPropertyValues })).toBe(6)
  })
})
