import type { Hedgerow } from '@hedgerow/platform'
import { queryRequest } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'

/** Questions. A caller that goes away stops its query. */
export function addQueryRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/query', scope: 'query:read', body: queryRequest },
    async ({ project, body, reply }) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      return hedgerow.query.run({
        projectId: project.id,
        query: body.query,
        signal: gone.signal,
        ...(body.as_of === undefined ? {} : { asOf: body.as_of }),
        ...(body.client_query_id === undefined ? {} : { clientQueryId: body.client_query_id }),
      })
    },
  )
}
