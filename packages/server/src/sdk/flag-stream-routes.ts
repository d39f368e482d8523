import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SdkDependencies } from './dependencies.ts'
import { detailedText } from './flag-answers.ts'
import { queryText } from './query.ts'
import { sendFailure, unknownToken } from './refusals.ts'
import { addRoute } from './route-table.ts'

const heartbeatMs = 15_000
/** limit: bytes that wait for a slow listener before it is cut off; it comes back, and reads everything anew. */
const maxWaitingBytes = 1_000_000

/**
 * Changes of flags as server-sent events. With a distinct id the answer itself is sent, at first and whenever it may have changed;
 * without one, which flags changed.
 */
export function addFlagStreamRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  const streams = new Set<FastifyReply>()
  // why: a stream never ends by itself, and would hold up the server's stop.
  app.addHook('preClose', async () => {
    for (const reply of streams) reply.raw.end()
  })

  addRoute(app, {
    path: '/flags/stream/',
    get: async (request, reply) => {
      const token = queryText(request, 'token') ?? queryText(request, 'api_key')
      const project = token === undefined ? undefined : await dependencies.findProject(token)
      if (project === undefined) return sendFailure(reply, unknownToken)
      const distinctId = queryText(request, 'distinct_id')
      const answer = async (): Promise<string> => {
        const asked = { distinctId: distinctId ?? '', selection: { runtime: 'client' as const } }
        const { flags, hasErrors } = await dependencies.flags.evaluate(project.id, asked)
        return detailedText({ flags, errorsWhileComputingFlags: hasErrors, requestId: request.id, evaluatedAt: Date.now() })
      }
      let stop: () => void
      try {
        stop = await dependencies.flags.listen(project.id, (change) => {
          if (distinctId === undefined) return send(reply, 'change', String(change.revision), JSON.stringify(change))
          answer().then(
            (text) => send(reply, 'flags', String(change.revision), text),
            (error: unknown) => request.log.warn({ err: error }, 'flags could not be sent to a listener'),
          )
        })
      } catch (error) {
        return sendFailure(reply, { status: 429, code: 'too_many_listeners', detail: (error as Error).message, retryAfterSeconds: 10 })
      }
      open(request, reply)
      streams.add(reply)
      const heartbeat = setInterval(() => reply.raw.write(': still here\n\n'), heartbeatMs)
      reply.raw.once('close', () => {
        clearInterval(heartbeat)
        streams.delete(reply)
        stop()
      })
      if (distinctId !== undefined) send(reply, 'flags', '0', await answer())
      return reply
    },
  })
}

function open(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // compat: nginx would collect the stream otherwise.
    'x-accel-buffering': 'no',
  })
  request.raw.socket.setNoDelay(true)
  reply.raw.write('retry: 2000\n\n')
}

function send(reply: FastifyReply, event: string, id: string, data: string): void {
  if (reply.raw.destroyed) return
  if (reply.raw.writableLength > maxWaitingBytes) {
    reply.raw.destroy()
    return
  }
  reply.raw.write(`event: ${event}\nid: ${id}\ndata: ${data}\n\n`)
}
