import { Readable } from 'node:stream'
import type { ExportFile } from '@hedgerow/platform'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Sends a file while it is made. Named: for a browser to save; else as the answer itself. */
export function sendExport(request: FastifyRequest, reply: FastifyReply, file: ExportFile, name?: string): FastifyReply {
  reply.header('content-type', file.contentType).header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  if (name !== undefined || request.url.includes('/export'))
    reply.header('content-disposition', disposition(name ?? 'export', file.extension))
  const stream = Readable.from(file.chunks, { objectMode: false })
  // Nothing else is told of it once the head is sent: the connection breaks, so that nobody takes half a file for a whole one.
  stream.on('error', (error) => {
    request.log.warn({ err: error }, 'an export broke off')
    reply.raw.destroy()
  })
  return reply.send(stream)
}

/** A name of the caller's in both forms of RFC 6266: without what a file system or a header could misread, and as it is. */
function disposition(name: string, extension: string): string {
  const whole = `${name.replace(/[\p{Cc}\p{Cf}\p{Cs}/\\]+/gu, '_').slice(0, 150) || 'export'}.${extension}`
  const plain = whole.replace(/[^\w .()-]+/g, '_').replace(/^\.+/, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(whole).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`
}
