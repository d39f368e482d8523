import { readFileSync } from 'node:fs'
import type { NewCohort } from '@hedgerow/protocol'
import { newCohort } from '@hedgerow/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openQueryStores, type QueryStores, type QueryStoresPlace } from '../query/query-test-stores.ts'
import { type CohortWorld, cohortsAt, personIdOf, setUpWorld } from './cohort-stores.fixture.ts'

interface Case extends CohortWorld {
  id: string
  now: string
  properties: unknown
  expect: { members?: string[]; error?: string }
}

const cases: Case[] = JSON.parse(readFileSync(new URL('./behavioral-cohorts.json', import.meta.url), 'utf8'))

/** More of the rules: what happens at the edges, in other zones, with actions, filters and cohorts inside. */
const performed = { type: 'behavioral', key: 'click', event_type: 'events', value: 'performed_event', time_value: 7, time_interval: 'day' }
const at = (person: string, timestamp: string, event = 'click', properties = {}) => ({ person, event, timestamp, properties })
const all = (...values: unknown[]) => ({ type: 'AND', values })
const now = '2024-06-15T12:00:00Z'
const people = { p1: {}, p2: {}, p3: {} }
const own: Case[] = [
  {
    id: 'the ends of the window belong to it',
    now,
    properties: all(performed),
    persons: people,
    events: [at('p1', '2024-06-08T12:00:00Z'), at('p2', '2024-06-15T12:00:00Z'), at('p3', '2024-06-15T12:00:01Z')],
    expect: { members: ['p1', 'p2'] },
  },
  {
    id: 'filters on the event count',
    now,
    properties: all({ ...performed, event_filters: [{ type: 'event', key: 'plan', value: 'pro', operator: 'exact' }] }),
    persons: people,
    events: [at('p1', '2024-06-14T12:00:00Z', 'click', { plan: 'pro' }), at('p2', '2024-06-14T12:00:00Z', 'click', { plan: 'free' })],
    expect: { members: ['p1'] },
  },
  {
    id: 'restarted: an event now, a pause, and one before the window',
    now,
    properties: all({ ...performed, value: 'restarted_performing_event', seq_time_value: 2, seq_time_interval: 'day' }),
    persons: { ...people, p4: {} },
    events: [
      at('p1', '2024-06-14T12:00:00Z'),
      at('p1', '2024-06-01T12:00:00Z'),
      at('p2', '2024-06-14T12:00:00Z'),
      at('p2', '2024-06-10T12:00:00Z'),
      at('p2', '2024-06-01T12:00:00Z'),
      at('p3', '2024-06-14T12:00:00Z'),
      at('p4', '2024-06-01T12:00:00Z'),
    ],
    expect: { members: ['p1'] },
  },
  {
    id: 'a sequence of one event is two of them, one later than the other',
    now,
    properties: all({
      ...performed,
      value: 'performed_event_sequence',
      seq_event: 'click',
      seq_event_type: 'events',
      seq_time_value: 1,
      seq_time_interval: 'hour',
    }),
    persons: people,
    events: [
      at('p1', '2024-06-14T12:00:00Z'),
      at('p1', '2024-06-14T13:00:00Z'),
      at('p2', '2024-06-14T12:00:00Z'),
      at('p2', '2024-06-14T12:00:00Z'),
      at('p3', '2024-06-14T12:00:00Z'),
      at('p3', '2024-06-14T13:00:01Z'),
    ],
    expect: { members: ['p1'] },
  },
  {
    id: 'a sequence may begin anew: the last first step before the second one counts',
    now,
    properties: all({
      ...performed,
      key: 'a',
      value: 'performed_event_sequence',
      seq_event: 'b',
      seq_time_value: 1,
      seq_time_interval: 'hour',
    }),
    persons: people,
    events: [at('p1', '2024-06-10T12:00:00Z', 'a'), at('p1', '2024-06-14T12:00:00Z', 'a'), at('p1', '2024-06-14T12:30:00Z', 'b')],
    expect: { members: ['p1'] },
  },
  {
    id: 'stopped: recent windows as long as the whole one are refused',
    now,
    properties: all({ ...performed, value: 'stopped_performing_event', seq_time_value: 1, seq_time_interval: 'week' }),
    persons: people,
    events: [],
    expect: { error: 'recent_window_longer_than_total_window' },
  },
  {
    id: 'a count of nothing is refused',
    now,
    properties: all({ ...performed, value: 'performed_event_multiple', operator: 'lte', operator_value: 0 }),
    persons: people,
    events: [],
    expect: { error: 'invalid_input' },
  },
  {
    id: 'or of what somebody did, and of who they are, with the negation of another inside',
    now,
    properties: {
      type: 'OR',
      values: [
        all({ type: 'person', key: 'plan', value: 'pro', operator: 'exact' }, { ...performed, negation: true }),
        all({ ...performed, value: 'performed_event_multiple', operator: 'gt', operator_value: 1 }),
      ],
    },
    persons: { p1: { plan: 'pro' }, p2: { plan: 'pro' }, p3: {}, p4: {} },
    events: [
      at('p2', '2024-06-14T12:00:00Z'),
      at('p3', '2024-06-14T12:00:00Z'),
      at('p3', '2024-06-14T12:30:00Z'),
      at('p4', '2024-06-14T12:00:00Z'),
    ],
    expect: { members: ['p1', 'p3'] },
  },
]

const decoded = (properties: unknown): NewCohort => newCohort.parse({ name: 'cohort', filters: { properties } })

/** Created, then asked for in the three ways there are: they must agree. */
async function membersOf(stores: QueryStores, projectId: number, { now: moment, properties, persons }: Case): Promise<string[]> {
  const { cohorts, calculations, query } = cohortsAt(stores, () => new Date(moment))
  const { id } = await cohorts.create(projectId, null, decoded(properties))
  await calculations.drain()
  const sql = (text: string) =>
    query.rows({ projectId, query: { kind: 'HogQLQuery', query: text } }).then(({ results }) => results.map(([cell]) => String(cell)))
  const inline = await sql(`SELECT id FROM persons WHERE id IN COHORT ${id}`)
  const stored = await sql(`SELECT person_id FROM cohort_people WHERE cohort_id = ${id}`)
  expect(stored.sort()).toEqual(inline.sort())
  expect((await cohorts.get(projectId, String(id))).count).toBe(inline.length)
  const outside = await sql(`SELECT id FROM persons WHERE id NOT IN COHORT ${id}`)
  expect(outside.length + inline.length).toBe(Object.keys(persons).length)
  return Object.keys(persons).filter((name) => inline.includes(personIdOf(projectId, name)))
}

/** Plays all cases, each in a project of its own. `place` says where the stores are; embedded in a directory of their own unless it does. */
export function playBehavior(title: string, place: () => Promise<QueryStoresPlace> = async () => ({})): void {
  let stores: QueryStores
  let projects = 100
  beforeAll(async () => {
    stores = await openQueryStores(await place())
  })
  afterAll(() => stores?.close())

  describe.each([
    ['golden', cases],
    ['own', own],
  ])(`${title}, %s`, (_, list) => {
    test.each(list.map((each) => [each.id, each] as const))('%s', async (_id, each) => {
      const projectId = ++projects
      await setUpWorld(stores, projectId, each)
      const asked = async () => membersOf(stores, projectId, each)
      if (each.expect.error === undefined) return expect(await asked()).toEqual(each.expect.members)
      if (each.expect.error === 'invalid_input') return expect(asked).rejects.toThrow('operator_value')
      await expect(asked()).rejects.toMatchObject({ code: each.expect.error, status: 400 })
    })
  })
}
