import type { EventsEntry } from '@hedgerow/protocol'
import type { LogEntry } from '@hedgerow/stores'
import type { EventDraft } from '../draft.ts'
import { GroupChanges } from '../groups/group-changes.ts'
import { PersonChanges } from '../identity/person-changes.ts'
import type { DistinctIdState } from '../identity/person-state.ts'
import { attachGroups } from '../steps/attach-groups.ts'
import { buildEventRow } from '../steps/build-event-row.ts'
import { collectDefinitions } from '../steps/collect-definitions.ts'
import { dropRepeats } from '../steps/drop-repeats.ts'
import type { EventStep, StepContext } from '../steps/event-step.ts'
import { stepsAfterRepeats, stepsBeforeRepeats } from '../steps/event-steps.ts'
import { draftEvents, parseEntryBody } from '../steps/parse-entry.ts'
import { resolvePersons } from '../steps/resolve-persons.ts'
import { type ApplicationWrite, definitionWrites, groupWrites, personWrites } from './application-writes.ts'
import type { BatchBounds } from './batch.ts'
import { BatchJournal } from './batch-journal.ts'
import { type CommittedChanges, committedChanges } from './committed-changes.ts'
import { changedRows, type TableRows } from './event-store-rows.ts'
import type { IngestionState } from './ingestion-state.ts'
import { microsText } from './instants.ts'

/** Rows of events for one block; `drafts[i]` became `lines[i]`. */
export interface EventChunk {
  lines: string[]
  drafts: EventDraft[]
  /** The lines, as they are inserted. */
  text: Uint8Array
}

/** All that a batch does to the stores, worked out. Nothing of it is written yet, and later batches do not change it. */
export interface BatchPlan {
  bounds: BatchBounds
  journal: BatchJournal
  tables: TableRows[]
  /** The first is made, the others one at a time: with large persons the rows may be many times as large as the entries. */
  chunks: Iterator<EventChunk>
  writes: ApplicationWrite[]
  /** Distinct ids that changed hands; later batches must believe these rather than the application store. */
  changedDistinctIds: DistinctIdState[]
  /** What it changes in projects that are watched. */
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
  const journal = new BatchJournal(limits.maxWarningsPerBatch)
  const nowMs = Math.floor(bounds.insertedAtMicros / 1_000)
  const context: StepContext = { limits, warnings: journal, geo: state.geo }
  const drafted = await draftEntries(entries, state, journal, nowMs)
  const candidates = applySteps(stepsBeforeRepeats, drafted, context, journal)
  const firsts = await dropRepeats(candidates, {
    filter: state.repeats,
    findStored: (keys) => state.findStored(keys, bounds),
    nowMs,
    repeated: (draft) => journal.repeat(draft.entry.projectId),
  })
  const drafts = applySteps(stepsAfterRepeats, firsts, context, journal)

  const personChanges = new PersonChanges(bounds.number)
  const groupChanges = new GroupChanges(bounds.number)
  const shared = { sql: state.sql, limits, warnings: journal }
  await resolvePersons(drafts, { ...shared, cache: state.persons, changes: personChanges, uncommitted: state.uncommitted() })
  await attachGroups(drafts, { ...shared, cache: state.groups, changes: groupChanges })
  const definitions = await collectDefinitions(drafts, { ...shared, cache: state.definitions, personChanges, groupChanges, nowMs })
  for (const draft of drafts) journal.store(draft.entry.projectId)

  const version = bounds.insertedAtMicros
  const plan: BatchPlan = {
    bounds,
    journal,
    tables: changedRows(personChanges, groupChanges, version),
    chunks: firstMade(eventChunks(drafts, microsText(version), limits.maxBlockBytes)),
    writes: [
      ...personWrites(personChanges, version),
      ...groupWrites(groupChanges, version),
      ...definitionWrites(definitions, `${microsText(version)}+00`),
    ],
    changedDistinctIds: [...personChanges.distinctIds.values()],
    committedChanges: committedChanges(personChanges, groupChanges, state.watched),
    oldestReceivedAtMs: drafted[0]?.entry.receivedAtMs ?? nowMs,
  }
  for (const person of personChanges.persons) person.isNew = false
  return plan
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

/** Rows in blocks of bounded size. Where a block ends depends on the rows alone. */
function* eventChunks(drafts: readonly EventDraft[], insertedAt: string, maxBytes: number): Iterator<EventChunk> {
  let from = 0
  let lines: string[] = []
  let length = 0
  for (const [index, draft] of drafts.entries()) {
    const line = buildEventRow(draft, insertedAt)
    lines.push(line)
    length += line.length
    if (length < maxBytes && index + 1 < drafts.length) continue
    yield { lines, drafts: drafts.slice(from, index + 1), text: Buffer.from(`${lines.join('\n')}\n`) }
    from = index + 1
    lines = []
    length = 0
  }
}

function* remaining<T>(first: IteratorResult<T>, others: Iterator<T>): Iterator<T> {
  for (let next = first; !next.done; next = others.next()) yield next.value
}

/** Makes the first at once: most batches have one, and while it is made the batch before is still being inserted. */
function firstMade<T>(chunks: Iterator<T>): Iterator<T> {
  return remaining(chunks.next(), chunks)
}
