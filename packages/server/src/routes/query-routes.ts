import { type Hedgerow, HedgerowError } from '@hedgerow/platform'
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
  projectRoute(app, hedgerow, { method: 'DELETE', path: '/query/:client_query_id', scope: 'query:read' }, ({ project, params }) => {
    if (!hedgerow.query.cancel(project.id, params.client_query_id ?? '')) {
      throw new HedgerowError('not_found', `No query ${(params.client_query_id ?? '').slice(0, 100)} runs.`)
    }
  })
}
