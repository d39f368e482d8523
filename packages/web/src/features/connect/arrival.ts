import type { LedgerBody, LiveEventBody } from '@hedgerow/protocol'
import { formatDuration } from '../../ui/time.ts'

/** How far the first event has come on its way: nothing yet, accepted, stored, or seen by this page. */
export type Stage = 'waiting' | 'received' | 'stored' | 'seen'

type Counts = Pick<LedgerBody, 'accepted' | 'stored' | 'rejected'>

/** What the ledger and the stream tell since the page was opened. */
export function stageOf(opened: Counts | undefined, now: Counts | undefined, event: LiveEventBody | undefined): Stage {
  if (event) return 'seen'
  if (!opened || !now) return 'waiting'
  if (now.stored > opened.stored) return 'stored'
  return now.accepted > opened.accepted ? 'received' : 'waiting'
}

export interface Step {
  stage: Exclude<Stage, 'waiting'>
  label: string
  isDone: boolean
  /** How long it took from the step before, where known. */
  detail: string
}

const order: Stage[] = ['waiting', 'received', 'stored', 'seen']

/** The three steps to show. `seenAtMs`: when this page got the event. */
export function arrivalSteps(stage: Stage, event: LiveEventBody | undefined, seenAtMs: number | undefined): Step[] {
  const reached = order.indexOf(stage)
  const receivedMs = event ? Date.parse(event.created_at) : Number.NaN
  const storedMs = event ? Date.parse(event.inserted_at) : Number.NaN
  const after = (fromMs: number, toMs: number | undefined) =>
    toMs === undefined || Number.isNaN(fromMs) || Number.isNaN(toMs) ? '' : `after ${formatDuration(Math.max(0, toMs - fromMs))}`
  return [
    { stage: 'received', label: 'Received', isDone: reached >= 1, detail: '' },
    { stage: 'stored', label: 'Stored', isDone: reached >= 2, detail: after(receivedMs, storedMs) },
    { stage: 'seen', label: 'Seen here', isDone: reached >= 3, detail: after(storedMs, seenAtMs) },
  ]
}

/** Events that came but were turned away while someone waits: they want to know why. */
export function rejectedSince(opened: Counts | undefined, now: Counts | undefined): number {
  return opened && now ? Math.max(0, now.rejected - opened.rejected) : 0
}
