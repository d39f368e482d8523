import type { FastifyRequest } from 'fastify'
import { clientAddress, type ProxyTrust } from './client-address.ts'
import type { SdkDependencies, SdkFlagRequest, SdkProject } from './dependencies.ts'
import { queryText } from './query.ts'
import { type Failure, refusalFailure, unavailableFailure, unknownToken } from './refusals.ts'
import { requestRuntime } from './request-runtime.ts'

type Json = Record<string, unknown>

/** Who asks for flags, and for what; or why that cannot be told. */
export type Question =
  | {
      kind: 'question'
      project: SdkProject
      /** Undefined where no flags are asked for. */
      flags: SdkFlagRequest | undefined
    }
  | { kind: 'failure'; failure: Failure }

/** Reads the question of `/flags/` and `/decide/`, under every name that its fields ever had. */
export async function readQuestion(request: FastifyRequest, dependencies: SdkDependencies, isTrusted: ProxyTrust): Promise<Question> {
  const asked = await readBody(request, dependencies)
  if ('failure' in asked) return { kind: 'failure', failure: asked.failure }
  const { body } = asked
  const token = body.token ?? body.$token ?? body.api_key ?? queryText(request, 'token') ?? queryText(request, 'api_key')
  if (typeof token !== 'string' || token.trim() === '') {
    const detail = 'No project token: send it as `token` or `api_key`.'
    return { kind: 'failure', failure: { status: 401, code: 'missing_api_token', detail } }
  }
  const project = await dependencies.findProject(token.trim())
  if (project === undefined) return { kind: 'failure', failure: unknownToken }

  const distinctId = body.distinct_id ?? body.$distinct_id
  if (body.disable_flags === true) return { kind: 'question', project, flags: undefined }
  // compat: an empty distinct id is one; a request for the config alone needs none.
  if (distinctId === undefined || distinctId === null) {
    if (wantsConfig(request)) return { kind: 'question', project, flags: undefined }
    return { kind: 'failure', failure: { status: 400, code: 'missing_distinct_id', detail: 'The request has no distinct_id.' } }
  }
  return { kind: 'question', project, flags: flagRequest(request, body, distinctId, isTrusted) }
}

function flagRequest(request: FastifyRequest, body: Json, distinctId: unknown, isTrusted: ProxyTrust): SdkFlagRequest {
  const peer = { remoteAddress: request.raw.socket.remoteAddress, forwardedFor: request.headers['x-forwarded-for'] }
  return {
    distinctId: typeof distinctId === 'string' ? distinctId : JSON.stringify(distinctId),
    anonymousId: textIn(body.$anon_distinct_id),
    // compat: posthog-python names it without the sign.
    deviceId: textIn(body.$device_id) ?? textIn(body.device_id),
    // compat: servers ask for their users, and say that the address is not theirs.
    ip: body.geoip_disable === true ? undefined : (textIn(body.ip_address) ?? clientAddress(peer, isTrusted)),
    groups: recordIn(body.groups ?? body.$groups),
    personProperties: recordIn(body.person_properties ?? body.$properties),
    groupProperties: recordIn(body.group_properties ?? body.$group_properties),
    selection: {
      keys: textsIn(body.flag_keys_to_evaluate ?? body.flag_keys),
      keyPrefix: queryText(request, 'only_evaluate_survey_feature_flags') === 'true' ? 'survey-targeting-' : undefined,
      runtime: requestRuntime(body.evaluation_runtime, request.headers),
      contexts: textsIn(body.evaluation_contexts ?? body.evaluation_environments),
    },
  }
}

async function readBody(request: FastifyRequest, dependencies: SdkDependencies): Promise<{ body: Json } | { failure: Failure }> {
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const query = request.query as Record<string, unknown>
  if (bytes.length === 0 && query.data === undefined) return { body: {} }
  const decoded = await dependencies.capture.decode({ query, headers: request.headers, body: bytes })
  if (decoded.kind === 'refused') return { failure: refusalFailure(decoded) }
  if (decoded.kind === 'unavailable') return { failure: unavailableFailure(decoded) }
  const body = recordIn(decoded.value)
  return body ? { body } : { failure: { status: 400, code: 'request_parsing_error', detail: 'The body is not a JSON object.' } }
}

export function wantsConfig(request: FastifyRequest): boolean {
  const config = queryText(request, 'config')
  return config === 'true' || config === '1'
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const recordIn = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined

/** A list of texts; undefined for what is none. */
function textsIn(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined
}
