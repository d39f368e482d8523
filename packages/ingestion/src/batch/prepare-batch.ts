import type { EventsEntry } from '@hedgerow/protocol'
import type { LogEntry } from '@hedgerow/stores'
import type { EventDraft } from '../draft.ts'
import { GroupChanges } from '../groups/group-changes.ts'
import { PersonChanges } from '../identity/person-changes.ts'
import type { DistinctIdState } from '../identity/person-state.ts'
import { attachGroups } from '../steps/attach-groups.ts'
import {
  type CollectDefinitionsContext,
  collectChangedProperties,
  collectDefinitions,
  type DefinitionChanges,
  emptyDefinitionChanges,
} from '../steps/collect-definitions.ts'
import { dropRepeats } from '../steps/drop-repeats.ts'
import type { EventStep, StepContext } from '../steps/event-step.ts'
import { stepsAfterRepeats, stepsBeforeRepeats } from '../steps/event-steps.ts'
import { draftEvents, parseEntryBody } from '../steps/parse-entry.ts'
import { resolvePersons } from '../steps/resolve-persons.ts'
import { type ApplicationWrite, definitionWrites, groupWrites, personWrites } from './application-writes.ts'
import type { BatchBounds } from './batch.ts'
import { BatchJournal } from './batch-journal.ts'
import { ActivePersons, type CommittedChanges, committedChanges } from './committed-changes.ts'
import { EventBlocks, type RowBlock } from './event-blocks.ts'
import { changedRows, type TableRows } from './event-store-rows.ts'
import type { IngestionState } from './ingestion-state.ts'
import { microsText } from './instants.ts'

/**
 * limit: events taken through all steps at once. They and what is made of them are garbage before they are old: the collector copies
 * what is in use when it comes, and of thousands of events that was a third of all it met.
 */
const eventsAtOnce = 250

/** All that a batch does to the stores, worked out. Nothing of it is written yet, and later batches do not change it. */
export interface BatchPlan {
  bounds: BatchBounds
  journal: BatchJournal
  tables: TableRows[]
  /** Rows of events, block by block. */
  blocks: Iterator<RowBlock>
  writes: ApplicationWrite[]
  /** Distinct ids that changed hands; later batches must believe these rather than the application store. */
  changedDistinctIds: DistinctIdState[]
  /** What it changes of persons and groups. */
  committedChanges: CommittedChanges | undefined
  /** When the oldest entry was received. */
  oldestReceivedAtMs: number
}

/**
 * Takes a batch of events through the steps. Reads the stores and this worker's knowledge of persons, groups and definitions,
 * and brings that knowledge up to date; the clock is `insertedAtMicros`, so that the same batch has the same result.
 */
export async function prepareBatch(bounds: BatchBounds, entries: readonly LogEntry[], state: IngestionState): Promise<BatchPlan> {
  const { limits } = state
  const version = bounds.insertedAtMicros
  const work: Work = {
    bounds,
    state,
    nowMs: Math.floor(version / 1_000),
    journal: new BatchJournal(limits.maxWarningsPerBatch),
    persons: new PersonChanges(bounds.number),
    groups: new GroupChanges(bounds.number),
    definitions: emptyDefinitionChanges(),
    blocks: new EventBlocks(version, limits.maxBlockBytes, state.blockMemory),
    active: new ActivePersons(state.watched),
    oldestReceivedAtMs: undefined,
  }
  for (const slice of slicesOf(entries)) await takeSlice(slice, work)
  collectChangedProperties(definitionsContext(work))
  const { journal, persons, groups } = work
  const plan: BatchPlan = {
    bounds,
    journal,
    tables: changedRows(persons, groups, version),
    blocks: work.blocks.take(),
    writes: [
      ...personWrites(persons, version),
      ...groupWrites(groups, version),
      ...definitionWrites(work.definitions, `${microsText(version)}+00`),
    ],
    changedDistinctIds: [...persons.distinctIds.values()],
    committedChanges: committedChanges(persons, groups, work.active),
    oldestReceivedAtMs: work.oldestReceivedAtMs ?? work.nowMs,
  }
  for (const person of persons.persons) person.isNew = false
  return plan
}

/** What a batch's slices have in common. */
interface Work {
  bounds: BatchBounds
  state: IngestionState
  nowMs: number
  journal: BatchJournal
  persons: PersonChanges
  groups: GroupChanges
  definitions: DefinitionChanges
  blocks: EventBlocks
  active: ActivePersons
  oldestReceivedAtMs: number | undefined
}

