import type { Hedgerow, LiveNews } from '@hedgerow/platform'
import { liveEventsQuery } from '@hedgerow/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { openEventStream } from '../event-stream.ts'

/** New events as server-sent events, until the caller or the server ends the stream. */
export function addLiveRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const streams = new Set<FastifyReply>()
  // why: a stream never ends by itself, and would hold up the server's stop.
  app.addHook('preClose', async () => {
    for (const reply of streams) reply.raw.end()
  })

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/live/events', scope: 'query:read', query: liveEventsQuery },
    ({ project, query, request, reply }) => {
      if (request.method === 'HEAD') return reply.send()
      const stop = hedgerow.live.listen(project.id, query, (news) => send(hedgerow, reply, news))
      openEventStream(request, reply)
      reply.raw.write('retry: 2000\n\n')
      streams.add(reply)
      const heartbeat = setInterval(() => reply.raw.write(': still here\n\n'), hedgerow.config.platform.liveHeartbeatMs)
      reply.raw.once('close', () => {
        clearInterval(heartbeat)
        streams.delete(reply)
        stop()
      })
      return reply
    },
  )
}

/** A listener that reads too slowly, or a project whose events come too fast, loses events rather than memory of the server; it is told how many. */
function send(hedgerow: Hedgerow, reply: FastifyReply, { events, verdicts, skipped }: LiveNews): void {
  const isSlow = reply.raw.writableLength > hedgerow.config.platform.liveBufferBytes
  const missing = skipped + (isSlow ? events.length : 0)
  if (missing > 0) reply.raw.write(`event: skipped\ndata: ${JSON.stringify({ skipped: missing })}\n\n`)
  if (isSlow) return
  const told = verdicts.map((verdict) => `event: verdict\ndata: ${JSON.stringify(verdict)}\n\n`)
  reply.raw.write([...events.map((event) => `id: ${event.uuid}\ndata: ${JSON.stringify(event)}\n\n`), ...told].join(''))
}
