import type { Hedgerow, Principal } from '@hedgerow/platform'
import { HedgerowError } from '@hedgerow/platform'
import type { FastifyRequest } from 'fastify'

/** A request's headers in the form that the sign-in library takes. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Who asks. A browser that is signed in must also come from this server's own pages when it changes something. */
export async function callerOf(hedgerow: Hedgerow, request: FastifyRequest): Promise<Principal> {
  const { authorization } = request.headers
  // A key says all that there is to know; sessions take the whole.
  const headers = authorization === undefined ? headersOf(request) : new Headers({ authorization })
  const principal = await hedgerow.access.authenticate(headers)
  if (principal.via === 'session' && !safeMethods.has(request.method)) requireOwnOrigin(hedgerow, request)
  return principal
}

/** Throws `csrf_failed` for a request of another site. Browsers send Origin with every request that changes something. */
export function requireOwnOrigin(hedgerow: Hedgerow, request: FastifyRequest): void {
  const { origin } = request.headers
  const allowed = [`${request.protocol}://${request.host}`, ...hedgerow.allowedOrigins]
  if (origin !== undefined && allowed.includes(origin)) return
  // why: behind a proxy that ends TLS and is not in trusted_proxies we see http where the browser sees https.
  if (
    origin !== undefined &&
    URL.canParse(origin) &&
    new URL(origin).host === request.host &&
    request.headers['sec-fetch-site'] === 'same-origin'
  )
    return
  throw new HedgerowError(
    'csrf_failed',
    origin === undefined
      ? 'A signed-in browser must send its Origin. Programs use a personal API key instead.'
      : `Requests from ${origin} may not change anything here. Add it to HEDGEROW_ALLOWED_ORIGINS if it is yours.`,
  )
}
