import type { CompileContext, PropertyType, syntax } from '@hedgerow/hogql'
import { defaultCompileLimits, visitExprs, visitTables } from '@hedgerow/hogql'
import { defaultProjectSettings, type ProjectSettings } from '@hedgerow/protocol'
import type { ApplicationStore, EventStore } from '@hedgerow/stores'
import { notFound } from '../errors.ts'
import { includedUntilSql } from './cache-revision.ts'
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
}

type PropertyTypes = ReadonlyMap<string, PropertyType>

export async function readProjectFacts(
  stores: { events: EventStore; application: ApplicationStore },
  projectId: number,
): Promise<ProjectFacts> {
  const { db } = stores.application
  const [project, groupTypes, progress, overrides] = await Promise.all([
    db
      .selectFrom('projects')
      .select(['id', 'timezone', 'week_start_day', 'settings'])
      .where('id', '=', projectId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst(),
    db.selectFrom('group_types').select(['group_type', 'group_type_index']).where('project_id', '=', projectId).execute(),
    stores.application.pool.query<{ included_until: Date | null }>(
      `SELECT ${includedUntilSql} AS included_until FROM ingestion_progress p`,
    ),
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
    includedUntil: progress.rows[0]?.included_until?.toISOString() ?? null,
    knownTypes: new Map(),
  }
}

/** limit: lists of names whose types are remembered. */
const mostKnownTypes = 200

/** Types of the properties of these names, by scope, index of the group type (-1 for none) and name. Asked for once while the facts hold. */
export function propertyTypesOf({ db }: ApplicationStore, facts: ProjectFacts, names: string[]): Promise<PropertyTypes> {
  const key = JSON.stringify(names)
  const known = facts.knownTypes.get(key)
  if (known) return known
  const found = (async (): Promise<PropertyTypes> => {
    if (names.length === 0) return new Map()
    const rows = await db
      .selectFrom('property_definitions')
      .select(['type', 'group_type_index', 'name', 'property_type'])
      .where('project_id', '=', facts.id)
      .where('name', 'in', names)
      .where('property_type', 'is not', null)
      .execute()
    return new Map(rows.map((row) => [`${row.type} ${row.group_type_index} ${row.name}`, row.property_type as PropertyType]))
  })()
  if (facts.knownTypes.size >= mostKnownTypes) facts.knownTypes.clear()
  facts.knownTypes.set(key, found)
  found.catch(() => facts.knownTypes.delete(key))
  return found
}

/** The compiler's context: the facts, and the definitions of the properties that the query names. */
export async function compileContext(
  application: ApplicationStore,
  facts: ProjectFacts,
  query: syntax.Query,
  now: Date,
  modifiers: QueryModifiers = {},
): Promise<CompileContext> {
  const types = await propertyTypesOf(application, facts, namesIn(query))
  const cohortVersions = await cohortVersionsFor(application, facts.id, query)
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

/** Asked for only where the query may read stored members: by the table, or by the join of that name. */
async function cohortVersionsFor(application: ApplicationStore, projectId: number, query: syntax.Query): Promise<Record<number, number>> {
  let isNeeded = false
  visitExprs(query, (expr) => {
    isNeeded ||= expr.kind === 'field' && (expr.chain.includes('cohort') || expr.chain.includes('cohort_people'))
  })
  visitTables(query, (name) => {
    isNeeded ||= name === 'cohort_people'
  })
  if (!isNeeded) return {}
  const { rows } = await application.pool.query<{ id: number; version: number }>(
    'SELECT id, version FROM cohorts WHERE project_id = $1 AND NOT deleted AND version IS NOT NULL',
    [projectId],
  )
  return Object.fromEntries(rows.map(({ id, version }) => [id, version]))
}

/** Everything that could be the name of a property. */
function namesIn(query: syntax.Query): string[] {
  const names = new Set<string>()
  visitExprs(query, (expr) => {
    if (expr.kind === 'field') for (const link of expr.chain.slice(1)) names.add(link)
    if (expr.kind === 'access' && expr.index.kind === 'constant' && typeof expr.index.value === 'string') names.add(expr.index.value)
  })
  return [...names]
}
