import { createHash } from 'node:crypto'

type Json = Record<string, unknown>

/** Fields of a query that change how its answer is shown or labelled, never the answer. */
const withoutEffect = new Set(['tags', 'version', 'response', 'dataColorTheme', 'name', 'full'])

/**
 * Names a question: two that can only have the same answer have the same key, whatever the order of their fields.
 * `asOf` is what "now" means, where the question says so.
 */
export function cacheKeyOf(projectId: number, query: Json, asOf: Date | undefined): string {
  const fields = Object.fromEntries(Object.entries(query).filter(([name]) => !withoutEffect.has(name)))
  const text = JSON.stringify([projectId, sorted(fields), asOf?.toISOString() ?? null])
  return `cache_${projectId}_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}

/** The same value with the fields of every object in order; those that are undefined are left out. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  // why: pairs, since an object would put names that look like numbers first, and lose __proto__.
  return { fields: entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, field]) => [name, sorted(field)]) }
}
