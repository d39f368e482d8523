import type { Hedgerow } from '@hedgerow/platform'
import { eventsQuery, eventValuesQuery, uuidText } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { decode } from '../decode.ts'
import { filtersIn } from '../filters.ts'
import { addressWith } from '../paging.ts'

/** Stored events: the newest, one, values of a property. */
export function addEventRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { events } = hedgerow

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/events', scope: 'query:read', query: eventsQuery },
    async ({ project, query, request }) => {
      const { properties, ...filter } = query
      const { results, cursor } = await events.list(project, { ...filter, properties: filtersIn(properties) })
      return { next: cursor === undefined ? null : addressWith(request, { before: cursor.before, before_id: cursor.beforeId }), results }
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/events/values', scope: 'query:read', query: eventValuesQuery },
    ({ project, query }) => events.values(project, query.key, { search: query.value, event: query.event_name }),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/events/:id', scope: 'query:read' }, ({ project, params }) =>
    events.get(project, decode(uuidText, params.id)),
  )
}
