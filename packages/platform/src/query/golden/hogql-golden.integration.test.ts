import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQueryEngine, type QueryEngine } from '../query-engine.ts'
import { engineInstant, eventRow, openQueryStores, type QueryStores } from '../query-test-stores.ts'
import { type Expectation, instants, plain, valueAt } from './expectation.ts'

interface GoldenCase {
  name: string
  now: string | null
  timezone: string
  week_start: number
  persons: { distinct_ids: string[]; properties?: Record<string, unknown>; created_at?: string }[]
  groups: { type_index: number; type: string; key: string; properties?: object; created_at?: string }[]
  events: {
    event: string
    distinct_id: string
    timestamp: string
    properties?: Record<string, unknown>
    elements_chain?: string
    uuid?: string
  }[]
  query: Record<string, unknown>
  expect: Expectation[]
  property_definitions?: { name: string; type: string; property_type: string }[]
  team?: Record<string, unknown>
  /** `none`: nothing is known of any property, so numbers read as text. */
  definitions?: 'none'
}

const cases = JSON.parse(readFileSync(new URL('./cases.json', import.meta.url), 'utf8')) as GoldenCase[]

/** Cases that need what is not there yet, and what they are refused with until then. */
const later: Record<string, RegExp> = {
  'IN COHORT name of an empty static cohort': /IN COHORT is not supported yet/,
  'cohort_people table': /Unknown table "cohort_people"/,
  'ActorsQuery: lifecycle source': /source cannot be a InsightActorsQuery yet/,
}

let stores: QueryStores
let engine: QueryEngine

beforeAll(async () => {
  stores = await openQueryStores()
  engine = createQueryEngine({ events: stores.events, application: stores.application, now: () => new Date() })
})
afterAll(() => stores?.close())

describe('golden cases', () => {
  test.each(cases.map((each, i) => [each.name, each, i + 1] as const))('%s', async (name, golden, projectId) => {
    await setUp(golden, projectId)
    const asked = engine.run({ projectId, query: golden.query, ...(golden.now ? { asOf: golden.now } : {}) })
    const refusal = later[name]
    if (refusal) return expect(asked).rejects.toThrow(refusal)
    if (golden.expect.some((want) => 'error' in want)) return expect(asked).rejects.toMatchObject({ status: 400 })
    const response = await asked
    for (const want of golden.expect) holds(response, want)
  })
})

function holds(response: unknown, want: Expectation): void {
  const got = valueAt(response, want.path)
  const { path, ...operators } = want
  for (const [operator, value] of Object.entries(operators)) {
    switch (operator) {
      case 'equals':
        expect(plain(got), path).toEqual(plain(value))
        break
      case 'length':
        expect(got, path).toHaveLength(value as number)
        break
      case 'unordered':
        expect(sorted(got), path).toEqual(sorted(value))
        break
      case 'contains':
        expect(plain(got), path).toContainEqual(plain(value))
        break
      case 'dates':
        expect(instants(got), path).toEqual(instants(value))
        break
      default:
        throw new Error(`the operator ${operator} is not known here`)
    }
  }
}

const sorted = (list: unknown) => (plain(list) as unknown[]).map((item) => JSON.stringify(item)).sort()

let ids = 0
const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`
const created = '2019-01-01T00:00:00Z'

async function setUp(golden: GoldenCase, projectId: number): Promise<void> {
  await stores.addProject(projectId, { timezone: golden.timezone, week_start_day: golden.week_start, settings: golden.team ?? {} })
  const owners = new Map<string, { id: string; properties: object }>()
  const persons = golden.persons.map((person) => {
    const id = newId()
    for (const distinctId of person.distinct_ids) owners.set(distinctId, { id, properties: person.properties ?? {} })
    const createdAt = engineInstant(person.created_at ?? created)
    return {
      project_id: projectId,
      id,
      created_at: createdAt,
      properties: person.properties ?? {},
      is_identified: 1,
      is_deleted: 0,
      version: 1,
    }
  })
  await insert('persons', persons)
  await insert(
    'person_distinct_ids',
    [...owners].map(([distinct_id, { id }]) => ({ project_id: projectId, distinct_id, person_id: id, is_deleted: 0, version: 1 })),
  )
  await insert(
    'groups',
    golden.groups.map((group) => groupRow(projectId, group)),
  )
  for (const [name, index] of new Map(golden.groups.map((group) => [group.type, group.type_index]))) {
    await stores.application.db
      .insertInto('group_types')
      .values({ project_id: projectId, group_type: name, group_type_index: index })
      .execute()
  }
  await insert(
    'events',
    golden.events.map((event) => storedEvent(projectId, event, owners.get(event.distinct_id))),
  )
  await define(projectId, golden)
}

async function insert(table: string, rows: object[]): Promise<void> {
  if (rows.length > 0) await stores.insert(table, rows)
}

function groupRow(projectId: number, group: GoldenCase['groups'][number]): object {
  const at = engineInstant(group.created_at ?? created)
  return {
    project_id: projectId,
    group_type_index: group.type_index,
    group_key: group.key,
    created_at: at,
    updated_at: at,
    properties: group.properties ?? {},
    is_deleted: 0,
    version: 1,
  }
}

function storedEvent(projectId: number, event: GoldenCase['events'][number], owner: { id: string; properties: object } | undefined) {
  const { $session_id, $window_id, ...properties } = event.properties ?? {}
  const stored = Object.fromEntries(Object.entries(event.properties ?? {}).filter(([, value]) => value !== null))
  const groups = Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`$group_${i}`, String(properties[`$group_${i}`] ?? '')]))
  return eventRow(projectId, event.event, event.timestamp, {
    ...groups,
    ...(event.uuid ? { uuid: event.uuid } : {}),
    distinct_id: event.distinct_id,
    person_id: owner?.id ?? newId(),
    properties: stored,
    person_properties: { ...owner?.properties },
    $session_id: String($session_id ?? ''),
    $window_id: String($window_id ?? ''),
    elements_chain: event.elements_chain ?? '',
  })
}

/** The definitions that the case lists; else what ingestion would make of the values. */
async function define(projectId: number, golden: GoldenCase): Promise<void> {
  if (golden.definitions === 'none') return
  const types = new Map<string, string>()
  for (const [type, documents] of [
    ['event', golden.events.map((event) => event.properties)],
    ['person', golden.persons.map((person) => person.properties)],
  ] as const) {
    for (const [name, value] of documents.flatMap((document) => Object.entries(document ?? {}))) {
      const inferred =
        typeof value === 'number' ? 'Numeric' : typeof value === 'boolean' ? 'Boolean' : typeof value === 'string' ? 'String' : undefined
      const key = `${type} ${name}`
      if (inferred) types.set(key, (types.get(key) ?? inferred) === inferred ? inferred : 'String')
    }
  }
  for (const { name, type, property_type } of golden.property_definitions ?? []) types.set(`${type} ${name}`, property_type)
  for (const [key, propertyType] of types) {
    const [type = '', ...name] = key.split(' ')
    await stores.defineProperty(projectId, type as 'event' | 'person', name.join(' '), propertyType as 'String')
  }
}
