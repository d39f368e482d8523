import type { Hedgerow } from '@hedgerow/platform'
import {
  bulkDeletePersons,
  type CommandBody,
  deletePersonProperty,
  deletePersonQuery,
  eventValuesQuery,
  mergePerson,
  personChange,
  personCohortsQuery,
  personsQuery,
  propertyHistoryQuery,
  splitPerson,
  updatePersonProperty,
} from '@hedgerow/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { projectRoute } from '../api-route.ts'
import { filtersIn } from '../filters.ts'
import { page } from '../paging.ts'

/** Persons: list, find, change, merge, split, delete. Changes that take longer than the limit are answered 202. */
export function addPersonRoutes(app: FastifyInstance, hedgerow: Hedgerow): void {
  const { persons } = hedgerow

  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/persons', scope: 'person:read', query: personsQuery },
    async ({ project, query, request }) => {
      const { properties, ...filter } = query
      return page(request, query, await persons.list(project, { ...filter, properties: filtersIn(properties) }))
    },
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/persons/values', scope: 'person:read', query: eventValuesQuery },
    ({ project, query }) => hedgerow.events.personValues(project, query.key, { search: query.value }),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/persons/cohorts', scope: 'person:read', query: personCohortsQuery },
    async ({ project, query }) => ({ results: await persons.cohorts(project, query.person_id) }),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/persons/:id', scope: 'person:read' }, ({ project, params }) =>
    persons.get(project, params.id ?? ''),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/persons/:id/merges', scope: 'person:read' }, async ({ project, params }) => ({
    results: await persons.merges(project, params.id ?? ''),
  }))
  projectRoute(
    app,
    hedgerow,
    { method: 'GET', path: '/persons/:id/property_history', scope: 'person:read', query: propertyHistoryQuery },
    ({ project, params, query }) => persons.propertyHistory(project, params.id ?? '', query.key),
  )
  projectRoute(app, hedgerow, { method: 'GET', path: '/persons/commands/:command_id', scope: 'person:read' }, ({ project, params }) =>
    persons.commandOutcome(project, params.command_id ?? ''),
  )

  projectRoute(
    app,
    hedgerow,
    { method: ['PATCH', 'PUT'], path: '/persons/:id', scope: 'person:write', body: personChange },
    async ({ project, params, body, reply }) => orAccepted(reply, await persons.setProperties(project, params.id ?? '', body.properties)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/persons/:id/update_property', scope: 'person:write', body: updatePersonProperty },
    async ({ project, params, body, reply }) =>
      orAccepted(reply, await persons.setProperties(project, params.id ?? '', { [body.key]: body.value })),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/persons/:id/delete_property', scope: 'person:write', body: deletePersonProperty },
    async ({ project, params, body, reply }) =>
      orAccepted(reply, await persons.deleteProperty(project, params.id ?? '', body.$unset ?? body.key ?? '')),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/persons/:id/merge', scope: 'person:write', body: mergePerson },
    async ({ project, params, body, reply }) => orAccepted(reply, await persons.merge(project, params.id ?? '', body.other)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/persons/:id/split', scope: 'person:write', body: splitPerson },
    async ({ project, params, body, reply }) =>
      commandAnswer(
        reply,
        await persons.split(project, params.id ?? '', {
          mainDistinctId: body.main_distinct_id ?? undefined,
          distinctIds: body.distinct_ids_to_split,
        }),
      ),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'DELETE', path: '/persons/:id', scope: 'person:write', query: deletePersonQuery },
    async ({ project, params, query, reply }) => commandAnswer(reply, await persons.delete(project, params.id ?? '', query.delete_events)),
  )
  projectRoute(
    app,
    hedgerow,
    { method: 'POST', path: '/persons/bulk_delete', scope: 'person:write', body: bulkDeletePersons },
    async ({ project, body, reply }) => {
      const outcome = await persons.deleteMany(project, {
        ids: body.ids,
        distinctIds: body.distinct_ids,
        deleteEvents: body.delete_events,
        most: hedgerow.config.platform.bulkDeletePersons,
      })
      return reply.code(outcome.persons_deleted === outcome.persons_found ? 200 : 202).send(outcome)
    },
  )
}

/** A change that is not stored yet has no body to show. */
export function orAccepted(reply: FastifyReply, body: unknown): unknown {
  return body === undefined ? reply.code(202).send({ status: 'queued' }) : body
}

function commandAnswer(reply: FastifyReply, command: CommandBody): FastifyReply {
  return reply.code(command.status === 'done' ? 200 : 202).send(command)
}
