import type { FastifyError, FastifyInstance } from 'fastify'
import { allowAnyOrigin } from './cors.ts'
import { addDefinitionRoutes } from './definition-routes.ts'
import type { SdkDependencies } from './dependencies.ts'
import { addEarlyAccessRoutes } from './early-access-routes.ts'
import { addFlagRoutes } from './flag-routes.ts'
import { addFlagStreamRoutes } from './flag-stream-routes.ts'
import { boundIncomingBytes } from './incoming-bytes.ts'
import { addIngestRoutes, captureV1Path, sendV1Failure } from './ingest-routes.ts'
import { addOtherRoutes } from './other-routes.ts'
import { type Failure, sendFailure } from './refusals.ts'
import { addScriptRoutes } from './script-routes.ts'

const wellFormedType = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

/** Every route that an SDK calls, in a scope of its own: bodies stay bytes, any origin may call, nothing redirects. */
export async function registerSdkRoutes(app: FastifyInstance, dependencies: SdkDependencies): Promise<void> {
  await app.register(async (sdk) => {
    sdk.removeAllContentTypeParsers()
    // A body is what its bytes say, whatever its content type claims; capture undoes the encodings.
    sdk.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: dependencies.capture.limits.maxBodyBytes }, (_, body, done) =>
      done(null, body),
    )
    sdk.addHook('onRequest', (request, reply, done) => {
      allowAnyOrigin(request, reply)
      // why: Fastify answers 415 to a content type that is malformed, and a client would drop its events.
      const type = request.headers['content-type']
      if (type !== undefined && !wellFormedType.test(type)) delete request.headers['content-type']
      done()
    })
    boundIncomingBytes(sdk, dependencies.capture.limits.maxInFlightBytes)
    sdk.setErrorHandler<FastifyError>((error, request, reply) => {
      const failure = failureOf(error, dependencies.capture.limits.maxBodyBytes)
      if (failure.status >= 500) request.log.error(error)
      const isV1 = request.url.startsWith(captureV1Path)
      return isV1 ? sendV1Failure(request, reply, failure) : sendFailure(reply, failure)
    })
    addIngestRoutes(sdk, dependencies)
    addFlagRoutes(sdk, dependencies)
    addFlagStreamRoutes(sdk, dependencies)
    addEarlyAccessRoutes(sdk, dependencies)
    addDefinitionRoutes(sdk, dependencies)
    addScriptRoutes(sdk, dependencies)
    addOtherRoutes(sdk, dependencies)
  })
}

function failureOf(error: FastifyError, maxBodyBytes: number): Failure {
  const status = error.statusCode ?? 500
  if (status === 413) return { status, code: 'payload_too_large', detail: `The body is larger than ${maxBodyBytes} bytes.` }
  if (status >= 400 && status < 500) return { status, code: 'invalid_request', detail: error.message }
  return { status: 500, code: 'internal_error', detail: 'The server failed to answer; its log says why.' }
}
