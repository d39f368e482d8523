import type { CapturedEvent, EventsEntry, LogEntryBody } from '@hedgerow/protocol'
import { emptySnapshot } from '@hedgerow/stores'
import { CaptureRefusal } from '../capture/refusal.ts'
import { readSentEntry, sentTextStart } from '../capture/sent-entry.ts'
import { type EntryContext, type EventDraft, isRecord } from '../draft.ts'
import type { ProjectSettings } from '../projects/project-settings.ts'

const decoder = new TextDecoder()
const suspiciousEscapes = ['\\u0000', '\\ud', '\\uD'].map((text) => Buffer.from(text))

/** The body of a log entry, or undefined if it is not one (a damaged or foreign log). */
export function parseEntryBody(payload: Uint8Array): LogEntryBody | undefined {
  try {
    const textStart = sentTextStart(payload)
    if (textStart > 0) {
      return readSentEntry(decoder.decode(payload.subarray(0, textStart)), decoder.decode(payload.subarray(textStart)))
    }
    const body: unknown = JSON.parse(decoder.decode(payload))
    if (!isRecord(body)) return undefined
    if (body.kind === 'command') return body as unknown as LogEntryBody
    return body.kind === 'events' && Array.isArray(body.events) ? (body as unknown as LogEntryBody) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof CaptureRefusal) return undefined
    throw error
  }
}

/** When capture received an entry, in milliseconds since 1970; undefined if it is none. */
export function receivedAtOf(payload: Uint8Array): number | undefined {
  const textStart = sentTextStart(payload)
  try {
    const body: unknown = JSON.parse(decoder.decode(textStart > 0 ? payload.subarray(0, textStart) : payload))
    return isRecord(body) && typeof body.receivedAt === 'string' ? Date.parse(body.receivedAt) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Drafts of an entry's events, in order. */
export function draftEvents(body: EventsEntry, payload: Uint8Array, settings: ProjectSettings): EventDraft[] {
  const receivedAtMs = Date.parse(body.receivedAt)
  const sentAtMs = body.sentAt === undefined ? Number.NaN : Date.parse(body.sentAt)
  const entry: EntryContext = {
    projectId: body.projectId,
    settings,
    receivedAtMs,
    endpoint: body.endpoint,
    mayHoldInvalidText: holdsSuspiciousEscape(payload),
    ...(Number.isNaN(sentAtMs) ? {} : { sentAtMs }),
    ...(body.ip === undefined ? {} : { ip: body.ip }),
    ...(body.userAgent === undefined ? {} : { userAgent: body.userAgent }),
  }
  return body.events.map((captured) => draftEvent(captured, entry))
}

export function draftEvent(captured: CapturedEvent, entry: EntryContext): EventDraft {
  const properties = captured.properties
  return {
    entry,
    captured,
    uuid: captured.uuid,
    event: captured.event,
    distinctId: captured.distinctId,
    properties,
    set: mergeUpdates(properties.$set, captured.set),
    setOnce: mergeUpdates(properties.$set_once, captured.setOnce),
    unset: mergeUnset(properties.$unset, captured.unset),
    timestampMs: 0,
    processesPerson: true,
    asksForPerson: false,
    geoSet: undefined,
    elementsChain: '',
    sessionId: '',
    windowId: '',
    owner: undefined,
    personId: '',
    personMode: 'full',
    personSnapshot: emptySnapshot,
    personCreatedAtMs: 0,
    groups: undefined,
  }
}

/** Updates at the event's root win over those inside its properties. */
function mergeUpdates(inside: unknown, root: unknown): Record<string, unknown> | undefined {
  if (!isRecord(root)) return isRecord(inside) ? inside : undefined
  return isRecord(inside) ? { ...inside, ...root } : root
}

/** compat: `$unset` is a list of names, or an object whose keys are the names. */
function mergeUnset(inside: unknown, root: unknown): string[] | undefined {
  const names = [...unsetNames(inside), ...unsetNames(root)]
  return names.length === 0 ? undefined : [...new Set(names)]
}

function unsetNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((name) => typeof name === 'string')
  return isRecord(value) ? Object.keys(value) : []
}

// why: JSON text writes a NUL or a lone surrogate only as an escape, so that one scan of bytes clears a whole entry.
function holdsSuspiciousEscape(payload: Uint8Array): boolean {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  return suspiciousEscapes.some((text) => bytes.includes(text))
}
