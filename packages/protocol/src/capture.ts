/**
 * What capture takes and answers, free of HTTP: a route hands over a {@link CaptureRequest} and turns the
 * {@link CaptureOutcome} into a status and a body.
 */

/** The ingest routes, by the form with a trailing slash where it has one. */
export const captureEndpoints = [
  '/e/',
  '/i/v0/e/',
  '/batch/',
  '/capture/',
  '/track/',
  '/engage/',
  '/i/v0/ai/batch/',
  '/s/',
  '/i/v1/analytics/events',
] as const
export type CaptureEndpoint = (typeof captureEndpoints)[number]

/** A body with what is needed to decode it. Header names are lower-case. */
export interface EncodedBody {
  query: Readonly<Record<string, unknown>>
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** As it stood on the wire; empty for GET, whose data is in `query`. */
  body: Uint8Array
}

export interface CaptureRequest extends EncodedBody {
  endpoint: CaptureEndpoint
  /** Client address, already taken through trusted proxies. */
  ip?: string
  /** The moment of arrival; capture's clock when absent. */
  receivedAt?: Date
}

/** What capture must know of a project. */
export interface CaptureProject {
  id: number
  /** The address of a client is neither stored nor looked up. */
  anonymizeIps?: boolean
}

/** Why a whole request was refused. The codes are capture v1's slugs where it has one. */
export type CaptureRefusalCode =
  | 'empty_body'
  | 'request_decoding_error'
  | 'request_parsing_error'
  | 'unsupported_encoding'
  | 'payload_too_large'
  | 'too_many_events'
  | 'empty_batch'
  | 'invalid_batch'
  | 'missing_event_name'
  | 'missing_distinct_id'
  | 'malformed_event_properties'
  | 'missing_event_uuid'
  | 'invalid_event_uuid'
  | 'duplicate_event_uuid'
  | 'invalid_created_at'
  | 'invalid_header_value'
  | 'invalid_snapshot'
  | 'missing_api_token'
  | 'invalid_api_token'
  | 'conflicting_api_tokens'

/** Capture v1's verdict on one event. */
export interface EventResult {
  result: 'ok' | 'warning' | 'drop' | 'retry'
  /** A slug, for instance `missing_distinct_id`. */
  details?: string
}

export type CaptureOutcome =
  /** Flushed to the log: `accepted` events count in the ledger, `refused` of them as rejected. */
  | { kind: 'accepted'; accepted: number; refused: number }
  /** Capture v1: flushed to the log, with a verdict on every event of the request by its uuid as sent. */
  | { kind: 'results'; results: Record<string, EventResult> }
  /** Nothing was stored; the same request would be refused again. */
  | { kind: 'refused'; code: CaptureRefusalCode; detail: string }
  /** Nothing can be promised now; the client should send the request again. */
  | { kind: 'unavailable'; detail: string; retryAfterSeconds: number }

/** A body decoded to JSON, for routes that are no events (`/flags/`). */
export type DecodedBodyOutcome =
  | { kind: 'json'; value: unknown }
  | { kind: 'refused'; code: CaptureRefusalCode; detail: string }
  | { kind: 'unavailable'; detail: string; retryAfterSeconds: number }
