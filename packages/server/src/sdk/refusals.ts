import type { CaptureRefusalCode } from '@hedgerow/protocol'
import type { FastifyReply } from 'fastify'

/** The HTTP status of each refusal. What an SDK does with it stands in docs/reference/capture-api.md. */
export const refusalStatus: Readonly<Record<CaptureRefusalCode, 400 | 401 | 413 | 415>> = {
  empty_body: 400,
  request_decoding_error: 400,
  request_parsing_error: 400,
  unsupported_encoding: 415,
  payload_too_large: 413,
  too_many_events: 413,
  empty_batch: 400,
  invalid_batch: 400,
  missing_event_name: 400,
  missing_distinct_id: 400,
  malformed_event_properties: 400,
  missing_event_uuid: 400,
  invalid_event_uuid: 400,
  duplicate_event_uuid: 400,
  invalid_created_at: 400,
  invalid_header_value: 400,
  invalid_snapshot: 400,
  missing_api_token: 401,
  invalid_api_token: 401,
  conflicting_api_tokens: 401,
}

export interface Failure {
  status: number
  code: string
  detail: string
  retryAfterSeconds?: number
}

/** What a route could not do, as a status and a body that says so; `detail` is what posthog-python shows its user. */
export function sendFailure(reply: FastifyReply, failure: Failure): FastifyReply {
  if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', failure.retryAfterSeconds)
  reply.code(failure.status)
  return reply.send({ type: failureType(failure.status), code: failure.code, detail: failure.detail, attr: null })
}

function failureType(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error'
  if (status >= 500) return 'server_error'
  return status === 400 ? 'validation_error' : 'invalid_request'
}

export function refusalFailure(refusal: { code: CaptureRefusalCode; detail: string }): Failure {
  return { status: refusalStatus[refusal.code], code: refusal.code, detail: refusal.detail }
}

export function unavailableFailure(outcome: { detail: string; retryAfterSeconds: number }): Failure {
  return { status: 503, code: 'service_unavailable', detail: outcome.detail, retryAfterSeconds: outcome.retryAfterSeconds }
}

export const unknownToken: Failure = {
  status: 401,
  code: 'invalid_api_token',
  detail: "No project has this token; it is in the project's settings and begins with phc_.",
}
