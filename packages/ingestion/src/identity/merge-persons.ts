import type { EventDraft, WarningSink } from '../draft.ts'
import { isIllegalDistinctId } from './illegal-distinct-ids.ts'
import type { PersonChanges } from './person-changes.ts'
import { personIdOf } from './person-id.ts'
import { type DistinctIdState, type PersonState, personOf } from './person-state.ts'
import { initialProperties, type Properties } from './person-updates.ts'

/** Which id an event wants merged into its own. */
export interface MergeRequest {
  sourceDistinctId: string
  /** `$merge_dangerously` merges identified persons too. */
  mergesIdentified: boolean
}

export function mergeRequestOf(draft: EventDraft): MergeRequest | undefined {
  const { $anon_distinct_id, alias } = draft.properties
  switch (draft.event) {
    case '$identify':
      return requestOf($anon_distinct_id, false)
    case '$create_alias':
      return requestOf(alias, false)
    case '$merge_dangerously':
      return requestOf(alias, true)
  }
  return undefined
}

function requestOf(source: unknown, mergesIdentified: boolean): MergeRequest | undefined {
  if (source === undefined || source === null) return undefined
  return { sourceDistinctId: String(source), mergesIdentified }
}

export type MergeOutcome =
  | { kind: 'same' | 'created' | 'attached' | 'merged' }
  | { kind: 'illegal'; distinctId: string }
  | { kind: 'already_identified'; personId: string }

export interface MergeContext {
  draft: EventDraft
  changes: PersonChanges
  /** State of any distinct id of the project; makes one for an id that nobody has asked for yet. */
  stateOf(projectId: number, distinctId: string): DistinctIdState
  /** Remembers a new person for later batches. */
  keep(person: PersonState): void
  warnings: WarningSink
  maxPersonPropertiesBytes: number
}

/**
 * Makes one person of two distinct ids: the source's person, if there is one, becomes part of the target's.
 * Doing it again changes nothing.
 */
export function mergeDistinctIds(
  source: DistinctIdState,
  target: DistinctIdState,
  options: { mergesIdentified: boolean },
  context: MergeContext,
): MergeOutcome {
  if (source.distinctId === target.distinctId) return { kind: 'same' }
  for (const { distinctId } of [source, target]) if (isIllegalDistinctId(distinctId)) return { kind: 'illegal', distinctId }
  const sourcePerson = personOf(source)
  const targetPerson = personOf(target)
  if (sourcePerson && targetPerson) {
    if (sourcePerson === targetPerson) return { kind: 'same' }
    if (sourcePerson.isIdentified && !options.mergesIdentified) return { kind: 'already_identified', personId: sourcePerson.id }
    absorb(sourcePerson, targetPerson, context)
    return { kind: 'merged' }
  }
  const existing = targetPerson ?? sourcePerson
  const person = existing ?? createPerson(target, context)
  identify(person, context.changes)
  if (!sourcePerson) attach(source, person, context)
  if (sourcePerson && !targetPerson) attach(target, person, context)
  return { kind: existing ? 'attached' : 'created' }
}

/** A person made from this distinct id by this event. */
export function createPerson(state: DistinctIdState, context: MergeContext): PersonState {
  const { draft, changes, keep } = context
  const { properties, json } = bounded(initialProperties(draft), { $creator_event_uuid: draft.uuid }, context)
  const person: PersonState = {
    projectId: state.projectId,
    id: personIdOf(state.projectId, state.distinctId),
    properties,
    json,
    snapshot: undefined,
    isIdentified: false,
    // why: whole milliseconds, as they come back from the application store.
    createdAtMs: Math.floor(draft.timestampMs),
    lastSeenAtMs: Math.floor(draft.timestampMs),
    distinctIds: [state.distinctId],
    mergedInto: undefined,
    isNew: true,
    changedIn: changes.batch,
  }
  state.person = person
  keep(person)
  changes.changePerson(person)
  changes.moveDistinctId(state, { needsOverride: false })
  return person
}

function identify(person: PersonState, changes: PersonChanges): void {
  if (person.isIdentified) return
  person.isIdentified = true
  changes.changePerson(person)
}

/** Gives a person another distinct id, one without a person; its personless events, if any, follow through the override. */
function attach(state: DistinctIdState, person: PersonState, { draft, changes }: MergeContext): void {
  state.person = person
  person.distinctIds?.push(state.distinctId)
  changes.moveDistinctId(state, { needsOverride: personIdOf(state.projectId, state.distinctId) !== person.id })
  changes.merges.push({
    projectId: state.projectId,
    person,
    kind: 'attached',
    distinctId: state.distinctId,
    otherPersonId: undefined,
    eventUuid: draft.uuid,
    eventName: draft.event,
    occurredAtMs: draft.timestampMs,
  })
}

/** All of `source` becomes part of `target`; where both know a property, the target's value stays. */
function absorb(source: PersonState, target: PersonState, context: MergeContext): void {
  const { draft, changes, stateOf } = context
  if (!source.distinctIds) throw new Error(`The distinct ids of person ${source.id} must be loaded before it is merged.`)
  const merged = bounded({ ...source.properties, ...target.properties }, target.properties, context)
  target.properties = merged.properties
  target.json = merged.json
  target.createdAtMs = Math.min(source.createdAtMs, target.createdAtMs)
  target.lastSeenAtMs = Math.max(source.lastSeenAtMs, target.lastSeenAtMs)
  target.isIdentified = true
  source.mergedInto = target
  changes.changePerson(target)
  changes.changePerson(source)
  for (const distinctId of source.distinctIds) {
    const state = stateOf(source.projectId, distinctId)
    state.person = target
    target.distinctIds?.push(distinctId)
    // why: its events were stored under the source, or under whatever the source had absorbed.
    changes.moveDistinctId(state, { needsOverride: true })
    changes.merges.push({
      projectId: source.projectId,
      person: target,
      kind: 'merged',
      distinctId,
      otherPersonId: source.id,
      eventUuid: draft.uuid,
      eventName: draft.event,
      occurredAtMs: draft.timestampMs,
    })
  }
}

/** `wanted`, or `otherwise` with a warning where it is too large; with its text. */
function bounded(
  wanted: Properties,
  otherwise: Properties,
  { draft, warnings, maxPersonPropertiesBytes }: MergeContext,
): { properties: Properties; json: string } {
  const json = JSON.stringify(wanted)
  if (json.length <= maxPersonPropertiesBytes) return { properties: wanted, json }
  const detail = `The person would have ${json.length} bytes of properties, the limit is ${maxPersonPropertiesBytes}; the update was left out.`
  warnings.warn(draft, 'person_properties_too_large', detail)
  return { properties: otherwise, json: JSON.stringify(otherwise) }
}
