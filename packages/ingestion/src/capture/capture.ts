import type {
  CapturedEvent,
  CaptureOutcome,
  CaptureProject,
  CaptureRefusalCode,
  CaptureRequest,
  DecodedBodyOutcome,
  EncodedBody,
  EventResult,
  RefusedEvent,
} from '@hedgerow/protocol'
import { type EventLog, EventLogUnavailable, type NewLogEntry } from '@hedgerow/stores'
import { checkSnapshots } from './check-snapshots.ts'
import { decodeBody, headerText, queryText, tooLarge } from './decode-body.ts'
import { decodeEvent, type EventContext, isObject } from './decode-event.ts'
import { checkV1Envelope, decodeV1Event, readV1Headers, v1Verdict } from './decode-v1.ts'
import { type Envelope, openEnvelope } from './envelope.ts'
import { Inflater } from './inflate.ts'
import { type CaptureLimits, defaultCaptureLimits } from './limits.ts'
import { type EntryHeader, largestEntryBytes, writeLogEntries } from './log-entries.ts'
import { inspectJson, parseJson, parseJsonKeepingNumbers, unsafeNumber } from './parse-json.ts'
import { ProjectLookup } from './project-lookup.ts'
import { CaptureBusy, CaptureRefusal } from './refusal.ts'
import { parseSentAt, parseSentAtQuery } from './sent-at.ts'
import { contextOf, writeSentEntry } from './sent-entry.ts'
import { requestToken } from './token.ts'

export interface CaptureOptions {
  log: Pick<EventLog, 'append'>
  /** The project of a token, or undefined if there is none. Called for each request: it should answer from memory. */
  findProject(token: string): Promise<CaptureProject | undefined> | CaptureProject | undefined
  limits?: Partial<CaptureLimits>
  now?: () => Date
}

export interface Capture {
  /** Takes the events of one request. Resolves after they are flushed to the log, or with why they are not; rejects only for a fault of ours. */
  take(request: CaptureRequest): Promise<CaptureOutcome>
  /** Decodes a body as `take` does, for routes whose body is something else than events. */
  decode(body: EncodedBody): Promise<DecodedBodyOutcome>
  readonly limits: Readonly<CaptureLimits>
}

/** The events of one request as JSON, with what was found in each. */
interface ParsedRequest extends Envelope {
  found: number[]
}

/** What a request's events become. */
interface ReadEvents {
  entries: NewLogEntry[]
  accepted: number
  refused: number
}

