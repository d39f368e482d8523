import type { Hedgerow } from '@hedgerow/platform'
import type { FastifyInstance } from 'fastify'

/** For load balancers and `hedgerow health`; open to everybody, and tells no secret. */
export function addHealthRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  for (const url of ['/_health', '/_readiness']) {
    app.get(url, async (_request, reply) => {
      const { isHealthy, reasons } = await hedgerow.health()
      return reply.code(isHealthy ? 200 : 503).send({ status: isHealthy ? 'ok' : 'unavailable', reasons })
    })
  }
  // The process answers; whether it works is the other two's question.
  app.get('/_liveness', async () => ({ status: 'ok' }))
}
