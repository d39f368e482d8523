import type { Hedgerow, NeededScope, Principal, Project } from '@hedgerow/platform'
import type { Schema } from '@hedgerow/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from './caller.ts'
import { decode, requireStorable } from './decode.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export interface Call<Params, Query, Body> {
  principal: Principal
  params: Params
  query: Query
  body: Body
  request: FastifyRequest
  reply: FastifyReply
}

/** A route of the API: what it takes, what it needs, and the one call that it makes. */
export interface ApiRoute<Query, Body> {
  method: Method | Method[]
  path: string
  scope: NeededScope
  query?: Schema<Query>
  body?: Schema<Body>
  /** Status of a success; 200 unless said. */
  status?: number
  /** Bytes of the largest body, where it is not that of all routes. */
  bodyLimit?: number
  /** A question is not stored as it is, and may ask for any text. */
  isQuestion?: boolean
}

export type ProjectCall<Query, Body> = Call<Record<string, string>, Query, Body> & { project: Project }

/** Both of PostHog's names for the same thing. */
const prefixes = ['/api/projects/:project_id', '/api/environments/:project_id']

/** Registers a route that needs an account, but no project. */
export function accountRoute<Query = undefined, Body = undefined>(
  app: FastifyInstance,
  hedgerow: Hedgerow,
  route: ApiRoute<Query, Body>,
  handle: (call: Call<Record<string, string>, Query, Body>) => unknown,
): void {
  app.route({
    method: route.method,
    url: route.path,
    config: { scope: route.scope },
    handler: async (request, reply) => {
      const principal = await callerOf(hedgerow, request)
      hedgerow.access.requireScope(principal, route.scope)
      return respond(reply, route, await handle({ principal, ...decodeParts(route, request), request, reply }))
    },
  })
}

/** Registers a route of one project, which the caller must be able to see. */
export function projectRoute<Query = undefined, Body = undefined>(
  app: FastifyInstance,
  hedgerow: Hedgerow,
  route: ApiRoute<Query, Body>,
  handle: (call: ProjectCall<Query, Body>) => unknown,
): void {
  for (const prefix of prefixes) {
    app.route({
      method: route.method,
      url: prefix + route.path,
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      config: { scope: route.scope },
      handler: async (request, reply) => {
        const principal = await callerOf(hedgerow, request)
        const parts = request.params as Record<string, string>
        const project = await hedgerow.access.projectFor(principal, parts.project_id ?? '')
        hedgerow.access.requireScope(principal, route.scope)
        return respond(reply, route, await handle({ principal, project, ...decodeParts(route, request), request, reply }))
      },
    })
  }
}

function decodeParts<Query, Body>(route: ApiRoute<Query, Body>, request: FastifyRequest) {
  for (const part of [request.params, request.query, route.isQuestion ? undefined : request.body]) requireStorable(part)
  return {
    params: request.params as Record<string, string>,
    query: (route.query ? decode(route.query, singleValues(request.query)) : undefined) as Query,
    body: (route.body ? decode(route.body, request.body ?? {}) : undefined) as Body,
  }
}

/** Of a parameter that is given more than once the last counts, as in Django. */
function singleValues(query: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query ?? {}).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]))
}

function respond<Query, Body>(reply: FastifyReply, route: ApiRoute<Query, Body>, answer: unknown): unknown {
  if (reply.sent || answer === reply) return reply
  if (answer === undefined) return reply.code(route.status ?? 204).send()
  if (reply.statusCode === 200 && route.status !== undefined) reply.code(route.status)
  return reply.send(answer)
}
