import type { VerdictBody } from '@hedgerow/protocol'
import type { ShownEvent } from '../../ui/shown-event.ts'

/** What became of an event. */
export const verdictKinds = ['stored', 'warning', 'repeated', 'rejected'] as const
export type VerdictKind = (typeof verdictKinds)[number]

export const verdictLabels: Record<VerdictKind, string> = {
  stored: 'Stored',
  warning: 'Warning',
  repeated: 'Repeated',
  rejected: 'Rejected',
}

/** An event of the feed; one that was not stored brings its verdict along. */
export interface FeedEvent extends ShownEvent {
  verdict?: VerdictBody
}

/** By the id of the stored event: what was altered in it. */
export type Warnings = ReadonlyMap<string, readonly VerdictBody[]>

// limit: as many as events are kept.
const keptWarnings = 2000

/** An event that was not stored, as far as it is known. */
function fromVerdict(verdict: VerdictBody): FeedEvent {
  return {
    id: verdict.id,
    event: verdict.event ?? '',
    distinctId: verdict.distinct_id ?? '',
    personId: undefined,
    timestamp: verdict.occurred_at,
    receivedAt: verdict.occurred_at,
    properties: {},
    verdict,
  }
}

/** Takes in what came: warnings go to their events, which may come before or after them; the rest are events of their own. */
export function takeVerdicts(warnings: Warnings, came: readonly VerdictBody[]): { warnings: Warnings; events: FeedEvent[] } {
  const altered = came.filter(({ verdict, event_uuid: uuid }) => verdict === 'warning' && uuid !== null)
  const events = came.filter(({ verdict }) => verdict !== 'warning').map(fromVerdict)
  if (altered.length === 0) return { warnings, events }
  const next = new Map(warnings)
  for (const each of altered) {
    const before = next.get(each.event_uuid ?? '') ?? []
    if (!before.some(({ id }) => id === each.id)) next.set(each.event_uuid ?? '', [...before, each])
  }
  return { warnings: new Map([...next].slice(-keptWarnings)), events }
}

export function verdictOf({ id, verdict }: FeedEvent, warnings: Warnings): VerdictKind {
  if (verdict) return verdict.verdict
  return warnings.has(id) ? 'warning' : 'stored'
}
