/** A request that the server refused, or that never reached it (`status` 0). */
export class ApiError extends Error {
  readonly status: number
  /** The server's code, for instance `permission_denied`; `unreachable` where there was no answer. */
  readonly code: string
  /** The field that the server complained of, where it named one. */
  readonly field: string | undefined
  readonly path: string

  constructor(fields: { status: number; code: string; message: string; field?: string | undefined; path: string }) {
    super(fields.message)
    this.name = 'ApiError'
    this.status = fields.status
    this.code = fields.code
    this.field = fields.field
    this.path = fields.path
  }
}

/** Reads the error out of an answer: PostHog's form `{code, detail, attr}`, the sign-in library's `{code, message}`, or anything else. */
export function errorFromAnswer(status: number, path: string, body: unknown, retryAfter: string | null): ApiError {
  const fields = body !== null && typeof body === 'object' ? (body as Record<string, unknown>) : {}
  const text = (name: string) => (typeof fields[name] === 'string' && fields[name] !== '' ? (fields[name] as string) : undefined)
  const code = text('code') ?? `http_${status}`
  const message = text('detail') ?? text('message') ?? text('error') ?? statusMessage(status, retryAfter)
  return new ApiError({ status, code, message, field: text('attr'), path })
}

export function unreachable(path: string): ApiError {
  return new ApiError({
    status: 0,
    code: 'unreachable',
    message: 'No answer from the server. Is it running, and is this device online?',
    path,
  })
}

function statusMessage(status: number, retryAfter: string | null): string {
  if (status === 429) return `Too many requests. Try again ${retryAfter ? `in ${retryAfter} s` : 'in a while'}.`
  if (status === 503) return 'The server is starting or overloaded.'
  if (status >= 500) return 'The server failed while answering.'
  return `The server answered ${status}.`
}

export interface ErrorDescription {
  title: string
  cause: string
  /** Where to look the failure up: status, code and path. */
  reference: string
  /** Whether the same request may work later. */
  retryable: boolean
  /** What was asked for is not there, and asking again will not bring it. */
  isMissing?: boolean
}

/** A part of the app did not come: each browser says it in its own words. */
export function isPartMissing(error: unknown): boolean {
  return error instanceof Error && /preload CSS|dynamically imported module|module script failed/i.test(error.message)
}

/** What a page says about a failure. */
export function describeError(error: unknown): ErrorDescription {
  if (isPartMissing(error)) {
    const cause = 'This part of the app could not be loaded: the server cannot be reached, or it was updated since the page was opened.'
    return { title: 'Please load the page again', cause, reference: 'browser', retryable: true }
  }
  if (!(error instanceof ApiError)) {
    return {
      title: 'This page failed',
      cause: error instanceof Error ? error.message : String(error),
      reference: 'browser',
      retryable: true,
    }
  }
  const reference = error.status === 0 ? `${error.code} · ${error.path}` : `${error.status} ${error.code} · ${error.path}`
  const described = (title: string, retryable: boolean) => ({ title, cause: error.message, reference, retryable })
  if (error.status === 0) return described('The server cannot be reached', true)
  if (error.status === 401) return described('You are signed out', false)
  if (error.status === 403) return described('You may not see this', false)
  if (error.status === 404) return { ...described('This does not exist', false), isMissing: true }
  if (error.status === 429) return described('Too many requests', true)
  if (error.status === 503) return described('The server is not ready', true)
  if (error.status >= 500) return described('The server failed', true)
  return described('The server refused this', false)
}

/** Whether asking again by itself makes sense: the server was away or busy, not: it said no. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504)
}
