import type { syntax } from '@hedgerow/hogql'

/** The rows of all of them, which have the same columns; the query itself where it is but one. */
export function unionAll(queries: syntax.Select[]): syntax.Query {
  const [first, ...rest] = queries
  if (!first) throw new Error('a union of no queries')
  if (rest.length === 0) return first
  return { kind: 'set', first, rest: rest.map((query) => ({ operator: 'UNION ALL', query })), orderBy: [] }
}
