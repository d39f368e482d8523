import { randomUUID } from 'node:crypto'
import { type CaptureEndpoint, type CaptureOutcome, type CaptureRequest, captureEndpoints } from '@hedgerow/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clientAddress, createProxyTrust } from './client-address.ts'
import type { SdkDependencies } from './dependencies.ts'
import { type Failure, refusalFailure, sendFailure, unavailableFailure } from './refusals.ts'
import { addRoute } from './route-table.ts'

export const captureV1Path = '/i/v1/analytics/events'

// compat: exactly 200, also for beacons: posthog-js takes any other 2xx for a failure and sends again.
const accepted = '{"status":1}'
const json = 'application/json; charset=utf-8'
const noBody = new Uint8Array()

/** The routes that take events. */
export function addIngestRoutes(app: FastifyInstance, dependencies: SdkDependencies): void {
  const isTrusted = createProxyTrust(dependencies.trustedProxies)

  const take = (endpoint: CaptureEndpoint, request: FastifyRequest): Promise<CaptureOutcome> => {
    const captured: CaptureRequest = {
      endpoint,
      query: request.query as Record<string, unknown>,
      headers: request.headers,
      body: request.body instanceof Uint8Array ? request.body : noBody,
      receivedAt: new Date(),
    }
    const peer = { remoteAddress: request.raw.socket.remoteAddress, forwardedFor: request.headers['x-forwarded-for'] }
    const ip = clientAddress(peer, isTrusted)
    if (ip !== undefined) captured.ip = ip
    return dependencies.capture.take(captured)
  }

  for (const endpoint of captureEndpoints) {
    const write = endpoint === captureV1Path ? sendV1Outcome : sendOutcome
    const answer = async (request: FastifyRequest, reply: FastifyReply) => write(request, reply, await take(endpoint, request))
    const head = (_: FastifyRequest, reply: FastifyReply) => reply.code(200).send()
    if (endpoint === captureV1Path) addRoute(app, { path: endpoint, post: answer })
    else addRoute(app, { path: endpoint, get: answer, post: answer, head })
  }
}

function sendOutcome(_: FastifyRequest, reply: FastifyReply, outcome: CaptureOutcome): FastifyReply {
  const failure = failureOf(outcome)
  return failure === undefined ? reply.header('content-type', json).send(accepted) : sendFailure(reply, failure)
}

function sendV1Outcome(request: FastifyRequest, reply: FastifyReply, outcome: CaptureOutcome): FastifyReply {
  const failure = failureOf(outcome)
  if (failure !== undefined) return sendV1Failure(request, reply, failure)
  echoRequestId(request, reply)
  return reply.send({ results: outcome.kind === 'results' ? outcome.results : {} })
}

/** Capture v1 has a form of its own for errors. */
export function sendV1Failure(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  echoRequestId(request, reply)
  if (failure.status >= 500) reply.header('retry-after', failure.retryAfterSeconds ?? 1)
  return reply.code(failure.status).send({ error: failure.code, error_description: failure.detail })
}

function echoRequestId(request: FastifyRequest, reply: FastifyReply): void {
  const sent = request.headers['posthog-request-id']
  reply.header('posthog-request-id', typeof sent === 'string' && sent !== '' ? sent : randomUUID())
}

function failureOf(outcome: CaptureOutcome): Failure | undefined {
  if (outcome.kind === 'refused') return refusalFailure(outcome)
  return outcome.kind === 'unavailable' ? unavailableFailure(outcome) : undefined
}
