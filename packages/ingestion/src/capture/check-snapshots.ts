import { distinctIdText, isObject } from './decode-event.ts'
import { CaptureRefusal } from './refusal.ts'

const maxSessionIdLength = 100

/**
 * Checks the session recordings of a request to `/s/` as a store of them would.
 * limit: they are not stored and are no events, so they end here.
 */
export function checkSnapshots(events: readonly unknown[]): void {
  const first = events[0]
  if (!isObject(first) || !isObject(first.properties)) throw new CaptureRefusal('invalid_snapshot', 'The first snapshot has no properties.')
  const properties = first.properties
  const sessionId = properties.$session_id
  if (typeof sessionId !== 'string' || sessionId === '' || sessionId.length > maxSessionIdLength) {
    throw new CaptureRefusal('invalid_snapshot', `$session_id must be a text of 1 to ${maxSessionIdLength} characters.`)
  }
  if ((distinctIdText(first.distinct_id) ?? distinctIdText(properties.distinct_id)) === undefined) {
    throw new CaptureRefusal('missing_distinct_id', 'The snapshot has no distinct_id, or an empty one.')
  }
  for (const [index, event] of events.entries()) {
    const data = isObject(event) && isObject(event.properties) ? event.properties.$snapshot_data : undefined
    if (typeof data !== 'object' || data === null) {
      throw new CaptureRefusal('invalid_snapshot', `$snapshot_data of snapshot ${index} is neither a list nor an object.`)
    }
  }
}
