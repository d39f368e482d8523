import type { CompileContext, PropertyType, syntax } from '@hedgerow/hogql'
import { defaultCompileLimits, visitNodes } from '@hedgerow/hogql'
import { defaultProjectSettings, type ProjectSettings } from '@hedgerow/protocol'
import type { ApplicationStore, EventStore } from '@hedgerow/stores'
import { type Definitions, loadDefinitions, type WantedDefinitions } from '../cohorts/load-definitions.ts'
import { notFound } from '../errors.ts'
import { readRevision } from './cache-revision.ts'
import { type QueryModifiers, readModifiers } from './modifiers.ts'

/** What answering a query needs to know of its project. */
export interface ProjectFacts {
  id: number
  timezone: string
  weekStartDay: 0 | 1
  settings: ProjectSettings
  /** Name of a group type → its index. */
  groupTypes: Record<string, number>
  hasPersonOverrides: boolean
  /** `inserted_at` of the newest batch of events that is stored: all up to it is in every answer. */
  includedUntil: string | null
  /** What {@link propertyTypesOf} found, while the facts hold. */
  knownTypes: Map<string, Promise<PropertyTypes>>
  /** What {@link definitionsOf} found. */
  knownDefinitions: Map<string, Promise<Definitions>>
}

type PropertyTypes = ReadonlyMap<string, PropertyType>

export async function readProjectFacts(
  stores: { events: EventStore; application: ApplicationStore },
  projectId: number,
): Promise<ProjectFacts> {
  const { db } = stores.application
  const [project, groupTypes, { includedUntil }, overrides] = await Promise.all([
    db
      .selectFrom('projects')
      .select(['id', 'timezone', 'week_start_day', 'settings'])
      .where('id', '=', projectId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst(),
    db.selectFrom('group_types').select(['group_type', 'group_type_index']).where('project_id', '=', projectId).execute(),
    readRevision(stores.application, projectId),
    stores.events.query('SELECT 1 FROM person_distinct_id_overrides WHERE project_id = {project: UInt32} LIMIT 1', {
      params: { project: projectId },
      projectId,
    }),
  ])
  if (!project) throw notFound(`project ${projectId}`)
  return {
    id: projectId,
    timezone: project.timezone,
    weekStartDay: project.week_start_day === 1 ? 1 : 0,
    settings: { ...defaultProjectSettings, ...(project.settings as Partial<ProjectSettings>) },
    groupTypes: Object.fromEntries(groupTypes.map((row) => [row.group_type, row.group_type_index])),
    hasPersonOverrides: overrides.rows.length > 0,
    includedUntil,
    knownTypes: new Map(),
    knownDefinitions: new Map(),
  }
}

/** limit: answers of each kind that are remembered. */
const mostKnown = 200

/** What was found for the key while the facts hold, else what is found now. */
function remembered<Found>(known: Map<string, Promise<Found>>, key: string, find: () => Promise<Found>): Promise<Found> {
  const before = known.get(key)
  if (before) return before
  const found = find()
  if (known.size >= mostKnown) known.clear()
  known.set(key, found)
  found.catch(() => known.delete(key))
  return found
}

/** Types of the properties of these names, by scope, index of the group type (-1 for none) and name. */
export function propertyTypesOf({ db }: ApplicationStore, facts: ProjectFacts, names: string[]): Promise<PropertyTypes> {
  return remembered(facts.knownTypes, JSON.stringify(names), async () => {
    if (names.length === 0) return new Map()
    const rows = await db
      .selectFrom('property_definitions')
      .select(['type', 'group_type_index', 'name', 'property_type'])
      .where('project_id', '=', facts.id)
      .where('name', 'in', names)
      .where('property_type', 'is not', null)
      .execute()
    return new Map(rows.map((row) => [`${row.type} ${row.group_type_index} ${row.name}`, row.property_type as PropertyType]))
  })
}

/** Cohorts and actions of the project. */
export function definitionsOf(application: ApplicationStore, facts: ProjectFacts, wanted: WantedDefinitions): Promise<Definitions> {
  return remembered(facts.knownDefinitions, JSON.stringify(wanted), () => loadDefinitions(application, facts.id, wanted))
}

/** The compiler's context: the facts, and the definitions of the properties that the query names. */
export async function compileContext(
  application: ApplicationStore,
  facts: ProjectFacts,
  query: syntax.Query,
  now: Date,
  modifiers: QueryModifiers = {},
): Promise<CompileContext> {
  const { names, readsMembers } = namesIn(query)
  const [types, cohortVersions] = await Promise.all([
    propertyTypesOf(application, facts, names),
    cohortVersionsFor(application, facts.id, readsMembers),
  ])
  const { followsMerges, ...asked } = readModifiers(modifiers)
  return {
    projectId: facts.id,
    now,
    timezone: facts.timezone,
    weekStartDay: facts.weekStartDay,
    groupTypes: facts.groupTypes,
    hasPersonOverrides: facts.hasPersonOverrides && followsMerges,
    cohortVersions,
    ...asked,
    limits: defaultCompileLimits,
    propertyType: (scope, name, groupTypeIndex) => types.get(`${scope} ${scope === 'group' ? (groupTypeIndex ?? 0) : -1} ${name}`),
  }
}

/** Asked for only where the query may read stored members. */
async function cohortVersionsFor(application: ApplicationStore, projectId: number, isNeeded: boolean): Promise<Record<number, number>> {
  if (!isNeeded) return {}
  const { rows } = await application.pool.query<{ id: number; version: number }>(
    'SELECT id, version FROM cohorts WHERE project_id = $1 AND NOT deleted AND version IS NOT NULL',
    [projectId],
  )
  return Object.fromEntries(rows.map(({ id, version }) => [id, version]))
}

/** Everything that could be the name of a property; and whether stored members of cohorts may be read, by their table or by the join of that name. */
function namesIn(query: syntax.Query): { names: string[]; readsMembers: boolean } {
  const names = new Set<string>()
  let readsMembers = false
  visitNodes(query, (node) => {
    if (node.kind === 'field') {
      for (let i = 1; i < node.chain.length; i++) names.add(node.chain[i] ?? '')
      readsMembers ||= node.chain.includes('cohort') || node.chain.includes('cohort_people')
    } else if (node.kind === 'access') {
      if (node.index.kind === 'constant' && typeof node.index.value === 'string') names.add(node.index.value)
    } else if (node.kind === 'table') readsMembers ||= node.name.join('.') === 'cohort_people'
  })
  return { names: [...names], readsMembers }
}
