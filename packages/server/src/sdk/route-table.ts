import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerPreflight } from './cors.ts'

type Answer = (request: FastifyRequest, reply: FastifyReply) => unknown

/** A path as SDKs call it, written with a trailing slash, and what answers it. HEAD is answered like GET unless given. */
export interface SdkRoute {
  path: string
  get?: Answer
  post?: Answer
  head?: Answer
}

/**
 * Registers a route with and without its trailing slash, for a redirect would lose a body or be retried for ever.
 * OPTIONS is a preflight; any other method is 405.
 */
export function addRoute(app: FastifyInstance, route: SdkRoute): void {
  const allowed = ['OPTIONS']
  const bare = route.path.replace(/\/$/, '')
  // A router that ignores trailing slashes takes both forms for one, and a wildcard takes a slash at its end by itself.
  const urls = ignoresTrailingSlash(app) || bare.endsWith('*') ? [bare] : [bare, `${bare}/`]
  const add = (method: string | string[], handler: Answer): void => {
    for (const url of urls) app.route({ method: method as 'GET', url, exposeHeadRoute: false, handler: handler as never })
  }
  const head = route.head ?? route.get
  if (route.get !== undefined) allowed.push('GET')
  if (route.get !== undefined) add('GET', route.get)
  if (head !== undefined) add('HEAD', head)
  if (route.post !== undefined) allowed.push('POST')
  if (route.post !== undefined) add('POST', route.post)
  add('OPTIONS', answerPreflight)

  const others = ['PUT', 'PATCH', 'DELETE', ...(route.get === undefined ? ['GET'] : []), ...(route.post === undefined ? ['POST'] : [])]
  add(others, (request, reply) => {
    reply.code(405).header('allow', allowed.join(', '))
    return reply.send({ type: 'invalid_request', code: 'method_not_allowed', detail: `${request.method} is not allowed here.`, attr: null })
  })
}

function ignoresTrailingSlash(app: FastifyInstance): boolean {
  const { ignoreTrailingSlash, routerOptions } = app.initialConfig
  return ignoreTrailingSlash === true || routerOptions?.ignoreTrailingSlash === true
}
