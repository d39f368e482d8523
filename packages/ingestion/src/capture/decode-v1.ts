import type { CapturedEvent, EventResult, RefusedEvent, RejectionReason } from '@hedgerow/protocol'
import { headerText } from './decode-body.ts'
import { type EventContext, isObject, maxNameLength } from './decode-event.ts'
import { isIllegalInCaptureV1 } from './illegal-distinct-ids.ts'
import { tooDeep } from './parse-json.ts'
import { CaptureRefusal } from './refusal.ts'
import { parseSentAt } from './sent-at.ts'
import { validToken } from './token.ts'
import { parseUuid } from './uuid.ts'

type Json = Record<string, unknown>
type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What the headers of a capture v1 request say. */
export interface V1Request {
  token: string
  /** ISO; stands for the client's clock when it sent the request. */
  sentAt?: string
  library?: { name: string; version: string }
}

/** One event of capture v1: to be stored, or dropped with the slug that the client is told. */
export type DecodedV1Event = { kind: 'event'; event: CapturedEvent } | { kind: 'refused'; refused: RefusedEvent; slug: string }

/** @throws CaptureRefusal `missing_api_token`, `invalid_api_token` or `invalid_header_value`. */
export function readV1Headers(headers: Headers): V1Request {
  const authorization = headerText({ headers, query: {}, body: new Uint8Array() }, 'authorization') ?? ''
  const bearer = /^Bearer\s+(.+)$/i.exec(authorization.trim())?.[1]
  if (bearer === undefined) throw new CaptureRefusal('missing_api_token', 'Send the project token as `Authorization: Bearer phc_…`.')
  const token = validToken(bearer)
  if (token === undefined) throw new CaptureRefusal('invalid_api_token', 'The bearer is no project token; one begins with phc_.')

  const request: V1Request = { token }
  const timestamp = single(headers['posthog-request-timestamp'])
  if (timestamp !== undefined) {
    const sentAt = parseSentAt(timestamp)
    if (sentAt === undefined) {
      throw new CaptureRefusal(
        'invalid_header_value',
        `PostHog-Request-Timestamp is ${JSON.stringify(timestamp.slice(0, 80))}, not RFC 3339.`,
      )
    }
    request.sentAt = sentAt
  }
  const library = /^([^/\s]{1,100})\/(\S{1,100})/.exec(single(headers['posthog-sdk-info']) ?? '')
  if (library?.[1] !== undefined && library[2] !== undefined) request.library = { name: library[1], version: library[2] }
  return request
}

/** Checks what makes capture v1 refuse a whole request, and returns the events' uuids as sent (they key the results). */
export function checkV1Envelope(root: Json | undefined, events: readonly unknown[]): string[] {
  if (root === undefined || root.batch === undefined) throw new CaptureRefusal('invalid_batch', 'The body is not an object with a `batch`.')
  if (parseSentAt(root.created_at) === undefined) {
    throw new CaptureRefusal('invalid_created_at', '`created_at` is missing or not an RFC 3339 time.')
  }
  const uuids = new Set<string>()
  return events.map((event, index) => {
    const sent = isObject(event) ? event.uuid : undefined
    if (typeof sent !== 'string' || sent === '') throw new CaptureRefusal('missing_event_uuid', `Event ${index} has no uuid.`)
    const uuid = parseUuid(sent)
    if (uuid === undefined) {
      throw new CaptureRefusal('invalid_event_uuid', `The uuid of event ${index} is ${JSON.stringify(sent.slice(0, 80))}, which is none.`)
    }
    if (uuids.has(uuid)) throw new CaptureRefusal('duplicate_event_uuid', `The uuid ${uuid} stands twice in the batch.`)
    uuids.add(uuid)
    return sent
  })
}

const optionKinds: Readonly<Record<string, 'boolean' | 'string'>> = {
  cookieless_mode: 'boolean',
  disable_skew_correction: 'boolean',
  process_person_profile: 'boolean',
  product_tour_id: 'string',
}

