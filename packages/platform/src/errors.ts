import { type ErrorCode, errorCodes } from '@hedgerow/protocol'
import { EventLogUnavailable, EventStoreError } from '@hedgerow/stores'

/**
 * Someone else's mistake, or a state that someone should hear of, by a code of `errorCodes`. The message is for
 * people and goes out as it is: it names the value and what would be right, and no secret.
 */
export class HedgerowError extends Error {
  readonly code: ErrorCode
  /** The field or parameter that is wrong. */
  readonly attr?: string
  readonly retryAfterSeconds?: number

  constructor(code: ErrorCode, message: string, options: ErrorOptions & { attr?: string; retryAfterSeconds?: number } = {}) {
    super(message, options)
    this.name = 'HedgerowError'
    this.code = code
    if (options.attr !== undefined) this.attr = options.attr
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): number {
    return errorCodes[this.code].status
  }
}

export const notFound = (what: string) => new HedgerowError('not_found', `There is no ${what}, or you cannot see it.`)

export const invalidInput = (attr: string, message: string, code: ErrorCode = 'invalid_input') =>
  new HedgerowError(code, `${attr} ${message}`, { attr })

const retryAfterSeconds = 5
/** What `pg` says, by code or by message, when the database is away, is starting or takes no more connections. */
const databaseAwayCodes = /^(ECONN|ENOENT$|ETIMEDOUT$|EPIPE$|EHOSTUNREACH$|ENETUNREACH$|ENOTFOUND$|EAI_AGAIN$|08|57P0|53)/
const databaseAwayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end)/

/** What was thrown, as what the API answers; undefined for a fault of our own. */
export function knownError(error: unknown): HedgerowError | undefined {
  if (error instanceof HedgerowError) return error
  if (error instanceof EventLogUnavailable) return unavailable('The event log', error)
  if (error instanceof EventStoreError) return ofEventStore(error)
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return databaseAwayCodes.test(code) || databaseAwayMessages.test(error.message) ? unavailable('The application store', error) : undefined
}

function ofEventStore(error: EventStoreError): HedgerowError | undefined {
  switch (error.code) {
    case 'unreachable':
    case 'overloaded':
    case 'disk_full':
      return unavailable('The event store', error)
    case 'timeout':
      return new HedgerowError('query_timeout', error.message, { cause: error })
    case 'memory_limit':
    case 'result_too_large':
      return new HedgerowError('query_too_large', error.message, { cause: error })
    case 'cancelled':
      return new HedgerowError('query_cancelled', error.message, { cause: error })
    case 'bad_row':
    case 'bad_query':
    case 'database_newer_than_program':
      return undefined
  }
}

const unavailable = (what: string, cause: Error) =>
  new HedgerowError('store_unavailable', `${what} does not answer at the moment; try again later.`, { cause, retryAfterSeconds })
