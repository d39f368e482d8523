import type { CapturedEvent, CaptureRefusalCode, RefusedEvent, RejectionReason } from '@hedgerow/protocol'
import { inspectJson, tooDeep } from './parse-json.ts'
import { parseUuid, uuidV7 } from './uuid.ts'

type Json = Record<string, unknown>

/** An event that was understood, or why it cannot be. */
export type DecodedEvent = { kind: 'event'; event: CapturedEvent } | { kind: 'refused'; refused: RefusedEvent; code: CaptureRefusalCode }

export interface EventContext {
  receivedAtMs: number
  maxEventDepth: number
  /** What an event without a name is; `/engage/` takes people calls of an older protocol. */
  defaultName?: string
}

export const maxNameLength = 200

/**
 * Gives meaning to one event of a request, wherever its client puts things. Changes `raw`, and keeps parts of it.
 * `found` is what {@link inspectJson} found in it; `givenUuid` one that it was given earlier, where it has none of its own.
 */
export function decodeEvent(raw: unknown, found: number, context: EventContext, givenUuid?: string): DecodedEvent {
  if (!isObject(raw)) return refuse({}, context, 'unstorable_event', 'request_parsing_error', 'The event is not an object.')
  const properties = raw.properties ?? {}
  const name = eventName(raw.event, context.defaultName)
  if (name === undefined) {
    return refuse(raw, context, 'invalid_event_name', 'missing_event_name', `The event's name is ${describe(raw.event)}, not a text.`)
  }
  if (!isObject(properties)) {
    return refuse(raw, context, 'invalid_properties', 'malformed_event_properties', `properties is ${describe(properties)}, not an object.`)
  }
  const distinctId = distinctIdText(raw.distinct_id) ?? distinctIdText(raw.$distinct_id) ?? distinctIdText(properties.distinct_id)
  if (distinctId === undefined) {
    return refuse(raw, context, 'invalid_distinct_id', 'missing_distinct_id', 'The event has no distinct_id, or an empty one.')
  }
  if (found & tooDeep) {
    const detail = `The event is nested more than ${context.maxEventDepth} levels deep.`
    return refuse(raw, context, 'invalid_properties', 'malformed_event_properties', detail)
  }
  if (name === '$snapshot') {
    return refuse(raw, context, 'snapshot_not_stored', 'invalid_snapshot', 'Session recordings are not stored.')
  }

  // `undefined` rather than delete: deleting would turn the object into a slow one, and JSON leaves both out.
  if (properties.token !== undefined) properties.token = undefined
  if (properties.capture_internal && properties.$ip === undefined) properties.$ip = '127.0.0.1'
  // Names and ids that are too long are ingestion's to cut, which leaves a warning.
  const event: CapturedEvent = {
    uuid: givenUuid || (parseUuid(raw.uuid) ?? uuidV7(context.receivedAtMs)),
    event: name,
    distinctId,
    properties,
  }
  addPersonUpdates(event, raw, properties)
  if (typeof raw.timestamp === 'string' || typeof raw.timestamp === 'number') event.timestamp = raw.timestamp
  if (Number.isSafeInteger(raw.offset)) event.offset = raw.offset as number
  return { kind: 'event', event }
}

/** Person updates may stand at the event's root, among its properties, or both; the root wins. */
function addPersonUpdates(event: CapturedEvent, raw: Json, properties: Json): void {
  const set = mergedObjects(properties.$set, raw.$set)
  if (set !== undefined) event.set = set
  const setOnce = mergedObjects(properties.$set_once, raw.$set_once)
  if (setOnce !== undefined) event.setOnce = setOnce
  if (raw.$unset === undefined && properties.$unset === undefined) return
  const unset = [...new Set([...namesToUnset(properties.$unset), ...namesToUnset(raw.$unset)])]
  if (unset.length > 0) event.unset = unset
}

function mergedObjects(under: unknown, over: unknown): Json | undefined {
  if (!isObject(over)) return isObject(under) ? under : undefined
  return isObject(under) ? { ...under, ...over } : over
}

/** A list of names, or an object whose keys are the names. */
function namesToUnset(value: unknown): string[] {
  if (isObject(value)) return Object.keys(value)
  if (!Array.isArray(value)) return []
  return value.filter((name) => typeof name === 'string' || typeof name === 'number').map(String)
}

function eventName(value: unknown, defaultName: string | undefined): string | undefined {
  if (typeof value === 'string' && value !== '') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
  return value === undefined || value === null || value === '' ? defaultName : undefined
}

/** A distinct id as text, trimmed; undefined if there is none. Numbers and the like become their JSON. */
export function distinctIdText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const text = (typeof value === 'string' ? value : jsonText(value)).trim()
  if (text === '') return undefined
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
}

function jsonText(value: unknown): string {
  if (typeof value !== 'object') return String(value)
  // A deeply nested value cannot be written, nor would anyone mean it as an id.
  return inspectJson(value, 20) & tooDeep ? '' : JSON.stringify(value)
}

/** The first 200 characters; never half of one. For what is refused: it is kept to be shown, and must fit beside others. */
export function truncate(text: string): string {
  return Array.from(text.slice(0, maxNameLength * 2))
    .slice(0, maxNameLength)
    .join('')
}

function refuse(raw: Json, context: EventContext, reason: RejectionReason, code: CaptureRefusalCode, detail: string): DecodedEvent {
  const properties = isObject(raw.properties) ? raw.properties : {}
  const distinctId = distinctIdText(raw.distinct_id) ?? distinctIdText(raw.$distinct_id) ?? distinctIdText(properties.distinct_id) ?? ''
  return {
    kind: 'refused',
    code,
    refused: {
      uuid: parseUuid(raw.uuid) ?? uuidV7(context.receivedAtMs),
      event: typeof raw.event === 'string' ? truncate(raw.event) : '',
      distinctId: truncate(distinctId),
      reason,
      detail,
    },
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (value === '') return 'empty'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
