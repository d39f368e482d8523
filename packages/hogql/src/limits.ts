import type { CompileLimits } from './context.ts'
import type { Query, Select } from './tree/syntax.ts'

export interface LimitedQuery {
  query: Query
  /** Set where the query is one SELECT without a LIMIT of its own: it got this one. */
  defaultLimit?: number
  offset: number
}

/** Every SELECT of the outermost level gets a LIMIT, and none asks for more than allowed. */
export function limitRows(query: Query, limits: CompileLimits): LimitedQuery {
  if (query.kind === 'set')
    return { query: query.limit ? { ...limitSet(query, limits), limit: capped(query.limit, limits) } : limitSet(query, limits), offset: 0 }
  const offset = query.offset?.kind === 'constant' && typeof query.offset.value === 'number' ? query.offset.value : 0
  if (query.limit) return { query: limitSelect(query, limits), offset }
  return { query: limitSelect(query, limits), defaultLimit: limits.defaultRows, offset }
}

function limitSet(query: Extract<Query, { kind: 'set' }>, limits: CompileLimits): Extract<Query, { kind: 'set' }> {
  const arm = (part: Query): Query => (part.kind === 'set' ? limitSet(part, limits) : limitSelect(part, limits))
  return { ...query, first: arm(query.first), rest: query.rest.map((part) => ({ ...part, query: arm(part.query) })) }
}

function limitSelect(select: Select, limits: CompileLimits): Select {
  return { ...select, limit: select.limit ? capped(select.limit, limits) : { kind: 'constant', value: limits.defaultRows } }
}

function capped(limit: NonNullable<Select['limit']>, limits: CompileLimits): NonNullable<Select['limit']> {
  const beyond =
    limit.kind === 'constant' && typeof limit.value !== 'object' && typeof limit.value !== 'string' && Number(limit.value) > limits.maxRows
  return beyond ? { ...limit, value: limits.maxRows } : limit
}

/** The same SELECT with one row more, which tells whether there is more. */
export function oneMore(query: Query): Query {
  if (query.kind !== 'select' || query.limit?.kind !== 'constant' || typeof query.limit.value !== 'number') return query
  return { ...query, limit: { ...query.limit, value: query.limit.value + 1 } }
}
