import { clientAddressHeader, type Hedgerow, HedgerowError, projectBody } from '@hedgerow/platform'
import { type ErrorCode, setUp } from '@hedgerow/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { headersOf, requireOwnOrigin } from '../caller.ts'
import { decode } from '../decode.ts'
import { errorBody } from '../errors.ts'
import { version } from '../version.ts'

/** What of the sign-in library is reachable: everything else that it could do stays closed. */
const openPaths: Record<string, 'GET' | 'POST'> = {
  'sign-in/email': 'POST',
  'sign-out': 'POST',
  'get-session': 'GET',
  'list-sessions': 'GET',
  'revoke-session': 'POST',
  'revoke-sessions': 'POST',
  'revoke-other-sessions': 'POST',
  'change-password': 'POST',
  'reset-password': 'POST',
}

/** First run, signing in and out, sessions, password. */
export function addSignInRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  app.get('/_preflight', async () => ({
    setup_required: await hedgerow.accounts.setUpRequired(),
    demo: hedgerow.config.demo,
    version,
  }))

  app.post('/api/setup', async (request, reply) => {
    if (request.headers.origin !== undefined) requireOwnOrigin(hedgerow, request)
    const wanted = decode(setUp, request.body)
    const { project } = await hedgerow.setUp(wanted)
    await callAuth(hedgerow, request, reply, '/sign-in/email', { email: wanted.email, password: wanted.password })
    return reply.code(201).send(projectBody(project))
  })

  for (const [path, method] of Object.entries(openPaths)) {
    app.route({
      method,
      url: `/api/auth/${path}`,
      async handler(request, reply) {
        if (request.headers.origin !== undefined && method === 'POST') requireOwnOrigin(hedgerow, request)
        const isSignIn = path === 'sign-in/email'
        const email = isSignIn ? emailIn(request.body) : ''
        if (isSignIn) await hedgerow.signIns.attempt(request.ip, email)
        const { status, body } = await callAuth(hedgerow, request, reply, `/${path}`, request.body)
        if (isSignIn && status === 200) await hedgerow.signIns.succeeded(email)
        return status < 400 ? reply.code(status).send(body) : replyAuthError(reply, status, body)
      },
    })
  }
}

function emailIn(body: unknown): string {
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined
  if (typeof email !== 'string' || email === '') throw new HedgerowError('required', 'email is required.', { attr: 'email' })
  return email
}

/** Lets the sign-in library answer; its cookies go into our answer. */
async function callAuth(
  hedgerow: Hedgerow,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const headers = headersOf(request)
  headers.set(clientAddressHeader, request.ip)
  headers.delete('content-length')
  if (body !== undefined) headers.set('content-type', 'application/json')
  // why: the origin was checked above; the library compares it with the address that it believes to be asked by.
  const origin = request.headers.origin ?? `${request.protocol}://${request.host}`
  const answer = await hedgerow.auth.handler(
    new Request(new URL(`/api/auth${path}`, origin), {
      method: request.method,
      headers,
      ...(request.method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    }),
  )
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}

const codes: Record<string, ErrorCode> = {
  INVALID_EMAIL_OR_PASSWORD: 'invalid_credentials',
  INVALID_PASSWORD: 'invalid_credentials',
  INVALID_EMAIL: 'invalid_input',
  PASSWORD_TOO_SHORT: 'weak_password',
  PASSWORD_TOO_LONG: 'weak_password',
  INVALID_TOKEN: 'password_link_expired',
  INVALID_ORIGIN: 'csrf_failed',
  MISSING_OR_NULL_ORIGIN: 'csrf_failed',
}

function replyAuthError(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  const { code, message } = (body ?? {}) as { code?: string; message?: string }
  const known = codes[code ?? ''] ?? codeOfStatus(status)
  const said =
    known === 'password_link_expired'
      ? 'The link was used already, replaced by a later one, or is too old: ask whoever made it for another.'
      : message
  return reply.code(status).send(errorBody(known, said ?? 'The request was refused.'))
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'not_authenticated'
  if (status === 403) return 'permission_denied'
  if (status === 404) return 'not_found'
  return status < 500 ? 'invalid_input' : 'internal_error'
}
