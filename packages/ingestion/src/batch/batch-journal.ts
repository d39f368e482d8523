import type { RejectionReason, WarningReason } from '@hedgerow/protocol'
import { type EventDraft, type Rejection, truncate, type WarningSink } from '../draft.ts'
import { readUuidWords } from '../repeats/uuid-words.ts'

/** One project's part of a batch: `accepted = stored + rejected + repeated`, always. */
export interface ProjectTally {
  accepted: number
  stored: number
  repeated: number
  rejected: Map<RejectionReason, number>
  warned: Map<WarningReason, number>
}

/** A warning as it is kept for people to read. */
export interface WarningRow {
  project_id: number
  reason: RejectionReason | WarningReason
  rejected: boolean
  occurred_at: string
  event_uuid: string | null
  event_name: string
  distinct_id: string
  detail: string
}

/** A repeat as it is kept for people to see. */
export interface RepeatRow {
  project_id: number
  received_at: string
  event_uuid: string
  event_name: string
  distinct_id: string
}

interface EventIdentity {
  uuid: string
  event: string
  distinctId: string
}

const nul = String.fromCharCode(0)
const scratch = new Uint32Array(4)

/** What became of the events of a batch, and what people should know about it. */
export class BatchJournal implements WarningSink {
  readonly tallies = new Map<number, ProjectTally>()
  readonly rows: WarningRow[] = []
  readonly repeats: RepeatRow[] = []
  private readonly rowCounts = new Map<string, number>()
  private readonly maxRowsPerReason: number

  constructor(maxRowsPerReason: number) {
    this.maxRowsPerReason = maxRowsPerReason
  }

  accept(projectId: number, count: number): void {
    this.tally(projectId).accepted += count
  }

  store(projectId: number): void {
    this.tally(projectId).stored += 1
  }

  repeat({ entry: { projectId, receivedAtMs }, uuid, event, distinctId }: EventDraft): void {
    const tally = this.tally(projectId)
    tally.repeated += 1
    if (tally.repeated > this.maxRowsPerReason) return
    this.repeats.push({
      project_id: projectId,
      received_at: new Date(receivedAtMs).toISOString(),
      event_uuid: uuid,
      event_name: readable(event),
      distinct_id: readable(distinctId),
    })
  }

  reject(projectId: number, receivedAtMs: number, event: EventIdentity, { reason, detail }: Rejection): void {
    increase(this.tally(projectId).rejected, reason)
    this.write(projectId, receivedAtMs, event, { reason, rejected: true, detail })
  }

  /** An event that was counted as stored turned out not to be storable. */
  rejectStored(projectId: number, receivedAtMs: number, event: EventIdentity, detail: string): void {
    this.tally(projectId).stored -= 1
    this.reject(projectId, receivedAtMs, event, { reason: 'unstorable_event', detail })
  }

  warn(draft: EventDraft, reason: WarningReason, detail: string): void {
    increase(this.tally(draft.entry.projectId).warned, reason)
    this.write(draft.entry.projectId, draft.entry.receivedAtMs, draft, { reason, rejected: false, detail })
  }

  tally(projectId: number): ProjectTally {
    let tally = this.tallies.get(projectId)
    if (!tally) {
      tally = { accepted: 0, stored: 0, repeated: 0, rejected: new Map(), warned: new Map() }
      this.tallies.set(projectId, tally)
    }
    return tally
  }

  private write(
    projectId: number,
    occurredAtMs: number,
    event: EventIdentity,
    { reason, rejected, detail }: Pick<WarningRow, 'reason' | 'rejected' | 'detail'>,
  ): void {
    const key = `${projectId}:${reason}`
    const count = this.rowCounts.get(key) ?? 0
    if (count >= this.maxRowsPerReason) return
    this.rowCounts.set(key, count + 1)
    this.rows.push({
      project_id: projectId,
      reason,
      rejected,
      occurred_at: new Date(occurredAtMs).toISOString(),
      event_uuid: readUuidWords(event.uuid, scratch) && event.uuid.length === 36 ? event.uuid : null,
      event_name: readable(event.event),
      distinct_id: readable(event.distinctId),
      detail: readable(detail),
    })
  }
}

// why: an event refused early still holds whatever text was sent; Postgres takes neither a NUL nor half a surrogate pair.
function readable(text: string): string {
  return truncate(text, 500)
    .replaceAll(nul, '\ufffd')
    .replace(/\p{Surrogate}/gu, '\ufffd')
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