/** Takes some of a batch's entries through all steps. Later ones see what these changed. */
async function takeSlice(entries: readonly LogEntry[], work: Work): Promise<void> {
  const { bounds, state, journal, nowMs } = work
  const { limits } = state
  const context: StepContext = { limits, warnings: journal, geo: state.geo }
  const drafted = await draftEntries(entries, state, journal, nowMs)
  work.oldestReceivedAtMs ??= drafted[0]?.entry.receivedAtMs
  const candidates = applySteps(stepsBeforeRepeats, drafted, context, journal)
  const firsts = await dropRepeats(candidates, {
    filter: state.repeats,
    findStored: (keys) => state.findStored(keys, bounds),
    nowMs,
    repeated: (draft) => journal.repeat(draft),
  })
  const drafts = applySteps(stepsAfterRepeats, firsts, context, journal)
  const shared = { sql: state.sql, limits, warnings: journal }
  // why: what earlier slices changed is in no store yet, no more than what earlier batches did.
  const uncommitted = [...state.uncommitted(), ...work.persons.distinctIds.values()]
  await resolvePersons(drafts, { ...shared, cache: state.persons, changes: work.persons, uncommitted })
  await attachGroups(drafts, { ...shared, cache: state.groups, changes: work.groups })
  await collectDefinitions(drafts, definitionsContext(work))
  for (const draft of drafts) journal.store(draft.entry.projectId)
  work.blocks.add(drafts)
  work.active.add(drafts)
}

function definitionsContext({ state, journal, persons, groups, definitions, nowMs }: Work): CollectDefinitionsContext {
  const { sql, limits, definitions: cache } = state
  return { sql, limits, cache, warnings: journal, personChanges: persons, groupChanges: groups, changes: definitions, nowMs }
}

/** Where a slice ends depends on the entries alone. */
function* slicesOf(entries: readonly LogEntry[]): Iterable<LogEntry[]> {
  let slice: LogEntry[] = []
  let events = 0
  for (const entry of entries) {
    slice.push(entry)
    events += entry.eventCount
    if (events < eventsAtOnce) continue
    yield slice
    slice = []
    events = 0
  }
  if (slice.length > 0) yield slice
}

async function draftEntries(
  entries: readonly LogEntry[],
  state: IngestionState,
  journal: BatchJournal,
  nowMs: number,
): Promise<EventDraft[]> {
  const projectIds = entries.map((entry) => entry.projectId)
  await state.settings.load(projectIds, nowMs)
  const drafts: EventDraft[] = []
  for (const entry of entries) {
    const body = parseEntryBody(entry.payload)
    if (body?.kind === 'events') acceptEntry(body, entry, state, journal, drafts)
    else rejectEntry(entry, journal, nowMs)
  }
  return drafts
}

function acceptEntry(body: EventsEntry, entry: LogEntry, state: IngestionState, journal: BatchJournal, drafts: EventDraft[]): void {
  const refused = body.refused ?? []
  journal.accept(body.projectId, body.events.length + refused.length)
  for (const event of refused) journal.reject(body.projectId, Date.parse(body.receivedAt), event, event)
  for (const draft of draftEvents(body, entry.payload, state.settings.of(body.projectId))) drafts.push(draft)
}

/** An entry that cannot be read: its events are counted, not passed over. */
function rejectEntry(entry: LogEntry, journal: BatchJournal, nowMs: number): void {
  journal.accept(entry.projectId, entry.eventCount)
  const detail = `Entry ${entry.position} of the event log cannot be read.`
  for (let index = 0; index < entry.eventCount; index += 1) {
    journal.reject(entry.projectId, nowMs, { uuid: '', event: '', distinctId: '' }, { reason: 'unstorable_event', detail })
  }
}

function applySteps(steps: readonly EventStep[], drafts: readonly EventDraft[], context: StepContext, journal: BatchJournal): EventDraft[] {
  return drafts.filter((draft) => {
    const rejection = applyAll(steps, draft, context)
    if (rejection) journal.reject(draft.entry.projectId, draft.entry.receivedAtMs, draft, rejection)
    return !rejection
  })
}

function applyAll(steps: readonly EventStep[], draft: EventDraft, context: StepContext) {
  try {
    for (const step of steps) {
      const rejection = step.apply(draft, context)
      if (rejection) return rejection
    }
    return undefined
  } catch (error) {
    // why: properties nested thousands of levels deep exhaust the stack, wherever they are walked.
    if (error instanceof RangeError) return { reason: 'invalid_properties' as const, detail: 'The properties are nested too deeply.' }
    throw error
  }
}
