import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answers with server-sent events. Gives the function that sends one. */
export function openEventStream(request: FastifyRequest, reply: FastifyReply): (data: unknown) => void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // compat: nginx would collect the stream otherwise.
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  // why: absent where a test injects its request.
  request.raw.socket.setNoDelay?.(true)
  return (data) => reply.raw.write(`data: ${JSON.stringify(data)}\n\n`)
}
