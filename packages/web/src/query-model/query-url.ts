import { kindBySlug, readQuery } from './kinds.ts'
import type { InsightQuery } from './nodes.ts'
import { compact } from './reading.ts'

/** A query as the text of a parameter in an address. Reading it back gives the same question. */
export function queryText(query: InsightQuery): string {
  return JSON.stringify(compact(query))
}

/** The query that an address holds: `q` in full, or `kind` for a new one; undefined when there is neither or it cannot be read. */
export function queryFromAddress(q: string | undefined, kind: string | undefined): InsightQuery | undefined {
  if (q !== undefined) {
    const query = readQuery(parseJson(q))
    if (query) return query
  }
  return kindBySlug(kind)?.initial()
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
