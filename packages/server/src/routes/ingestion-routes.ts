import type { Hedgerow } from '@hedgerow/platform'
import { verdictsQuery, warningsQuery } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'

/** The ledger, and what was refused or altered. */
export function addIngestionRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { ledger, verdicts } = hedgerow

  projectRoute(app, hedgerow, { method: 'GET', path: '/ingestion', scope: 'ingestion:read' }, ({ project }) => ledger.read(project.id))
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/ingestion/warnings', scope: 'ingestion:read', query: warningsQuery },
    async ({ project, query, request }) => page(request, query, await ledger.warnings(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/ingestion/verdicts', scope: 'ingestion:read', query: verdictsQuery },
    async ({ project, query }) => ({
      results: (await verdicts.after(project.id, undefined, query.limit)).verdicts.reverse().slice(0, query.limit),
    }),
  )
}
