import { inferType, type PropertyType, widenType } from '@hedgerow/ingestion'
import { personSnapshot } from '@hedgerow/stores'
import { engineInstant, eventRow, type QueryStores } from '../query-test-stores.ts'
import { setUpCohortsAndActions } from './cohorts-and-actions.fixture.ts'
import type { GoldenEvent, GoldenGroup, GoldenPlan } from './golden-case.fixture.ts'

const created = '2019-01-01T00:00:00Z'
let ids = 0
const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`

/** A distinct id without a person: all of its events carry the same id, as they do where ingestion stores them. */
const strangers = new Map<string, string>()
function strangerId(projectId: number, distinctId: string): string {
  const key = `${projectId} ${distinctId}`
  const id = strangers.get(key) ?? newId()
  strangers.set(key, id)
  return id
}

interface Owner {
  id: string
  properties: Record<string, unknown>
  createdAt: string
}

type Query = Record<string, unknown>

/** Puts a case into a project of its own. @returns what gives a query the ids that the case's cohorts and actions have there. */
export async function setUpGolden(stores: QueryStores, projectId: number, golden: GoldenPlan): Promise<(query: Query) => Query> {
  const { timezone = 'UTC', week_start: week_start_day = 0, team: settings = {} } = golden
  await stores.addProject(projectId, { timezone, week_start_day, settings })
  const owners = await insertPersons(stores, projectId, golden)
  await insertGroups(stores, projectId, golden.groups ?? [])
  const events = (golden.events ?? []).map((event) => storedEvent(projectId, event, owners.get(event.distinct_id)))
  if (events.length) await stores.insert('events', events)
  await define(stores, projectId, golden)
  const personIds = new Map([...owners].map(([distinctId, { id }]) => [distinctId, id]))
  const { cohorts, actions } = await setUpCohortsAndActions({ stores, projectId, golden, personIds })
  return (query) => withIds(query, cohorts, actions) as Query
}

async function insertPersons(stores: QueryStores, project_id: number, { persons = [] }: GoldenPlan): Promise<Map<string, Owner>> {
  const owners = new Map<string, Owner>()
  const rows = persons.map(({ distinct_ids, properties = {}, created_at = created }) => {
    const owner = { id: newId(), properties, createdAt: engineInstant(created_at) }
    for (const distinctId of distinct_ids) owners.set(distinctId, owner)
    return { project_id, id: owner.id, created_at: owner.createdAt, properties, is_identified: 1, is_deleted: 0, version: 1 }
  })
  const links = [...owners].map(([distinct_id, { id }]) => ({ project_id, distinct_id, person_id: id, is_deleted: 0, version: 1 }))
  if (rows.length) await stores.insert('persons', rows)
  if (links.length) await stores.insert('person_distinct_ids', links)
  return owners
}

async function insertGroups(stores: QueryStores, project_id: number, groups: GoldenGroup[]): Promise<void> {
  const rows = groups.map(({ type_index, key, properties = {}, created_at = created }) => {
    const at = engineInstant(created_at)
    return {
      project_id,
      group_type_index: type_index,
      group_key: key,
      created_at: at,
      updated_at: at,
      properties,
      is_deleted: 0,
      version: 1,
    }
  })
  if (rows.length) await stores.insert('groups', rows)
  for (const [group_type, group_type_index] of new Map(groups.map(({ type, type_index }) => [type, type_index]))) {
    await stores.application.db.insertInto('group_types').values({ project_id, group_type, group_type_index }).execute()
  }
}

function storedEvent(projectId: number, event: GoldenEvent, owner: Owner | undefined) {
  const { $session_id, $window_id, ...properties } = event.properties ?? {}
  const stored = Object.fromEntries(Object.entries(event.properties ?? {}).filter(([, value]) => value !== null))
  const groups = Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`$group_${i}`, String(properties[`$group_${i}`] ?? '')]))
  return eventRow(projectId, event.event, event.timestamp, {
    ...groups,
    ...(event.uuid ? { uuid: event.uuid } : {}),
    ...(owner ? { person_created_at: owner.createdAt } : {}),
    ...(properties.$process_person_profile === false ? { person_mode: 'propertyless' as const } : {}),
    distinct_id: event.distinct_id,
    person_id: owner?.id ?? strangerId(projectId, event.distinct_id),
    properties: stored,
    person_snapshot: JSON.parse(personSnapshot(owner?.properties ?? {})) as Record<string, string>,
    $session_id: String($session_id ?? ''),
    $window_id: String($window_id ?? ''),
    elements_chain: event.elements_chain ?? '',
  })
}

/** The definitions that the case lists; else what ingestion would make of the values. */
async function define(stores: QueryStores, project_id: number, golden: GoldenPlan): Promise<void> {
  if (golden.definitions === 'none') return
  const types = new Map<
    string,
    { type: 'event' | 'person' | 'group'; group_type_index: number; name: string; property_type: PropertyType }
  >()
  const note = (type: 'event' | 'person' | 'group', group_type_index: number, name: string, property_type: PropertyType) =>
    types.set(`${type} ${group_type_index} ${name}`, { type, group_type_index, name, property_type })
  const collect = (type: 'event' | 'person' | 'group', index: number, properties: Record<string, unknown> = {}) => {
    for (const [name, value] of Object.entries(properties)) {
      const known = types.get(`${type} ${index} ${name}`)?.property_type ?? null
      note(type, index, name, widenType(known, inferType(name, value)))
    }
  }
  for (const { properties } of golden.events ?? []) collect('event', -1, properties)
  for (const { properties } of golden.persons ?? []) collect('person', -1, properties)
  for (const { properties, type_index } of golden.groups ?? []) collect('group', type_index, properties)
  for (const { type, name, property_type } of golden.property_definitions ?? []) {
    const indexes = type === 'group' ? new Set((golden.groups ?? []).map(({ type_index }) => type_index)) : [-1]
    for (const index of indexes) note(type, index, name, property_type as PropertyType)
  }
  const rows = [...types.values()].map((row) => ({ ...row, project_id, created_at: new Date() }))
  if (rows.length) await stores.application.db.insertInto('property_definitions').values(rows).execute()
}

/** The query with the ids that its objects have here. */
function withIds(node: unknown, cohorts: ReadonlyMap<unknown, number>, actions: ReadonlyMap<unknown, number>): unknown {
  if (Array.isArray(node)) return node.map((item) => withIds(item, cohorts, actions))
  if (typeof node !== 'object' || node === null) return node
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withIds(value, cohorts, actions)]),
  )
  const cohort = (value: unknown): unknown => (Array.isArray(value) ? value.map(cohort) : (cohorts.get(value) ?? value))
  if (copy.actionId !== undefined) copy.actionId = actions.get(copy.actionId) ?? copy.actionId
  if (copy.kind === 'ActionsNode' || copy.type === 'actions') copy.id = actions.get(copy.id) ?? copy.id
  if (copy.type === 'cohort' || copy.key === 'id') copy.value = cohort(copy.value)
  if (copy.breakdown_type === 'cohort' || breaksDownByCohort(copy.source)) copy.breakdown = cohort(copy.breakdown)
  return copy
}

/** The people behind a cohort's number are asked for by the cohort's id too. */
function breaksDownByCohort(source: unknown): boolean {
  const { breakdownFilter } = (source ?? {}) as { breakdownFilter?: { breakdown_type?: unknown } }
  return breakdownFilter?.breakdown_type === 'cohort'
}
