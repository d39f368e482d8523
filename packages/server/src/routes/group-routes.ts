import type { Hedgerow } from '@hedgerow/platform'
import { findGroupQuery, groupsQuery, groupTypesChange, relatedGroupsQuery, updateGroupProperty } from '@hedgerow/protocol'
import type { FastifyInstance } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { page } from '../paging.ts'
import { orAccepted } from './person-routes.ts'

/** Groups and their types. */
export function addGroupRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { groups } = hedgerow

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/groups', scope: 'group:read', query: groupsQuery },
    async ({ project, query, request }) => page(request, query, await groups.list(project, query)),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/groups/find', scope: 'group:read', query: findGroupQuery }, ({ project, query }) =>
    groups.find(project, query.group_type_index, query.group_key),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/groups/related', scope: 'group:read', query: relatedGroupsQuery },
    ({ project, query }) => groups.related(project, query.id, query.group_type_index),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/groups/update_property', scope: 'group:write', query: findGroupQuery, body: updateGroupProperty },
    async ({ project, query, body, reply }) =>
      orAccepted(reply, await groups.setProperty(project, query.group_type_index, query.group_key, body.key, body.value)),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/groups_types', scope: 'group:read' }, ({ project }) => groups.types(project))
  projectRoute(
    app,
    hedgerow,
    { method: 'PATCH', path: '/groups_types/update_metadata', scope: 'group:write', body: groupTypesChange },
    ({ project, body }) => groups.renameTypes(project, body),
  )
}
