import type { Page, PageQuery } from '@hedgerow/protocol'
import type { FastifyRequest } from 'fastify'

/** This request's address with other parameters. */
export function addressWith(request: FastifyRequest, changes: Record<string, string>): string {
  const url = new URL(request.url, `${request.protocol}://${request.host}`)
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value)
  return url.href
}

/** A part of a list in PostHog's form. */
export function page<Row>(request: FastifyRequest, { limit, offset }: PageQuery, found: { count: number; results: Row[] }): Page<Row> {
  const next = offset + found.results.length < found.count && found.results.length > 0
  return {
    count: found.count,
    next: next ? addressWith(request, { limit: String(limit), offset: String(offset + limit) }) : null,
    previous: offset > 0 ? addressWith(request, { limit: String(limit), offset: String(Math.max(0, offset - limit)) }) : null,
    results: found.results,
  }
}
