import type { Sql } from '../batch/sql.ts'
import { inferType, widenType } from '../definitions/infer-type.ts'
import {
  type DefinitionCache,
  type KnownProperty,
  otherPropertyKey,
  type ProjectDefinitions,
  type PropertyKind,
} from '../definitions/project-definitions.ts'
import { type EventDraft, quote, type WarningSink } from '../draft.ts'
import type { GroupChanges } from '../groups/group-changes.ts'
import type { PersonChanges } from '../identity/person-changes.ts'
import type { Properties } from '../identity/person-updates.ts'
import type { IngestionLimits } from '../limits.ts'

/** Instructions rather than properties. */
const unlisted = new Set(['$set', '$set_once', '$unset', '$groups', '$group_set'])

/** What a batch showed of names that were not known, or not known so. */
export interface DefinitionChanges {
  events: Map<string, { projectId: number; name: string; count: number }>
  properties: Map<KnownProperty, { projectId: number }>
  pairs: { projectId: number; event: string; property: string }[]
}

export const emptyDefinitionChanges = (): DefinitionChanges => ({ events: new Map(), properties: new Map(), pairs: [] })

export interface CollectDefinitionsContext {
  sql: Sql
  cache: DefinitionCache
  personChanges: PersonChanges
  groupChanges: GroupChanges
  /** Extended by what is found. */
  changes: DefinitionChanges
  limits: IngestionLimits
  warnings: WarningSink
  nowMs: number
}

/** Names of events and of their properties, with inferred types, against what is known of each project. */
export async function collectDefinitions(drafts: readonly EventDraft[], context: CollectDefinitionsContext): Promise<void> {
  await context.cache.load(
    context.sql,
    drafts.map((draft) => draft.entry.projectId),
    context.nowMs,
  )
  const collector = new Collector(context)
  for (const draft of drafts) collector.addEvent(draft)
}

/** The same for properties of the persons and groups that a batch changed, once all of it was taken through the steps. */
export function collectChangedProperties(context: CollectDefinitionsContext): void {
  const collector = new Collector(context)
  for (const person of context.personChanges.persons) {
    if (!person.mergedInto) collector.addProperties(person.projectId, 'person', -1, person.properties)
  }
  for (const group of context.groupChanges.groups) collector.addProperties(group.projectId, 'group', group.typeIndex, group.properties)
}

class Collector {
  private readonly changes: DefinitionChanges
  private readonly context: CollectDefinitionsContext

  constructor(context: CollectDefinitionsContext) {
    this.context = context
    this.changes = context.changes
  }

  addEvent(draft: EventDraft): void {
    const project = this.context.cache.of(draft.entry.projectId)
    const { limits, warnings, nowMs } = this.context
    if (!project.events.has(draft.event)) {
      if (project.events.size >= limits.maxEventDefinitions) {
        warnings.warn(
          draft,
          'too_many_definitions',
          `The event name ${quote(draft.event)} is not listed: the project has ${limits.maxEventDefinitions} already.`,
        )
        return
      }
      project.events.set(draft.event, { lastSeenAtMs: nowMs })
    }
    const key = `${project.projectId}:${draft.event}`
    const counted = this.changes.events.get(key)
    if (counted) counted.count += 1
    else this.changes.events.set(key, { projectId: project.projectId, name: draft.event, count: 1 })
    const unlistedName = this.addEventProperties(project, draft)
    if (unlistedName !== undefined) {
      warnings.warn(
        draft,
        'too_many_definitions',
        `The property ${quote(unlistedName)} is not listed: the project has ${limits.maxPropertyDefinitions} already.`,
      )
    }
  }

  addProperties(projectId: number, kind: PropertyKind, groupTypeIndex: number, properties: Properties): void {
    const project = this.context.cache.of(projectId)
    for (const name in properties) {
      const key = otherPropertyKey(kind, groupTypeIndex, name)
      const known = project.otherProperties.get(key)
      if (known) this.see(project, known, properties[name])
      else this.register(project, kind, groupTypeIndex, name, properties[name])
    }
  }

  /** The first name for which there was no room. */
  private addEventProperties(project: ProjectDefinitions, draft: EventDraft): string | undefined {
    let unlistedName: string | undefined
    const pairs = project.pairs.get(draft.event) ?? new Set()
    if (pairs.size === 0) project.pairs.set(draft.event, pairs)
    const { properties } = draft
    for (const name in properties) {
      const known = project.eventProperties.get(name)
      if (known) this.see(project, known, properties[name])
      else if (!unlisted.has(name) && !this.register(project, 'event', -1, name, properties[name])) unlistedName ??= name
      if (!pairs.has(name) && (known || project.eventProperties.has(name))) this.addPair(project, draft.event, pairs, name)
    }
    return unlistedName
  }

  private addPair(project: ProjectDefinitions, event: string, pairs: Set<string>, property: string): void {
    if (project.pairCount >= this.context.limits.maxEventProperties) return
    pairs.add(property)
    project.pairCount += 1
    this.changes.pairs.push({ projectId: project.projectId, event, property })
  }

  private see(project: ProjectDefinitions, known: KnownProperty, value: unknown): void {
    if (known.type !== 'String') {
      const type = widenType(known.type, inferType(known.name, value))
      if (type !== known.type) {
        known.type = type
        this.changes.properties.set(known, project)
      }
    }
    if (this.context.nowMs - known.lastSeenAtMs > this.context.limits.lastSeenIntervalMs) {
      known.lastSeenAtMs = this.context.nowMs
      this.changes.properties.set(known, project)
    }
  }

  /** False where there is no room for another name. A name too long to be listed is passed over. */
  private register(project: ProjectDefinitions, kind: PropertyKind, groupTypeIndex: number, name: string, value: unknown): boolean {
    const { limits, nowMs } = this.context
    if (name === '' || name.length > limits.maxPropertyNameLength) return true
    if (project.eventProperties.size + project.otherProperties.size >= limits.maxPropertyDefinitions) return false
    const known: KnownProperty = { kind, groupTypeIndex, name, type: inferType(name, value), lastSeenAtMs: nowMs }
    if (kind === 'event') project.eventProperties.set(name, known)
    else project.otherProperties.set(otherPropertyKey(kind, groupTypeIndex, name), known)
    this.changes.properties.set(known, project)
    return true
  }
}
