import type { Sql } from '../batch/sql.ts'
import type { IngestionLimits } from '../limits.ts'
import type { PropertyType } from './infer-type.ts'

export type PropertyKind = 'event' | 'person' | 'group'

export interface KnownProperty {
  kind: PropertyKind
  /** -1 unless the kind is 'group'. */
  groupTypeIndex: number
  name: string
  type: PropertyType
  lastSeenAtMs: number
}

/** All names that a project is known to use. */
export interface ProjectDefinitions {
  projectId: number
  loadedAtMs: number
  events: Map<string, { lastSeenAtMs: number }>
  /** Properties of events, by name: looked up for each property of each event. */
  eventProperties: Map<string, KnownProperty>
  /** Those of persons and groups, by kind, type index and name. */
  otherProperties: Map<string, KnownProperty>
  /** Event name → names of properties that it was seen with. */
  pairs: Map<string, Set<string>>
  pairCount: number
}

/** How long definitions are believed: people delete them through the API. */
const reloadAfterMs = 15 * 60_000

export class DefinitionCache {
  private readonly projects = new Map<number, ProjectDefinitions>()
  private readonly limits: Pick<IngestionLimits, 'definitionCacheNames'>

  constructor(limits: Pick<IngestionLimits, 'definitionCacheNames'>) {
    this.limits = limits
  }

  /** Loads what is missing or old. Names that a batch on its way has just added may be found missing and be added again, harmlessly. */
  async load(sql: Sql, projectIds: Iterable<number>, nowMs: number): Promise<void> {
    for (const projectId of new Set(projectIds)) {
      const known = this.projects.get(projectId)
      if (known && nowMs - known.loadedAtMs < reloadAfterMs) {
        this.projects.delete(projectId)
        this.projects.set(projectId, known)
        continue
      }
      this.projects.set(projectId, await loadProject(sql, projectId, nowMs))
    }
    this.trim(new Set(projectIds))
  }

  of(projectId: number): ProjectDefinitions {
    const known = this.projects.get(projectId)
    if (!known) throw new Error(`The definitions of project ${projectId} must be loaded first.`)
    return known
  }

  /** Forgets the projects that were longest unused. */
  private trim(needed: ReadonlySet<number>): void {
    let names = 0
    for (const project of this.projects.values()) names += sizeOf(project)
    for (const [projectId, project] of this.projects) {
      if (names <= this.limits.definitionCacheNames) return
      if (needed.has(projectId)) continue
      this.projects.delete(projectId)
      names -= sizeOf(project)
    }
  }
}

function sizeOf(project: ProjectDefinitions): number {
  return project.events.size + project.eventProperties.size + project.otherProperties.size + project.pairCount
}

export function otherPropertyKey(kind: PropertyKind, groupTypeIndex: number, name: string): string {
  return `${kind}:${groupTypeIndex}:${name}`
}

async function loadProject(sql: Sql, projectId: number, nowMs: number): Promise<ProjectDefinitions> {
  const project: ProjectDefinitions = {
    projectId,
    loadedAtMs: nowMs,
    events: new Map(),
    eventProperties: new Map(),
    otherProperties: new Map(),
    pairs: new Map(),
    pairCount: 0,
  }
  const events = await sql.query<{ name: string; last_seen_at: Date | null }>(
    'SELECT name, last_seen_at FROM event_definitions WHERE project_id = $1',
    [projectId],
  )
  for (const row of events.rows) project.events.set(row.name, { lastSeenAtMs: row.last_seen_at?.getTime() ?? 0 })
  const properties = await sql.query<{
    type: PropertyKind | 'session'
    group_type_index: number
    name: string
    property_type: PropertyType
    last_seen_at: Date | null
  }>('SELECT type, group_type_index, name, property_type, last_seen_at FROM property_definitions WHERE project_id = $1', [projectId])
  for (const row of properties.rows) {
    if (row.type === 'session') continue
    const known: KnownProperty = {
      kind: row.type,
      groupTypeIndex: row.group_type_index,
      name: row.name,
      type: row.property_type,
      lastSeenAtMs: row.last_seen_at?.getTime() ?? 0,
    }
    if (known.kind === 'event') project.eventProperties.set(known.name, known)
    else project.otherProperties.set(otherPropertyKey(known.kind, known.groupTypeIndex, known.name), known)
  }
  const pairs = await sql.query<{ event: string; properties: string[] }>(
    'SELECT event, array_agg(property) AS properties FROM event_properties WHERE project_id = $1 GROUP BY event',
    [projectId],
  )
  for (const row of pairs.rows) {
    project.pairs.set(row.event, new Set(row.properties))
    project.pairCount += row.properties.length
  }
  return project
}
