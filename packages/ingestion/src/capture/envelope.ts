import { CaptureRefusal } from './refusal.ts'

type Json = Record<string, unknown>

/** The events of a request, whatever stood around them. */
export interface Envelope {
  /** Not yet known to be objects. */
  events: readonly unknown[]
  /** What stands around the events; the event itself if it stands alone; absent for a bare list. */
  root?: Json
  historicalMigration: boolean
}

/**
 * Tells the shapes apart: one event, a list of events, or an object with a `batch`.
 *
 * @throws CaptureRefusal `request_parsing_error`, `empty_batch` or `too_many_events`.
 */
export function openEnvelope(json: unknown, maxEvents: number): Envelope {
  const envelope = tellShape(json)
  if (envelope.events.length === 0) throw new CaptureRefusal('empty_batch', 'The request holds no event.')
  if (envelope.events.length > maxEvents) {
    const detail = `The request holds ${envelope.events.length} events; at most ${maxEvents} are taken at once.`
    throw new CaptureRefusal('too_many_events', detail)
  }
  return envelope
}

function tellShape(json: unknown): Envelope {
  if (Array.isArray(json)) return { events: json, historicalMigration: false }
  if (typeof json !== 'object' || json === null) {
    throw new CaptureRefusal(
      'request_parsing_error',
      `The body is ${json === null ? 'null' : `a ${typeof json}`}, not an event or a batch of events.`,
    )
  }
  const root = json as Json
  const historicalMigration = root.historical_migration === true
  if (root.batch === undefined) return { events: [root], root, historicalMigration }
  if (!Array.isArray(root.batch)) throw new CaptureRefusal('request_parsing_error', '`batch` is not a list of events.')
  return { events: root.batch, root, historicalMigration }
}
