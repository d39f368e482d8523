import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SdkDependencies, SdkProject } from './dependencies.ts'
import { decideAnswer, type FlagsResult, flagsAnswer } from './flag-answers.ts'
import { queryText } from './query.ts'
import { refusalFailure, sendFailure, unavailableFailure, unknownToken } from './refusals.ts'
import { remoteConfig } from './remote-config.ts'
import { addRoute } from './route-table.ts'

type Json = Record<string, unknown>

/** `/flags/` and its ancestor `/decide/`. */
export function addFlagRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  const ok = (_: FastifyRequest, reply: FastifyReply) => reply.code(200).send()
  const ask = (write: (request: FastifyRequest, project: SdkProject) => Json) => async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = await readQuestion(request, dependencies)
    if ('failure' in asked) return sendFailure(reply, asked.failure)
    return reply.send(write(request, asked.project))
  }

  addRoute(app, {
    path: '/flags/',
    head: ok,
    get: (request, reply) => reply.send(flagsAnswer(flagsVersion(request), decide())),
    post: ask((request, project) => flagsAnswer(flagsVersion(request), decide(), wantsConfig(request) ? remoteConfig(project) : undefined)),
  })
  addRoute(app, {
    path: '/decide/',
    head: ok,
    get: ask((request, project) => decideAnswer(decideVersion(request), decide(), remoteConfig(project))),
    post: ask((request, project) => decideAnswer(decideVersion(request), decide(), remoteConfig(project))),
  })
}

/** why: no flag can be made yet, so that every project's answer is the complete list of none. */
function decide(): FlagsResult {
  return { flags: [], errorsWhileComputingFlags: false, requestId: randomUUID(), evaluatedAt: Date.now() }
}

type Question = { project: SdkProject } | { failure: Parameters<typeof sendFailure>[1] }

async function readQuestion(request: FastifyRequest, dependencies: SdkDependencies): Promise<Question> {
  const asked = await readBody(request, dependencies)
  if ('failure' in asked) return asked
  const { body } = asked
  const token = body.token ?? body.$token ?? body.api_key ?? queryText(request, 'token') ?? queryText(request, 'api_key')
  if (typeof token !== 'string' || token.trim() === '') {
    return { failure: { status: 401, code: 'missing_api_token', detail: 'No project token: send it as `token` or `api_key`.' } }
  }
  const project = await dependencies.findProject(token.trim())
  if (project === undefined) return { failure: unknownToken }

  // compat: an empty distinct id is one; a request for the config alone, or with flags disabled, needs none.
  const distinctId = body.distinct_id ?? body.$distinct_id
  const needsNone = body.disable_flags === true || wantsConfig(request)
  if (!needsNone && (distinctId === undefined || distinctId === null)) {
    return { failure: { status: 400, code: 'missing_distinct_id', detail: 'The request has no distinct_id.' } }
  }
  return { project }
}

async function readBody(
  request: FastifyRequest,
  dependencies: SdkDependencies,
): Promise<{ body: Json } | { failure: Parameters<typeof sendFailure>[1] }> {
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const query = request.query as Record<string, unknown>
  if (bytes.length === 0 && query.data === undefined) return { body: {} }
  const decoded = await dependencies.capture.decode({ query, headers: request.headers, body: bytes })
  if (decoded.kind === 'refused') return { failure: refusalFailure(decoded) }
  if (decoded.kind === 'unavailable') return { failure: unavailableFailure(decoded) }
  if (typeof decoded.value !== 'object' || decoded.value === null || Array.isArray(decoded.value)) {
    return { failure: { status: 400, code: 'request_parsing_error', detail: 'The body is not a JSON object.' } }
  }
  return { body: decoded.value as Json }
}

/** compat: with neither `v` nor `config`, PostHog answers version 2; with `config` alone, version 1. */
function flagsVersion(request: FastifyRequest): number {
  const version = queryText(request, 'v')
  if (version === undefined) return queryText(request, 'config') === undefined ? 2 : 1
  return Number.parseInt(version, 10) || 2
}

function decideVersion(request: FastifyRequest): number {
  return Number.parseInt(queryText(request, 'v') ?? '1', 10) || 1
}

function wantsConfig(request: FastifyRequest): boolean {
  const config = queryText(request, 'config')
  return config === 'true' || config === '1'
}
