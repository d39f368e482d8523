import type { FastifyReply, FastifyRequest } from 'fastify'

const preflightMaxAgeSeconds = 86_400

/**
 * Lets pages of any origin call, with credentials, as SDKs do: beacons send cookies, so that `*` would not do, and pages in sandboxed
 * frames or files have the origin `null`. Nothing behind these routes goes by cookies.
 */
export function allowAnyOrigin(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'Origin')
  const origin = request.headers.origin
  if (origin === undefined) return
  reply.header('access-control-allow-origin', origin)
  reply.header('access-control-allow-credentials', 'true')
}

/** Answers a preflight. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('access-control-allow-methods', 'GET, POST, OPTIONS')
  const headers = request.headers['access-control-request-headers']
  if (headers !== undefined) reply.header('access-control-allow-headers', headers)
  if (request.headers['access-control-request-private-network'] === 'true') {
    reply.header('access-control-allow-private-network', 'true')
  }
  reply.header('access-control-max-age', preflightMaxAgeSeconds)
  reply.header('vary', 'Origin, Access-Control-Request-Headers')
  reply.code(204).send()
}