/** Decodes one event of a checked envelope; what its client lifted out of the properties goes back in. */
export function decodeV1Event(raw: Json, found: number, request: V1Request, context: EventContext): DecodedV1Event {
  const uuid = parseUuid(raw.uuid) as string
  const problem = firstProblem(raw, found, context)
  if (problem !== undefined) {
    const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, maxNameLength) : '')
    const refused = { uuid, event: text(raw.event), distinctId: text(raw.distinct_id), reason: problem.reason, detail: problem.detail }
    return { kind: 'refused', slug: problem.slug, refused }
  }
  const distinctId = (raw.distinct_id as string).trim()
  const properties = (raw.properties ?? {}) as Json
  restoreProperties(properties, raw, request)
  // compat: an id that stands for nobody gets its events, but no person.
  if (isIllegalInCaptureV1(distinctId)) properties.$process_person_profile = false

  const event: CapturedEvent = { uuid, event: raw.event as string, distinctId, properties, timestamp: raw.timestamp as string }
  if (isObject(properties.$set)) event.set = properties.$set
  if (isObject(properties.$set_once)) event.setOnce = properties.$set_once
  const unset = properties.$unset
  if (Array.isArray(unset)) event.unset = unset.filter((name) => typeof name === 'string')
  else if (isObject(unset)) event.unset = Object.keys(unset)
  return { kind: 'event', event }
}

function restoreProperties(properties: Json, raw: Json, request: V1Request): void {
  const options = (raw.options ?? {}) as Json
  if (properties.token !== undefined) properties.token = undefined
  if (typeof raw.session_id === 'string') properties.$session_id = raw.session_id
  if (typeof raw.window_id === 'string') properties.$window_id = raw.window_id
  if (typeof options.process_person_profile === 'boolean') properties.$process_person_profile = options.process_person_profile
  if (typeof options.cookieless_mode === 'boolean') properties.$cookieless_mode = options.cookieless_mode
  if (typeof options.product_tour_id === 'string') properties.$product_tour_id = options.product_tour_id
  if (options.disable_skew_correction === true) properties.$ignore_sent_at = true
  if (request.library !== undefined) {
    properties.$lib ??= request.library.name
    properties.$lib_version ??= request.library.version
  }
}

interface Problem {
  slug: string
  reason: RejectionReason
  detail: string
}

function firstProblem(raw: Json, found: number, context: EventContext): Problem | undefined {
  const { event, distinct_id: distinctId, properties, options } = raw
  const problem = (slug: string, reason: RejectionReason, detail: string): Problem => ({ slug, reason, detail })
  if (typeof event !== 'string' || event === '') return problem('missing_event_name', 'invalid_event_name', 'The event has no name.')
  if (event.length > maxNameLength) {
    return problem(
      'event_name_too_long',
      'invalid_event_name',
      `The event's name has ${event.length} characters; ${maxNameLength} are allowed.`,
    )
  }
  if (typeof distinctId !== 'string' || distinctId.trim() === '') {
    return problem('missing_distinct_id', 'invalid_distinct_id', 'The event has no distinct_id, or an empty one.')
  }
  if (distinctId.length > maxNameLength) {
    const detail = `The distinct id has ${distinctId.length} characters; ${maxNameLength} are allowed.`
    return problem('distinct_id_too_large', 'invalid_distinct_id', detail)
  }
  if (typeof raw.timestamp !== 'string' || parseSentAt(raw.timestamp) === undefined) {
    return problem('invalid_event_timestamp', 'unstorable_event', 'The timestamp is missing or not RFC 3339.')
  }
  if (properties !== undefined && properties !== null && !isObject(properties)) {
    return problem('malformed_event_properties', 'invalid_properties', 'properties is not an object.')
  }
  if (found & tooDeep) {
    return problem(
      'malformed_event_properties',
      'invalid_properties',
      `The event is nested more than ${context.maxEventDepth} levels deep.`,
    )
  }
  if (!validOptions(options))
    return problem('invalid_options', 'invalid_properties', 'options is not an object, or one of them has another type.')
  return undefined
}

function validOptions(options: unknown): boolean {
  if (options === undefined || options === null) return true
  if (!isObject(options)) return false
  return Object.entries(optionKinds).every(([name, kind]) => {
    const value = options[name]
    return value === undefined || value === null || typeof value === kind
  })
}

/** The verdict that a client of capture v1 reads. */
export function v1Verdict(decoded: DecodedV1Event): EventResult {
  return decoded.kind === 'event' ? { result: 'ok' } : { result: 'drop', details: decoded.slug }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
