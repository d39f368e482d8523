import type { Hedgerow } from '@hedgerow/platform'
import { newVariable, variableChange, variablesQuery } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'

/** Variables of SQL. They belong to queries, and need the scope of insights. */
export function addVariableRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { variables } = hedgerow
  const path = '/insight_variables'

  projectRoute(app, hedgerow, { method: 'GET', path, scope: 'insight:read', query: variablesQuery }, async ({ project, query, request }) =>
    page(request, query, await variables.list(project.id, query)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path, scope: 'insight:write', body: newVariable, status: 201 },
    ({ project, principal, body }) => variables.create(project.id, principal.userId, body),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${path}/:id`, scope: 'insight:read' }, ({ project, params }) =>
    variables.get(project.id, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${path}/:id`, scope: 'insight:write', body: variableChange },
    ({ project, params, body }) => variables.change(project.id, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${path}/:id`, scope: 'insight:write' }, ({ project, params }) =>
    variables.delete(project.id, params.id ?? ''),
  )
}
