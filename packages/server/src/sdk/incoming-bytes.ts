import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sendFailure } from './refusals.ts'

const retryAfterSeconds = 5

/**
 * Turns requests away while the bodies being received add up to more than `maxBytes`, before any more of them is read:
 * a body is whole in memory before capture can judge it.
 */
export function boundIncomingBytes(app: FastifyInstance, maxBytes: number): void {
  const announced = new WeakMap<FastifyRequest, number>()
  let incomingBytes = 0
  const forget = (request: FastifyRequest): void => {
    incomingBytes -= announced.get(request) ?? 0
    announced.delete(request)
  }

  app.addHook('onRequest', (request, reply, done) => {
    const bytes = Number(request.headers['content-length'] ?? 0)
    if (bytes > 0 && incomingBytes + bytes > maxBytes) {
      // The rest of the body stays unread, so that the connection cannot be used again.
      reply.header('connection', 'close')
      sendFailure(reply, {
        status: 503,
        code: 'service_unavailable',
        detail: 'Too many requests are being received at this moment.',
        retryAfterSeconds,
      })
      return
    }
    incomingBytes += bytes
    announced.set(request, bytes)
    done()
  })
  app.addHook('onResponse', (request, _, done) => {
    forget(request)
    done()
  })
  app.addHook('onRequestAbort', (request, done) => {
    forget(request)
    done()
  })
}
