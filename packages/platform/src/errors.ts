import { type ErrorCode, errorCodes } from '@hedgerow/protocol'

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
