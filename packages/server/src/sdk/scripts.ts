import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

const gzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip)
const brotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliCompress)
// Quality 11 takes seconds for the largest script and saves a few per cent.
const brotliOptions = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9 } }

/** A script ready to be sent: compressed once in each form that somebody asked for. */
export class Script {
  readonly etag: string
  private readonly content: Buffer
  private gzipped: Promise<Buffer> | undefined
  private brotlied: Promise<Buffer> | undefined
  constructor(content: Buffer) {
    this.content = content
    this.etag = `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`
  }

  get text(): string {
    return this.content.toString('utf8')
  }

  async send(request: FastifyRequest, reply: FastifyReply, cacheControl: string): Promise<FastifyReply> {
    reply.header('content-type', 'application/javascript; charset=utf-8')
    reply.header('cache-control', cacheControl)
    reply.header('etag', this.etag)
    reply.header('vary', 'Origin, Accept-Encoding')
    reply.header('cross-origin-resource-policy', 'cross-origin')
    if (request.headers.origin === undefined) reply.header('access-control-allow-origin', '*')
    if (matchesEtag(request.headers['if-none-match'], this.etag)) return reply.code(304).send()
    const accepts = acceptedEncodings(request.headers['accept-encoding'])
    if (accepts.has('br')) {
      this.brotlied ??= brotli(this.content, brotliOptions)
      return reply.header('content-encoding', 'br').send(await this.brotlied)
    }
    if (accepts.has('gzip')) {
      this.gzipped ??= gzip(this.content, { level: 9 })
      return reply.header('content-encoding', 'gzip').send(await this.gzipped)
    }
    return reply.send(this.content)
  }
}

/** Whether an `If-None-Match` names this tag; strong or weak makes no difference for a GET. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '')
  return header.split(',').some((tag) => bare(tag) === bare(etag) || tag.trim() === '*')
}

function acceptedEncodings(header: string | string[] | undefined): Set<string> {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  const accepted = text
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part))
  return new Set(accepted.map((part) => (part.split(';')[0] ?? '').trim()))
}

/** The scripts of the npm package posthog-js. */
export interface PosthogScripts {
  version: string
  /** By name without `.js`; undefined if the package has none such, as it has no toolbar. */
  find(name: string): Script | undefined
}

/** Finds the package where it is installed; a script is read when it is first asked for. */
export function openPosthogScripts(): PosthogScripts {
  const manifestPath = createRequire(import.meta.url).resolve('posthog-js/package.json')
  const { version } = JSON.parse(readFileSync(manifestPath, 'utf8')) as { version: string }
  const folder = join(dirname(manifestPath), 'dist')
  // Only names of this list are ever read, so that no request can name another file.
  const names = new Set(readdirSync(folder).flatMap((file) => (file.endsWith('.js') ? [file.slice(0, -'.js'.length)] : [])))
  const scripts = new Map<string, Script>()
  return {
    version,
    find(name) {
      if (!names.has(name)) return undefined
      let script = scripts.get(name)
      if (script === undefined) {
        script = new Script(withoutSourceMap(readFileSync(join(folder, `${name}.js`), 'utf8')))
        scripts.set(name, script)
      }
      return script
    },
  }
}

/** Source maps are not served, and a browser's developer tools would ask for them. */
function withoutSourceMap(text: string): Buffer {
  return Buffer.from(text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'))
}
