import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SdkDependencies, SdkProject } from './dependencies.ts'
import { queryText } from './query.ts'
import { sendFailure } from './refusals.ts'
import { addRoute } from './route-table.ts'
import { matchesEtag } from './scripts.ts'

/** What servers read to decide flags by themselves; each asks every 30 seconds, mostly to hear 304. */
export function addDefinitionRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  const withAccess =
    (answer: (project: SdkProject, request: FastifyRequest, reply: FastifyReply) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const key = secretKey(request)
      if (key === undefined) {
        const detail = 'Send a personal (phx_) or project secret (phs_) key as `Authorization: Bearer …`.'
        return sendFailure(reply, { status: 401, code: 'not_authenticated', detail })
      }
      const { project: named = '@current' } = request.params as { project?: string }
      const access = await dependencies.definitionsAccess(key, queryText(request, 'token'), named)
      if (access.kind === 'granted') {
        if (named === '@current' || named === String(access.project.id)) return answer(access.project, request, reply)
        const detail = `The key, or the token, is of project ${access.project.id}, not of ${JSON.stringify(named.slice(0, 40))}.`
        return sendFailure(reply, { status: 403, code: 'permission_denied', detail })
      }
      const [status, code] = access.kind === 'forbidden' ? [403, 'permission_denied'] : [401, 'invalid_api_key']
      return sendFailure(reply, { status: status as number, code: code as string, detail: access.detail })
    }

  const definitions = withAccess(async (project, request, reply) => {
    if (await dependencies.flags.isOverQuota(project)) {
      const detail = 'The project has asked for feature flags as often as its settings allow in a month.'
      return sendFailure(reply, { status: 402, code: 'quota_limited', detail })
    }
    const { body, etag } = await dependencies.flags.definitions(project.id)
    reply.header('etag', etag).header('cache-control', 'private, must-revalidate')
    if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send()
    return reply.header('content-type', 'application/json; charset=utf-8').send(body)
  })

  addRoute(app, { path: '/flags/definitions/', get: definitions })
  addRoute(app, { path: '/api/feature_flag/local_evaluation/', get: definitions })
  addRoute(app, { path: '/api/projects/:project/feature_flags/local_evaluation/', get: definitions })
  addRoute(app, {
    path: '/api/projects/:project/feature_flags/:key/remote_config/',
    get: withAccess(async (project, request, reply) => {
      const { key } = request.params as { key: string }
      const found = await dependencies.flags.remoteConfig(project.id, key)
      if (found === undefined) {
        const detail = `There is no remote config flag ${JSON.stringify(key.slice(0, 100))}.`
        return sendFailure(reply, { status: 404, code: 'not_found', detail })
      }
      // compat: JSON in JSON: SDKs decode once, and give their caller the text.
      return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(found.payload))
    }),
  })
}

/** compat: ancient posthog-python and posthog-node sent the key in the query. */
function secretKey(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1]
  return bearer ?? queryText(request, 'personal_api_key')
}
