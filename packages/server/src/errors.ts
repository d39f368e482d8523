import { HedgerowError, knownError, QueryError } from '@hedgerow/platform'
import { type ErrorBody, type ErrorCode, errorCodes } from '@hedgerow/protocol'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

export const errorBody = (code: ErrorCode, detail: string, attr: string | null = null): ErrorBody => ({
  type: errorCodes[code].type,
  code,
  detail,
  attr,
})

/** Any failure of a route → status and body in PostHog's form. What is our own fault is logged, and says nothing of itself outside. */
export function replyError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = errorOf(error)
  if (known === undefined) {
    request.log.error({ err: error }, 'request failed')
    return reply
      .code(500)
      .send(errorBody('internal_error', `The server failed while answering. Its log tells more under request ${request.id}.`))
  }
  if (known.retryAfterSeconds !== undefined) reply.header('retry-after', String(known.retryAfterSeconds))
  if (known.status >= 500) request.log.warn({ err: error }, known.message)
  const body = errorBody(known.code, known.message, known.attr ?? null)
  return reply.code(known.status).send(known instanceof QueryError ? { ...body, ...placeOf(known) } : body)
}

/** What is wrong in a query's text, and where. */
function placeOf({ reason, start, end }: QueryError): { reason?: string; start?: number; end?: number } {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  }
}

function errorOf(error: unknown): HedgerowError | undefined {
  const known = knownError(error)
  if (known !== undefined || !(error instanceof Error)) return known
  const { code, message } = error as FastifyError
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new HedgerowError('body_too_large', 'The body is larger than this route takes.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new HedgerowError('malformed_json', 'The body must be JSON, with content-type application/json.')
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return new HedgerowError('malformed_json', 'The body does not have the length that content-length says.')
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return new HedgerowError('malformed_json', `The body is not JSON: ${message}`)
  }
  return undefined
}
