import type { CapturedEvent, EventsEntry, RefusedEvent } from '@hedgerow/protocol'
import type { NewLogEntry } from '@hedgerow/stores'
import { maxEntryBytes } from '@hedgerow/stores'
import { truncate } from './decode-event.ts'

export type EntryHeader = Omit<EventsEntry, 'events' | 'refused'>

// For the header and the brackets around the events; a header's texts are bounded by capture.
const headerRoomBytes = 8_000

/**
 * Writes the events of a request as entries of the log, each at most `maxEntryBytes`: nearly always one.
 * An event of more than `maxEventBytes` joins `refused` (the list given is extended) instead of failing the others.
 */
export function writeLogEntries(
  header: EntryHeader,
  events: CapturedEvent[],
  refused: RefusedEvent[],
  maxEventBytes: number,
): NewLogEntry[] {
  const largestBytes = largestEntryBytes(maxEventBytes)
  const entry: EventsEntry = { ...header, events }
  if (refused.length > 0) entry.refused = refused
  const payload = Buffer.from(JSON.stringify(entry))
  if (payload.length <= largestBytes) return [{ projectId: header.projectId, eventCount: events.length + refused.length, payload }]
  return splitIntoEntries(header, events, refused, largestBytes)
}

/** An entry of no more bytes has no event of more than `maxEventBytes`. */
export function largestEntryBytes(maxEventBytes: number): number {
  return Math.min(maxEventBytes, maxEntryBytes - headerRoomBytes)
}

interface WrittenItem {
  list: 'events' | 'refused'
  json: string
  sizeBytes: number
}

function splitIntoEntries(header: EntryHeader, events: CapturedEvent[], refused: RefusedEvent[], maxEventBytes: number): NewLogEntry[] {
  const items: WrittenItem[] = []
  for (const event of events) {
    const item = written('events', event)
    if (item.sizeBytes <= maxEventBytes) items.push(item)
    else refused.push(refuseTooLarge(event, item.sizeBytes, maxEventBytes))
  }
  for (const event of refused) items.push(written('refused', event))

  const entries: NewLogEntry[] = []
  let from = 0
  let sizeBytes = 0
  for (let to = 0; to <= items.length; to++) {
    const next = items[to]
    const isFull = next === undefined || sizeBytes + next.sizeBytes > maxEntryBytes - headerRoomBytes
    if (isFull && to > from) {
      entries.push(joinEntry(header, items.slice(from, to)))
      from = to
      sizeBytes = 0
    }
    if (next !== undefined) sizeBytes += next.sizeBytes + 1
  }
  return entries
}

function written(list: WrittenItem['list'], event: CapturedEvent | RefusedEvent): WrittenItem {
  const json = JSON.stringify(event)
  return { list, json, sizeBytes: Buffer.byteLength(json) }
}

function joinEntry(header: EntryHeader, items: readonly WrittenItem[]): NewLogEntry {
  const of = (list: WrittenItem['list']): string[] => items.filter((item) => item.list === list).map((item) => item.json)
  const refused = of('refused')
  const tail = refused.length > 0 ? `,"refused":[${refused.join(',')}]` : ''
  const json = `${JSON.stringify(header).slice(0, -1)},"events":[${of('events').join(',')}]${tail}}`
  return { projectId: header.projectId, eventCount: items.length, payload: Buffer.from(json) }
}

function refuseTooLarge(event: CapturedEvent, sizeBytes: number, maxEventBytes: number): RefusedEvent {
  const detail = `The event has ${sizeBytes} bytes; at most ${maxEventBytes} are stored.`
  return { uuid: event.uuid, event: truncate(event.event), distinctId: truncate(event.distinctId), reason: 'event_too_large', detail }
}
