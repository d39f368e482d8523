import type { Hedgerow } from '@hedgerow/platform'
import { annotationChange, annotationsQuery, newAnnotation } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'

/** What happened when, for charts to show. */
export function addAnnotationRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { annotations } = hedgerow
  const path = '/annotations'

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path, scope: 'annotation:read', query: annotationsQuery },
    async ({ project, query, request }) => page(request, query, await annotations.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path, scope: 'annotation:write', body: newAnnotation, status: 201 },
    ({ project, principal, body }) => annotations.create(project.id, principal.userId, body),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${path}/:id`, scope: 'annotation:read' }, ({ project, params }) =>
    annotations.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${path}/:id`, scope: 'annotation:write', body: annotationChange },
    ({ project, params, body }) => annotations.change(project.id, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${path}/:id`, scope: 'annotation:write' }, async ({ project, params }) => {
    await annotations.change(project.id, params.id ?? '', { deleted: true })
  })
}
