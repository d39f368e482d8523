import { HogqlError, type HogqlErrorCode } from '@hedgerow/hogql'
import type { ErrorCode } from '@hedgerow/protocol'
import { EventStoreError } from '@hedgerow/stores'
import { HedgerowError } from '../errors.ts'

/** A query that cannot be answered. The message names the value and what would be right. */
export class QueryError extends HedgerowError {
  /** Finer than `code`: what is wrong in HogQL text. */
  readonly reason?: HogqlErrorCode
  /** Where in the query's text, in UTF-16 code units. */
  readonly start?: number
  readonly end?: number

  constructor(code: ErrorCode, message: string, options: ErrorOptions & { reason?: HogqlErrorCode; start?: number; end?: number } = {}) {
    super(code, message, options)
    this.name = 'QueryError'
    if (options.reason !== undefined) this.reason = options.reason
    if (options.start !== undefined) this.start = options.start
    if (options.end !== undefined) this.end = options.end
  }
}

export const invalidQuery = (message: string): QueryError => new QueryError('invalid_query', message)

/** What the compiler and the engine throw, as what the API answers; anything else goes through as it is. */
export function asQueryError(error: unknown): unknown {
  if (error instanceof HogqlError) {
    const place = error.span ? { start: error.span.start, end: error.span.end } : {}
    return new QueryError(error.code === 'query_too_large' ? 'query_too_large' : 'invalid_query', error.message, {
      reason: error.code,
      ...place,
      cause: error,
    })
  }
  if (error instanceof EventStoreError) return ofEngine(error)
  return error
}

function ofEngine(error: EventStoreError): unknown {
  const options = { cause: error }
  switch (error.code) {
    case 'timeout':
      return new QueryError('query_timeout', error.message, options)
    case 'memory_limit':
    case 'result_too_large':
      return new QueryError('query_too_large', error.message, options)
    case 'cancelled':
      return new QueryError('query_cancelled', error.message, options)
    case 'unreachable':
      return new QueryError('store_unavailable', error.message, options)
    case 'bad_query':
      // Rows of other projects are filtered away before a query's own expressions run: the message can only tell of the project's own data.
      return new QueryError('invalid_query', withoutScope(error.message), options)
    default:
      return error
  }
}

/** The engine repeats the whole statement behind its message. */
function withoutScope(message: string): string {
  const [text = message] = message.split(/(?::| )\s*(?:in scope|while executing|while processing|while converting)/i)
  return text.slice(0, 500)
}
