/**
 * What crosses from capture to ingestion: one entry of the event log.
 *
 * Capture authenticates, decodes and bounds; ingestion gives meaning. Everything that ingestion
 * needs to treat an entry the same way twice (after a crash) is in the entry: it reads no clock.
 * Most requests are logged as they were sent, behind a line about them, and read as the same entry (ingestion's `capture/sent-entry.ts`).
 */

/** An event as capture understood it. `properties` are as sent, less the token. */
export interface CapturedEvent {
  /** Lower-case uuid. Made by capture (version 7) when the client sent none. */
  uuid: string
  event: string
  distinctId: string
  properties: Record<string, unknown>
  /** Root-level person updates merged over those inside `properties`. */
  set?: Record<string, unknown>
  setOnce?: Record<string, unknown>
  unset?: string[]
  /** As sent: text or number, in any of the accepted forms. */
  timestamp?: string | number
  /** Milliseconds between the event and the sending of the request; wins over `timestamp`. */
  offset?: number
}

/** An event of an accepted request that capture could not accept by itself; counted as rejected. */
export interface RefusedEvent {
  uuid: string
  event: string
  distinctId: string
  reason: RejectionReason
  detail: string
}

/** Events of one project from one request. */
export interface EventsEntry {
  kind: 'events'
  projectId: number
  /** When capture received the request, ISO. */
  receivedAt: string
  /** The client's clock when it sent the request, ISO, where it said so. */
  sentAt?: string
  /** Client address, absent where it is unknown or must not be kept. */
  ip?: string
  userAgent?: string
  /** The route that took it, for instance `/batch/`. */
  endpoint: string
  historicalMigration?: boolean
  events: CapturedEvent[]
  refused?: RefusedEvent[]
}

/**
 * A change of identities asked for through the API. It goes through the log, so that persons have one
 * writer and every change has its place in the order of events.
 */
export type CommandEntry = {
  kind: 'command'
  projectId: number
  receivedAt: string
  /** Chosen by the caller, to find the outcome by. */
  commandId: string
} & (
  | { command: 'delete-person'; personId: string; deleteEvents: boolean }
  /** With `distinctIds` only these leave, and the others stay together. */
  | { command: 'split-person'; personId: string; mainDistinctId?: string; distinctIds?: string[] }
  | { command: 'delete-group'; groupTypeIndex: number; groupKey: string }
)

export type LogEntryBody = EventsEntry | CommandEntry

/** Why an accepted event was not stored. Every one has a line in docs/reference/ingestion-reasons.md. */
export const rejectionReasons = [
  'event_too_large',
  'invalid_event_name',
  'invalid_distinct_id',
  'invalid_properties',
  'client_ingestion_warning',
  'person_processing_disabled',
  'bot',
  'unstorable_event',
  'heatmap_not_stored',
  'snapshot_not_stored',
] as const
export type RejectionReason = (typeof rejectionReasons)[number]

/** What ingestion changed or left out in an event that it did store, or could not do for it. */
export const warningReasons = [
  'cannot_merge_with_illegal_distinct_id',
  'cannot_merge_already_identified',
  'distinct_id_truncated',
  'event_name_truncated',
  'timestamp_unparseable',
  'timestamp_in_future',
  'timestamp_out_of_range',
  'too_many_group_types',
  'too_many_definitions',
  'too_many_properties',
  'person_properties_too_large',
  'invalid_group',
  'invalid_unicode_replaced',
] as const
export type WarningReason = (typeof warningReasons)[number]
