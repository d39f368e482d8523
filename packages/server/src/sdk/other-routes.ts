import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SdkDependencies } from './dependencies.ts'
import { queryText } from './query.ts'
import { refusalFailure, sendFailure, unavailableFailure, unknownToken } from './refusals.ts'
import { addRoute } from './route-table.ts'

type Answer = (request: FastifyRequest, reply: FastifyReply) => unknown

/** What SDKs ask or send for features that have no store here: each gets the answer that makes it go on quietly. */
export function addOtherRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  /** Answers `body` to a request that names a project by its token. */
  const forProject =
    (body: object): Answer =>
    async (request, reply) => {
      const token = queryText(request, 'token') ?? queryText(request, 'api_key') ?? (await tokenInBody(request, reply, dependencies))
      if (reply.sent) return reply
      const project = token === undefined ? undefined : await dependencies.findProject(token)
      return project === undefined ? sendFailure(reply, unknownToken) : reply.send(body)
    }
  const nothingThere: Answer = (_, reply) =>
    sendFailure(reply, { status: 404, code: 'not_found', detail: 'This feature is not available.' })

  addRoute(app, { path: '/api/surveys/', get: forProject({ surveys: [] }) })
  addRoute(app, { path: '/api/web_experiments/', get: forProject({ experiments: [] }) })
  addRoute(app, { path: '/api/product_tours/', get: forProject({ product_tours: [] }) })
  addRoute(app, { path: '/api/push_subscriptions/', post: forProject({}) })
  addRoute(app, { path: '/i/v1/logs/', post: forProject({}) })
  addRoute(app, { path: '/i/v1/metrics/', post: forProject({}) })
  addRoute(app, { path: '/report/', get: sendNoContent, post: sendNoContent })
  addRoute(app, { path: '/api/conversations/v1/widget/*', get: nothingThere, post: nothingThere })
}

const sendNoContent: Answer = (_, reply) => reply.code(204).send()

async function tokenInBody(request: FastifyRequest, reply: FastifyReply, dependencies: SdkDependencies): Promise<string | undefined> {
  if (!(request.body instanceof Uint8Array) || request.body.length === 0) return undefined
  const decoded = await dependencies.capture.decode({
    query: request.query as Record<string, unknown>,
    headers: request.headers,
    body: request.body,
  })
  if (decoded.kind === 'refused') sendFailure(reply, refusalFailure(decoded))
  else if (decoded.kind === 'unavailable') sendFailure(reply, unavailableFailure(decoded))
  else if (typeof decoded.value === 'object' && decoded.value !== null) {
    const { api_key: apiKey, token } = decoded.value as { api_key?: unknown; token?: unknown }
    const found = apiKey ?? token
    return typeof found === 'string' ? found : undefined
  }
  return undefined
}
