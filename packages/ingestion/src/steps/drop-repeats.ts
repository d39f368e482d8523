import type { EventDraft } from '../draft.ts'
import { keyOf } from '../identity/person-state.ts'
import type { RepeatFilter } from '../repeats/repeat-filter.ts'
import type { UuidKey } from '../repeats/stored-uuids.ts'

export interface DropRepeatsContext {
  filter: RepeatFilter
  /** Which of these are stored, by an earlier batch than this one. */
  findStored(keys: readonly UuidKey[]): Promise<Set<string>>
  nowMs: number
  repeated(draft: EventDraft): void
}

/** Keeps the first copy of each uuid, of this batch and of all before it. */
export async function dropRepeats(drafts: readonly EventDraft[], context: DropRepeatsContext): Promise<EventDraft[]> {
  const firsts: EventDraft[] = []
  const unsure: UuidKey[] = []
  for (const draft of drafts) {
    const { projectId } = draft.entry
    const verdict = context.filter.take(projectId, draft.uuid, context.nowMs)
    if (verdict === 'repeat') {
      context.repeated(draft)
      continue
    }
    if (verdict === 'unsure') unsure.push({ projectId, uuid: draft.uuid })
    firsts.push(draft)
  }
  if (unsure.length === 0) return firsts
  const stored = await context.findStored(unsure)
  if (stored.size === 0) return firsts
  return firsts.filter((draft) => {
    if (!stored.has(keyOf(draft.entry.projectId, draft.uuid))) return true
    context.repeated(draft)
    return false
  })
}
