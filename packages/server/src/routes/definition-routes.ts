import type { Hedgerow } from '@hedgerow/platform'
import { eventDefinitionChange, eventDefinitionsQuery, propertyDefinitionChange, propertyDefinitionsQuery } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'

/** What events and properties a project has. */
export function addDefinitionRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { definitions } = hedgerow
  const events = '/event_definitions'
  const properties = '/property_definitions'

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: events, scope: 'event_definition:read', query: eventDefinitionsQuery },
    async ({ project, query, request }) => page(request, query, await definitions.listEvents(project, query)),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${events}/:id`, scope: 'event_definition:read' }, ({ project, params }) =>
    definitions.getEvent(project, params.id ?? ''),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${events}/:id/used_by`, scope: 'event_definition:read' }, ({ project, params }) =>
    definitions.usesOfEvent(project, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${events}/:id`, scope: 'event_definition:write', body: eventDefinitionChange },
    ({ project, params, body }) => definitions.changeEvent(project, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${events}/:id`, scope: 'event_definition:write' }, ({ project, params }) =>
    definitions.deleteEvent(project, params.id ?? ''),
  )

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: properties, scope: 'property_definition:read', query: propertyDefinitionsQuery },
    async ({ project, query, request }) => page(request, query, await definitions.listProperties(project, query)),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: `${properties}/:id`, scope: 'property_definition:read' }, ({ project, params }) =>
    definitions.getProperty(project, params.id ?? ''),
  )
  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: `${properties}/:id`, scope: 'property_definition:write', body: propertyDefinitionChange },
    ({ project, params, body }) => definitions.changeProperty(project, params.id ?? '', body),
  )
  projectRoute(app, hedgerow, { method: 'DELETE', path: `${properties}/:id`, scope: 'property_definition:write' }, ({ project, params }) =>
    definitions.deleteProperty(project, params.id ?? ''),
  )
}
