import type { Sql } from '../batch/sql.ts'
import { type EventDraft, type GroupKeys, isRecord, quote, type WarningSink } from '../draft.ts'
import { type GroupCache, groupKeyOf } from '../groups/group-cache.ts'
import type { GroupChanges } from '../groups/group-changes.ts'
import { type GroupAddress, loadGroups, loadGroupTypes } from '../groups/load-groups.ts'
import type { IngestionLimits } from '../limits.ts'

/** The event store has five columns of group keys. */
const maxGroupTypes = 5

export interface AttachGroupsContext {
  sql: Sql
  cache: GroupCache
  changes: GroupChanges
  limits: IngestionLimits
  warnings: WarningSink
}

/** Registers group types, writes group keys onto events, and applies `$groupidentify`. Other personless events belong to no group. */
export async function attachGroups(drafts: readonly EventDraft[], context: AttachGroupsContext): Promise<void> {
  const grouped = drafts.filter(
    (draft) => draft.event === '$groupidentify' || (draft.processesPerson && isRecord(draft.properties.$groups)),
  )
  if (grouped.length === 0) return
  await loadGroupTypes(
    context.sql,
    context.cache,
    grouped.map((draft) => draft.entry.projectId),
  )
  const identified = new Map<EventDraft, GroupAddress>()
  for (const draft of grouped) {
    if (draft.processesPerson && isRecord(draft.properties.$groups)) attachKeys(draft, draft.properties.$groups, context)
    const address = draft.event === '$groupidentify' ? groupAddressOf(draft, context) : undefined
    if (address) identified.set(draft, address)
  }
  await loadGroups(context.sql, context.cache, [...identified.values()])
  for (const [draft, address] of identified) updateGroup(draft, address, context)
}

function attachKeys(draft: EventDraft, groups: Record<string, unknown>, context: AttachGroupsContext): void {
  const keys: GroupKeys = draft.groups ?? ['', '', '', '', '']
  for (const type in groups) {
    // why: SDKs send an empty key for a group that was left.
    if (groups[type] === null || groups[type] === undefined || groups[type] === '') continue
    const key = textOf(groups[type])
    if (!isFit(type, key, context.limits)) {
      context.warnings.warn(
        draft,
        'invalid_group',
        `The group ${quote(type)}: ${quote(groups[type])} was left out; type and key must be short text.`,
      )
      continue
    }
    const index = typeIndexOf(draft, type, context)
    if (index !== undefined) keys[index] = key
  }
  draft.groups = keys
}

function groupAddressOf(draft: EventDraft, context: AttachGroupsContext): GroupAddress | undefined {
  const type = textOf(draft.properties.$group_type)
  const key = textOf(draft.properties.$group_key)
  if (!isFit(type, key, context.limits)) {
    const given = `"$group_type" ${quote(draft.properties.$group_type)} and "$group_key" ${quote(draft.properties.$group_key)}`
    context.warnings.warn(draft, 'invalid_group', `$groupidentify needs both as short text, it has ${given}.`)
    return undefined
  }
  const typeIndex = typeIndexOf(draft, type, context)
  if (typeIndex === undefined) return undefined
  const keys: GroupKeys = draft.groups ?? ['', '', '', '', '']
  keys[typeIndex] = key
  draft.groups = keys
  return { projectId: draft.entry.projectId, typeIndex, key }
}

/** The type's index; the next free one for a new type; undefined when there is none left. */
function typeIndexOf(draft: EventDraft, type: string, { cache, changes, warnings }: AttachGroupsContext): number | undefined {
  const { projectId } = draft.entry
  const types = cache.types.get(projectId)
  const known = types?.get(type)
  if (!types || known !== undefined) return known
  if (types.size >= maxGroupTypes) {
    const names = [...types.keys()].map(quote).join(', ')
    warnings.warn(
      draft,
      'too_many_group_types',
      `The group type ${quote(type)} was left out: the project has ${maxGroupTypes} already (${names}).`,
    )
    return undefined
  }
  const typeIndex = types.size
  types.set(type, typeIndex)
  changes.newTypes.push({ projectId, typeIndex, type, createdAtMs: draft.entry.receivedAtMs })
  return typeIndex
}

function updateGroup(draft: EventDraft, { projectId, typeIndex, key }: GroupAddress, context: AttachGroupsContext): void {
  const { cache, changes, limits, warnings } = context
  const set = isRecord(draft.properties.$group_set) ? draft.properties.$group_set : {}
  const known = cache.get(groupKeyOf(projectId, typeIndex, key))
  const properties = { ...known?.properties, ...set }
  const json = JSON.stringify(properties)
  if (known && json === known.json) return
  if (json.length > limits.maxGroupPropertiesBytes) {
    const detail = `Group ${quote(key)} would have ${json.length} bytes of properties, the limit is ${limits.maxGroupPropertiesBytes}; the update was left out.`
    warnings.warn(draft, 'invalid_group', detail)
    return
  }
  const group = known ?? {
    projectId,
    typeIndex,
    key,
    properties,
    json,
    createdAtMs: Math.floor(draft.timestampMs),
    changedIn: changes.batch,
  }
  group.properties = properties
  group.json = json
  if (!known) cache.keep(group)
  changes.change(group)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function isFit(type: string, key: string, limits: IngestionLimits): boolean {
  return type !== '' && key !== '' && type.length <= limits.maxPropertyNameLength && key.length <= limits.maxGroupKeyLength
}
