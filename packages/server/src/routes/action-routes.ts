import type { Hedgerow } from '@hedgerow/platform'
import { actionChange, actionsQuery, newAction } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'

/** Actions: named kinds of events. */
export function addActionRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { actions } = hedgerow

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/actions', scope: 'action:read', query: actionsQuery },
    async ({ project, query, request }) => page(request, query, await actions.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/actions', scope: 'action:write', body: newAction, status: 201 },
    ({ project, principal, body }) => actions.create(project.id, principal.userId, body),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/actions/:id', scope: 'action:read' }, ({ project, params }) =>
    actions.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: '/actions/:id', scope: 'action:write', body: actionChange },
    ({ project, params, body }) => actions.change(project.id, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: '/actions/:id', scope: 'action:write' }, ({ project, params }) =>
    actions.delete(project.id, params.id ?? ''),
  )
}
