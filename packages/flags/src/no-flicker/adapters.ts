import { type Bootstrap, bootstrapScript, createBootstrap, type NoFlickerOptions, withBootstrap } from './bootstrap.ts'

type FetchHandler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>

/** Any handler of `fetch` (Hono, Bun, Deno, workers, Remix): its pages get the visitor's flags. */
export function withFlags<Rest extends unknown[]>(handle: FetchHandler<Rest>, options: NoFlickerOptions): FetchHandler<Rest> {
  const bootstrapOf = createBootstrap(options)
  return async (request, ...rest) => {
    // Both at once: the page waits for the slower one.
    const [response, bootstrap] = await Promise.all([
      handle(request, ...rest),
      bootstrapOf(request.headers.get('cookie') ?? '', options.ipAddress?.(request)),
    ])
    if (!isHtml(response.headers.get('content-type')) || response.body === null) return response
    const html = withBootstrap(await response.text(), bootstrapScript(bootstrap))
    return new Response(html, {
      status: response.status,
      statusText: response.statusText,
      headers: personal(new Headers(response.headers)),
    })
  }
}

interface ExpressRequest {
  headers: { cookie?: string | undefined }
  ip?: string | undefined
}
interface ExpressResponse {
  locals: Record<string, unknown>
  getHeader(name: string): unknown
  setHeader(name: string, value: string): unknown
  send(body?: unknown): unknown
}

/** Express: pages that are sent as text get the flags; templates find them in `res.locals.flags` and `res.locals.flagsScript`. */
export function expressFlags(options: NoFlickerOptions) {
  const bootstrapOf = createBootstrap(options)
  return (request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void): void => {
    bootstrapOf(request.headers.cookie ?? '', request.ip).then((bootstrap) => {
      const script = bootstrapScript(bootstrap)
      response.locals.flags = bootstrap
      response.locals.flagsScript = script
      const send = response.send.bind(response)
      response.send = (body) => {
        const type = response.getHeader('content-type')
        const isPage = typeof body === 'string' && (type === undefined ? /^\s*</.test(body) : isHtml(String(type)))
        if (!isPage || body.includes(script)) return send(body)
        response.setHeader('cache-control', privateCache)
        return send(withBootstrap(body, script))
      }
      next()
    }, next)
  }
}

interface FastifyLike {
  addHook(
    name: 'onSend',
    hook: (
      request: { headers: { cookie?: string | undefined }; ip?: string | undefined },
      reply: { getHeader(name: string): unknown; header(name: string, value: string): unknown; removeHeader(name: string): unknown },
      payload: unknown,
    ) => Promise<unknown>,
  ): unknown
}

/** Fastify: to be called with the instance whose pages get the flags. */
export function fastifyFlags(app: FastifyLike, options: NoFlickerOptions): void {
  const bootstrapOf = createBootstrap(options)
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || !isHtml(String(reply.getHeader('content-type')))) return payload
    const script = bootstrapScript(await bootstrapOf(request.headers.cookie ?? '', request.ip))
    reply.removeHeader('content-length')
    reply.header('cache-control', privateCache)
    return withBootstrap(payload, script)
  })
}

/**
 * Next.js, or anything else that renders by itself: what to give posthog-js, and the same as a script for the head, as in
 * `const { html } = await flags((await headers()).get('cookie') ?? '')` and `<script dangerouslySetInnerHTML={{ __html: html }} />`.
 */
export function nextFlags(options: NoFlickerOptions) {
  const bootstrapOf = createBootstrap(options)
  return async (cookieHeader: string, ipAddress?: string): Promise<{ bootstrap: Bootstrap | undefined; html: string }> => {
    const bootstrap = await bootstrapOf(cookieHeader, ipAddress)
    return { bootstrap, html: bootstrapScript(bootstrap).replace(/^<script>|<\/script>$/g, '') }
  }
}

/** why: a page with one visitor's flags must not be kept for another. */
const privateCache = 'private, no-store'

function personal(headers: Headers): Headers {
  headers.delete('content-length')
  headers.delete('etag')
  headers.set('cache-control', privateCache)
  return headers
}

const isHtml = (contentType: string | null | undefined): boolean => contentType?.toLowerCase().includes('text/html') ?? false
