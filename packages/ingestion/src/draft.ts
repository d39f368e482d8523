import type { CapturedEvent, RejectionReason, WarningReason } from '@hedgerow/protocol'
import type { WrittenSnapshot } from '@hedgerow/stores'
import type { DistinctIdState } from './identity/person-state.ts'
import type { ProjectSettings } from './projects/project-settings.ts'

/** What the events of one log entry have in common. Instants in milliseconds since 1970, fractions allowed. */
export interface EntryContext {
  projectId: number
  settings: ProjectSettings
  receivedAtMs: number
  sentAtMs?: number
  ip?: string
  userAgent?: string
  endpoint: string
  /** The entry's text holds a NUL or a surrogate somewhere; false for nearly all. */
  mayHoldInvalidText: boolean
}

/** Five group keys by group type index; empty text where the event has none. */
export type GroupKeys = [string, string, string, string, string]

/**
 * An event on its way through the steps. Steps change it in place; one that sets a field for later steps
 * is named beside it.
 */
export interface EventDraft {
  readonly entry: EntryContext
  readonly captured: CapturedEvent
  readonly uuid: string
  event: string
  distinctId: string
  properties: Record<string, unknown>
  /** Explicit person updates, from the root and from `properties`. */
  set: Record<string, unknown> | undefined
  setOnce: Record<string, unknown> | undefined
  unset: string[] | undefined
  /** resolve-timestamp */
  timestampMs: number
  /** choose-person-mode: false for a personless event. */
  processesPerson: boolean
  /** choose-person-mode: the event itself asked for a person (`$process_person_profile: true`). */
  asksForPerson: boolean
  /** add-geoip: updates to the person, explicit ones win over them. */
  geoSet: Record<string, unknown> | undefined
  /** extract-elements */
  elementsChain: string
  /** read-session */
  sessionId: string
  windowId: string
  /** resolve-persons */
  owner: DistinctIdState | undefined
  personId: string
  personMode: 'full' | 'propertyless' | 'force_upgrade'
  /** resolve-persons: the person's properties right after this event, as the event's row holds them. */
  personSnapshot: WrittenSnapshot
  personCreatedAtMs: number
  /** attach-groups */
  groups: GroupKeys | undefined
}

/** An event that is not stored, and why. */
export interface Rejection {
  reason: RejectionReason
  detail: string
}

/** Where steps leave warnings: the event is stored, but something in it was changed or could not be done. */
export interface WarningSink {
  warn(draft: EventDraft, reason: WarningReason, detail: string): void
}

export function reject(reason: RejectionReason, detail: string): Rejection {
  return { reason, detail }
}

/** Text for messages: quoted, and cut where it is long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Cuts to `length` UTF-16 units without splitting a surrogate pair. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}
