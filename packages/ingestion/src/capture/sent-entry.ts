import type { CapturedEvent, EventsEntry, RefusedEvent } from '@hedgerow/protocol'
import type { NewLogEntry } from '@hedgerow/stores'
import { decodeEvent, type EventContext, isObject } from './decode-event.ts'
import { openEnvelope } from './envelope.ts'
import type { EntryHeader } from './log-entries.ts'
import { parseJson } from './parse-json.ts'

/** The line before the text of a request that is logged as it was sent. */
interface SentHeader extends Omit<EntryHeader, 'kind'> {
  kind: 'sent'
  /** Of each event, where it did not bring its own in this form; else empty. */
  uuids?: string[]
}

const lineEnd = 0x0a

/**
 * A request as it was sent, as an entry of the log: a line of JSON about it, then its text. Writing its events anew would cost as much as parsing
 * them. Only for requests all of whose events were taken, with nothing in them that needed care. Undefined where it is too large.
 */
export function writeSentEntry(
  header: EntryHeader,
  text: string,
  raw: readonly unknown[],
  events: readonly CapturedEvent[],
  maxBytes: number,
): NewLogEntry | undefined {
  if (text.length > maxBytes || !text.isWellFormed()) return undefined
  const sent: SentHeader = { ...header, kind: 'sent' }
  const uuids = events.map(({ uuid }, index) => ((raw[index] as { uuid?: unknown }).uuid === uuid ? '' : uuid))
  if (uuids.some((uuid) => uuid !== '')) sent.uuids = uuids
  const payload = Buffer.from(`${JSON.stringify(sent)}\n${text}`)
  return payload.length > maxBytes ? undefined : { projectId: header.projectId, eventCount: events.length, payload }
}

/** Where the text of a request begins in an entry's payload; -1 where the entry is of another kind. */
export function sentTextStart(payload: Uint8Array): number {
  // JSON that is written without indentation has no line ends.
  return payload.indexOf(lineEnd) + 1 || -1
}

/**
 * The events of a request that was logged as it was sent.
 *
 * @throws SyntaxError or CaptureRefusal where it is none.
 */
export function readSentEntry(line: string, text: string): EventsEntry | undefined {
  const sent = JSON.parse(line) as SentHeader
  if (!isObject(sent) || sent.kind !== 'sent') return undefined
  const { uuids, ...header } = sent
  const { events: raw } = openEnvelope(parseJson(text), Number.POSITIVE_INFINITY)
  const context: EventContext = { ...contextOf(header.endpoint), receivedAtMs: Date.parse(header.receivedAt), maxEventDepth: 0 }
  const events: CapturedEvent[] = []
  const refused: RefusedEvent[] = []
  for (let index = 0; index < raw.length; index++) {
    const decoded = decodeEvent(raw[index], 0, context, uuids?.[index])
    // Another version may have taken what this one refuses.
    if (decoded.kind === 'event') events.push(decoded.event)
    else refused.push(decoded.refused)
  }
  return { ...header, kind: 'events', events, ...(refused.length > 0 ? { refused } : {}) }
}

/** What an event's meaning owes to the place that it was sent to. */
export function contextOf(endpoint: EventsEntry['endpoint']): Pick<EventContext, 'defaultName'> {
  return endpoint === '/engage/' ? { defaultName: '$identify' } : {}
}
