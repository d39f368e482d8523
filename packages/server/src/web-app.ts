import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

const builtWebApp = fileURLToPath(new URL('../../web/dist/', import.meta.url))

export interface WebApp {
  /** The page that every address of the app begins with; empty if the web app was not built. */
  indexHtml: string
  /** Sends a file of the app, else the page: the app's own router knows the rest. */
  send(path: string, reply: FastifyReply): FastifyReply
}

/** The built web app. Files are known by their names at start, so that no request can reach another. */
export async function serveWebApp(app: FastifyInstance, dir = builtWebApp): Promise<WebApp> {
  const indexFile = join(dir, 'index.html')
  if (!existsSync(indexFile)) {
    return { indexHtml: '', send: (_path, reply) => reply.code(404).type('text/plain; charset=utf-8').send(notBuilt) }
  }
  const files = new Set(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.d.ts'))
      .map((entry) => `/${relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/')}`),
  )
  await app.register(fastifyStatic, { root: dir, serve: false, cacheControl: false, preCompressed: true })
  return {
    indexHtml: readFileSync(indexFile, 'utf8'),
    send(path, reply) {
      const isFile = files.has(path) && path !== '/index.html'
      // Files under assets/ carry a digest of their content in their name.
      reply.header('cache-control', isFile && path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      return reply.sendFile(isFile ? path.slice(1) : 'index.html')
    },
  }
}

const notBuilt = 'The web app was not built: run npm run build. The API works without it.\n'
