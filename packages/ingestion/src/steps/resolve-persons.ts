import type { Sql } from '../batch/sql.ts'
import { type EventDraft, quote, truncate, type WarningSink } from '../draft.ts'
import { type DistinctIdKey, loadDistinctIds, loadDistinctIdsOf } from '../identity/load-persons.ts'
import { createPerson, type MergeContext, type MergeRequest, mergeDistinctIds, mergeRequestOf } from '../identity/merge-persons.ts'
import type { PersonCache } from '../identity/person-cache.ts'
import type { PersonChanges } from '../identity/person-changes.ts'
import { personIdOf } from '../identity/person-id.ts'
import { type DistinctIdState, keyOf, type PersonState, personOf, snapshotOf, survivorOf } from '../identity/person-state.ts'
import { updateProperties } from '../identity/person-updates.ts'
import type { IngestionLimits } from '../limits.ts'

/** A personless event this much younger than its person counts as the person's. */
const upgradeAfterMs = 60_000

export interface ResolvePersonsContext {
  sql: Sql
  cache: PersonCache
  changes: PersonChanges
  /** Distinct ids changed by batches that are not yet committed. */
  uncommitted: readonly DistinctIdState[]
  limits: IngestionLimits
  warnings: WarningSink
}

/**
 * Finds, makes, merges and updates the persons of a batch, event by event in the order of the log, after one
 * query for all that the cache does not know.
 */
export async function resolvePersons(drafts: readonly EventDraft[], context: ResolvePersonsContext): Promise<void> {
  const requests = new Map<EventDraft, MergeRequest>()
  for (const draft of drafts) {
    const request = draft.processesPerson ? mergeRequestOf(draft) : undefined
    if (request)
      requests.set(draft, { ...request, sourceDistinctId: truncate(request.sourceDistinctId.trim(), context.limits.maxDistinctIdLength) })
  }
  await findOwners(drafts, requests, context)
  await loadDistinctIdsOf(context.sql, context.cache, personsThatMayMerge(requests, context.cache), context.uncommitted)
  for (const draft of drafts) resolveOne(draft, requests.get(draft), context)
  if (context.changes.merges.length > 0) for (const draft of drafts) settlePersonId(draft, context.cache)
}

/** Whom each event's distinct id belongs to, from the cache; one query for all that it does not know. */
async function findOwners(
  drafts: readonly EventDraft[],
  requests: ReadonlyMap<EventDraft, MergeRequest>,
  { sql, cache }: ResolvePersonsContext,
): Promise<void> {
  const missing = new Map<string, DistinctIdKey>()
  for (const draft of drafts) {
    const { projectId } = draft.entry
    draft.owner = cache.distinctId(projectId, draft.distinctId)
    if (!draft.owner) missing.set(keyOf(projectId, draft.distinctId), { projectId, distinctId: draft.distinctId })
  }
  for (const [draft, { sourceDistinctId: distinctId }] of requests) {
    const { projectId } = draft.entry
    if (!cache.distinctId(projectId, distinctId)) missing.set(keyOf(projectId, distinctId), { projectId, distinctId })
  }
  await loadDistinctIds(sql, cache, [...missing.values()])
  for (const draft of drafts) draft.owner ??= cache.distinctId(draft.entry.projectId, draft.distinctId)
}

/**
 * Persons of whom all distinct ids must be known: those that some chain of this batch's merges joins to another person.
 */
function personsThatMayMerge(requests: ReadonlyMap<EventDraft, MergeRequest>, cache: PersonCache): PersonState[] {
  const parents = new Map<string, string>()
  const rootOf = (key: string): string => {
    let root = key
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root)) root = parent
    parents.set(key, root)
    return root
  }
  const members = new Map<string, DistinctIdState>()
  for (const [draft, request] of requests) {
    const { projectId } = draft.entry
    for (const distinctId of [request.sourceDistinctId, draft.distinctId]) {
      const state = cache.distinctId(projectId, distinctId)
      if (state) members.set(keyOf(projectId, distinctId), state)
    }
    parents.set(rootOf(keyOf(projectId, request.sourceDistinctId)), rootOf(keyOf(projectId, draft.distinctId)))
  }
  // tricky: two ids of one person join their chains too.
  for (const [key, state] of members) {
    const person = personOf(state)
    if (person) parents.set(rootOf(key), rootOf(`person ${keyOf(person.projectId, person.id)}`))
  }
  const chains = new Map<string, { persons: Set<PersonState>; hasFreeId: boolean }>()
  for (const [key, state] of members) {
    const root = rootOf(key)
    const chain = chains.get(root) ?? { persons: new Set(), hasFreeId: false }
    chains.set(root, chain)
    const person = personOf(state)
    if (person) chain.persons.add(person)
    // why: an event of this batch may make a person of it before the merge comes.
    else chain.hasFreeId = true
  }
  return [...chains.values()].filter(({ persons, hasFreeId }) => persons.size > 1 || hasFreeId).flatMap(({ persons }) => [...persons])
}

