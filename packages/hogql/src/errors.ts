/** Where in the query text, in UTF-16 code units, half-open. */
export interface Span {
  start: number
  end: number
}

export type HogqlErrorCode =
  | 'syntax_error'
  | 'unsupported'
  | 'unknown_table'
  | 'unknown_column'
  | 'ambiguous_column'
  | 'unknown_function'
  | 'wrong_arguments'
  | 'unknown_placeholder'
  | 'invalid_value'
  | 'query_too_large'

/** A mistake in a query, said so that its author can put it right. */
export class HogqlError extends Error {
  readonly code: HogqlErrorCode
  readonly span?: Span
  constructor(code: HogqlErrorCode, message: string, span?: Span) {
    super(message)
    this.name = 'HogqlError'
    this.code = code
    if (span) this.span = span
  }
}

/** Our own mistake: a state that the types could not rule out. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`hogql: ${message}`)
}
