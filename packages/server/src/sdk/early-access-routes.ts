import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SdkDependencies } from './dependencies.ts'
import { queryText } from './query.ts'
import { sendFailure, unknownToken } from './refusals.ts'
import { addRoute } from './route-table.ts'

/** Features that people may opt in to. */
export function addEarlyAccessRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  addRoute(app, {
    path: '/api/early_access_features/',
    get: async (request, reply) => {
      const token = queryText(request, 'token') ?? queryText(request, 'api_key')
      const project = token === undefined ? undefined : await dependencies.findProject(token)
      if (project === undefined) return sendFailure(reply, unknownToken)
      return reply.send({ earlyAccessFeatures: await dependencies.flags.earlyAccessFeatures(project.id, stagesIn(request)) })
    },
  })
}

function stagesIn(request: FastifyRequest): string[] {
  return [(request.query as Record<string, unknown>).stage ?? []].flat().filter((stage): stage is string => typeof stage === 'string')
}