/** Capture: from a request's bytes to entries of the event log. */
export function createCapture(options: CaptureOptions): Capture {
  const limits: CaptureLimits = { ...defaultCaptureLimits, ...options.limits }
  const now = options.now ?? (() => new Date())
  const inflater = new Inflater(limits.maxDecodedBytes, limits.maxConcurrentInflations)
  const projects = new ProjectLookup(options.findProject, limits.maxProjectLookupMs)
  let inFlightBytes = 0

  /** Runs `work` on the decoded text, while its bytes count as being held. */
  async function withText<T>(request: EncodedBody, work: (text: string, token: string | undefined) => Promise<T>): Promise<T> {
    if (request.body.byteLength > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes)
    if (inFlightBytes > limits.maxInFlightBytes) throw new CaptureBusy('Too many requests are being taken at this moment.')
    inFlightBytes += request.body.byteLength
    let heldBytes = request.body.byteLength
    try {
      const { text, token } = await decodeBody(request, inflater, limits.maxDecodedBytes)
      inFlightBytes += text.length
      heldBytes += text.length
      return await work(text, token)
    } finally {
      inFlightBytes -= heldBytes
    }
  }

  function parseRequest(text: string): ParsedRequest {
    const envelope = openEnvelope(parseJson(text), limits.maxEventsPerRequest)
    let anyUnsafe = 0
    const found = envelope.events.map((event) => {
      const inEvent = inspectJson(event, limits.maxEventDepth)
      anyUnsafe |= inEvent & unsafeNumber
      return inEvent
    })
    if (anyUnsafe === 0) return { ...envelope, found }
    return { ...openEnvelope(parseJsonKeepingNumbers(text), limits.maxEventsPerRequest), found }
  }

  async function projectOf(token: string): Promise<CaptureProject> {
    const project = await projects.find(token)
    if (project === undefined) {
      throw new CaptureRefusal('invalid_api_token', `No project has the token ${JSON.stringify(token)}; it is in the project's settings.`)
    }
    return project
  }

  async function takeEvents(request: CaptureRequest): Promise<CaptureOutcome> {
    return withText(request, async (text, besideToken) => {
      // why: in a function of its own, so that the parsed events are garbage before the flush is waited for.
      const { entries, accepted, refused } = await readEvents(request, text, besideToken)
      if (entries.length > 0) await options.log.append(entries)
      return { kind: 'accepted', accepted, refused }
    })
  }

  async function readEvents(request: CaptureRequest, text: string, besideToken: string | undefined): Promise<ReadEvents> {
    const parsed = parseRequest(text)
    const project = await projectOf(requestToken(parsed.root, parsed.events, besideToken))
    if (request.endpoint === '/s/') {
      checkSnapshots(parsed.events)
      return { entries: [], accepted: 0, refused: 0 }
    }
    const receivedAt = request.receivedAt ?? now()
    const context: EventContext = {
      ...contextOf(request.endpoint),
      receivedAtMs: receivedAt.getTime(),
      maxEventDepth: limits.maxEventDepth,
    }
    const { events, refused, firstCode } = decodeAll(parsed, context)
    const firstRefused = refused[0]
    if (events.length === 0 && firstRefused !== undefined && firstCode !== undefined) {
      throw new CaptureRefusal(firstCode, firstRefused.detail)
    }
    const sentAt = parseSentAt(parsed.root?.sent_at) ?? parseSentAtQuery(queryText(request, '_'))
    const header = entryHeader(request, project, receivedAt, sentAt, parsed.historicalMigration)
    const isPlain = refused.length === 0 && parsed.found.every((found) => found === 0)
    const sent = isPlain ? writeSentEntry(header, text, parsed.events, events, largestEntryBytes(limits.maxEventBytes)) : undefined
    const entries = sent ? [sent] : writeLogEntries(header, events, refused, limits.maxEventBytes)
    return { entries, accepted: parsed.events.length, refused: refused.length }
  }

  async function takeV1(request: CaptureRequest): Promise<CaptureOutcome> {
    const v1 = readV1Headers(request.headers)
    const project = await projectOf(v1.token)
    return withText(request, async (text) => {
      const parsed = parseRequest(text)
      const sentUuids = checkV1Envelope(parsed.root, parsed.events)
      const receivedAt = request.receivedAt ?? now()
      const context: EventContext = { receivedAtMs: receivedAt.getTime(), maxEventDepth: limits.maxEventDepth }
      const events: CapturedEvent[] = []
      const refused: RefusedEvent[] = []
      const uuidAsSent = new Map<string, string>()
      const results: Record<string, EventResult> = {}
      for (const [index, raw] of parsed.events.entries()) {
        if (!isObject(raw)) continue
        const decoded = decodeV1Event(raw, parsed.found[index] ?? 0, v1, context)
        const sent = sentUuids[index] as string
        results[sent] = v1Verdict(decoded)
        if (decoded.kind === 'event') {
          events.push(decoded.event)
          uuidAsSent.set(decoded.event.uuid, sent)
        } else refused.push(decoded.refused)
      }
      const header = entryHeader(request, project, receivedAt, v1.sentAt, parsed.historicalMigration)
      const entries = writeLogEntries(header, events, refused, limits.maxEventBytes)
      for (const { uuid, reason } of refused) {
        const sent = reason === 'event_too_large' ? uuidAsSent.get(uuid) : undefined
        if (sent !== undefined) results[sent] = { result: 'drop', details: reason }
      }
      await options.log.append(entries)
      return { kind: 'results', results }
    })
  }

  async function asOutcome<T>(work: () => Promise<T>): Promise<T | Refused | Unavailable> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof CaptureRefusal) return { kind: 'refused', code: error.code, detail: error.message }
      if (error instanceof CaptureBusy || error instanceof EventLogUnavailable) {
        return { kind: 'unavailable', detail: error.message, retryAfterSeconds: limits.retryAfterSeconds }
      }
      throw error
    }
  }

  return {
    limits,
    take: (request) => asOutcome(() => (request.endpoint === '/i/v1/analytics/events' ? takeV1(request) : takeEvents(request))),
    decode: (body) => asOutcome(() => withText(body, async (text) => ({ kind: 'json' as const, value: parseJson(text) }))),
  }
}

type Refused = { kind: 'refused'; code: CaptureRefusalCode; detail: string }
type Unavailable = { kind: 'unavailable'; detail: string; retryAfterSeconds: number }

function decodeAll(parsed: ParsedRequest, context: EventContext) {
  const events: CapturedEvent[] = []
  const refused: RefusedEvent[] = []
  let firstCode: CaptureRefusalCode | undefined
  for (const [index, raw] of parsed.events.entries()) {
    const decoded = decodeEvent(raw, parsed.found[index] ?? 0, context)
    if (decoded.kind === 'event') events.push(decoded.event)
    else {
      firstCode ??= decoded.code
      refused.push(decoded.refused)
    }
  }
  return { events, refused, firstCode }
}

const maxUserAgentLength = 1000

function entryHeader(
  request: CaptureRequest,
  project: CaptureProject,
  receivedAt: Date,
  sentAt: string | undefined,
  historicalMigration: boolean,
): EntryHeader {
  const header: EntryHeader = { kind: 'events', projectId: project.id, receivedAt: receivedAt.toISOString(), endpoint: request.endpoint }
  if (sentAt !== undefined) header.sentAt = sentAt
  // compat: posthog-js up to 1.300 sends `ip=0` by default, and PostHog keeps the address nevertheless; a project's setting decides.
  if (request.ip !== undefined && project.anonymizeIps !== true) header.ip = request.ip
  const userAgent = headerText(request, 'user-agent')
  if (userAgent !== undefined) header.userAgent = userAgent.slice(0, maxUserAgentLength)
  if (historicalMigration) header.historicalMigration = true
  return header
}
