import { z } from 'zod'
import { booleanText, integerText, pageQuery } from './fields.ts'

/** Always: accepted = stored + rejected + repeated + waiting. */
export interface LedgerBody {
  accepted: number
  stored: number
  rejected: number
  repeated: number
  waiting: number
  /** Age of the oldest event that waits, in milliseconds; 0 if none does. */
  lag_ms: number
  rejected_by_reason: Record<string, number>
  warnings_by_reason: Record<string, number>
  last_event_stored_at: string | null
  /** Of the whole server: how full the event log is. */
  event_log: { used_bytes: number; limit_bytes: number }
  /** Why ingestion stands still, if it does. */
  stalled: string | null
}

/** `GET /ingestion/warnings/`: newest first. */
export const warningsQuery = pageQuery.extend({
  reason: z.string().max(100).optional(),
  rejected: booleanText.optional(),
})

/** `GET /ingestion/verdicts/` */
export const verdictsQuery = z.object({ limit: integerText(1, 500).default(100) })

/** What became of an event that was not simply stored; also `event: verdict` of the live stream. */
export interface VerdictBody {
  id: string
  /** `warning`: it is stored, but something in it was altered. `repeated`: an event with its uuid was stored before. */
  verdict: 'rejected' | 'warning' | 'repeated'
  event_uuid: string | null
  event: string | null
  distinct_id: string | null
  /** When it was received. */
  occurred_at: string
  reason: string | null
  detail: string
}

export interface WarningBody {
  id: string
  reason: string
  /** False: the event was stored, but altered. */
  rejected: boolean
  occurred_at: string
  event_uuid: string | null
  event: string | null
  distinct_id: string | null
  detail: string
}