function resolveOne(draft: EventDraft, request: MergeRequest | undefined, context: ResolvePersonsContext): void {
  const state = draft.owner ?? stateOf(context.cache, draft.entry.projectId, draft.distinctId)
  if (!draft.processesPerson || staysPersonless(draft, state)) {
    resolvePersonless(draft, state)
    return
  }
  const merging: MergeContext = {
    draft,
    changes: context.changes,
    stateOf: (projectId, distinctId) => stateOf(context.cache, projectId, distinctId),
    keep: (person) => context.cache.keepPerson(person),
    warnings: context.warnings,
    maxPersonPropertiesBytes: context.limits.maxPersonPropertiesBytes,
  }
  if (request) merge(draft, state, request, merging, context)
  const known = personOf(state)
  const person = known ?? createPerson(state, merging)
  update(draft, person, context)
  draft.personId = person.id
  draft.personMode = 'full'
  draft.personSnapshot = snapshotOf(person)
  draft.personCreatedAtMs = person.createdAtMs
}

/** compat: asking for a flag does not make a person by itself. */
function staysPersonless(draft: EventDraft, state: DistinctIdState): boolean {
  if (draft.event !== '$feature_flag_called' || draft.asksForPerson) return false
  const groups = draft.properties.$groups
  const hasGroups = typeof groups === 'object' && groups !== null && Object.keys(groups).length > 0
  return !hasGroups && personOf(state) === undefined
}

function resolvePersonless(draft: EventDraft, state: DistinctIdState): void {
  const person = personOf(state)
  draft.processesPerson = false
  draft.personMode = person && draft.timestampMs > person.createdAtMs + upgradeAfterMs ? 'force_upgrade' : 'propertyless'
  draft.personId = person?.id ?? personIdOf(state.projectId, state.distinctId)
  draft.personCreatedAtMs = person?.createdAtMs ?? 0
}

function merge(
  draft: EventDraft,
  target: DistinctIdState,
  request: MergeRequest,
  merging: MergeContext,
  context: ResolvePersonsContext,
): void {
  const source = stateOf(context.cache, draft.entry.projectId, request.sourceDistinctId)
  const outcome = mergeDistinctIds(source, target, request, merging)
  switch (outcome.kind) {
    case 'illegal':
      context.warnings.warn(
        draft,
        'cannot_merge_with_illegal_distinct_id',
        `${draft.event} would merge ${quote(request.sourceDistinctId)} into ${quote(draft.distinctId)}, but ${quote(outcome.distinctId)} stands for no single person.`,
      )
      return
    case 'already_identified':
      context.warnings.warn(
        draft,
        'cannot_merge_already_identified',
        `${draft.event} would merge ${quote(request.sourceDistinctId)} into ${quote(draft.distinctId)}, but it belongs to the identified person ${outcome.personId}.`,
      )
      return
    case 'same':
    case 'created':
    case 'attached':
    case 'merged':
      return
  }
}

function update(draft: EventDraft, person: PersonState, { changes, limits, warnings }: ResolvePersonsContext): void {
  if (draft.timestampMs > person.lastSeenAtMs + limits.lastSeenIntervalMs) {
    person.lastSeenAtMs = Math.floor(draft.timestampMs)
    person.changedIn = changes.batch
    changes.seen.add(person)
  }
  const properties = updateProperties(person.properties, draft)
  if (!properties) return
  const json = JSON.stringify(properties)
  if (json.length > limits.maxPersonPropertiesBytes) {
    const detail = `Person ${person.id} would have ${json.length} bytes of properties, the limit is ${limits.maxPersonPropertiesBytes}; the update was left out.`
    warnings.warn(draft, 'person_properties_too_large', detail)
    return
  }
  person.properties = properties
  person.json = json
  changes.changePerson(person)
}

function stateOf(cache: PersonCache, projectId: number, distinctId: string): DistinctIdState {
  const known = cache.distinctId(projectId, distinctId)
  if (known) return known
  // Reached by distinct ids of merged persons only; every event's own id was loaded.
  const state: DistinctIdState = { projectId, distinctId, person: undefined, changedIn: 0 }
  cache.keepDistinctId(state)
  return state
}

/** A later event of the same batch may have merged the person away: the rows then carry the survivor. */
function settlePersonId(draft: EventDraft, cache: PersonCache): void {
  const person = cache.person(draft.entry.projectId, draft.personId)
  if (person?.mergedInto) draft.personId = survivorOf(person).id
}
