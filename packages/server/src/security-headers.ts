import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** `indexHtml`: scripts that stand in the page itself are allowed by their digest, and no others. */
export function contentSecurityPolicy(indexHtml: string): string {
  const inline = [...indexHtml.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)]
    .map(
      ([, script]) =>
        `'sha256-${createHash('sha256')
          .update(script ?? '')
          .digest('base64')}'`,
    )
    .join(' ')
  return [
    "default-src 'self'",
    `script-src 'self'${inline ? ` ${inline}` : ''}`,
    // why: the component library and the charts place elements by style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export function addSecurityHeaders(app: FastifyInstance, options: { policy: string; isHttps: boolean }): void {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'same-origin')
    reply.header('x-frame-options', 'DENY')
    reply.header('cross-origin-opener-policy', 'same-origin')
    reply.header('content-security-policy', options.policy)
    if (options.isHttps) reply.header('strict-transport-security', 'max-age=31536000')
    // why: answers hold what one account may see, and must not stay in a cache that another reads.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
}
