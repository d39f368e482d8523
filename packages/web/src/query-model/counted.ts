import type { InsightQuery } from './nodes.ts'

export interface Counted {
  /** `persons`, `group 0` …, and in a funnel `sessions` or `expression`. */
  kind: string
  expression?: string
}

const sessionId = 'properties.$session_id'

/** What a question counts each once. */
export function countedBy(query: InsightQuery): Counted {
  const expression = query.kind === 'FunnelsQuery' ? query.funnelsFilter?.funnelAggregateByHogQL : undefined
  if (expression === sessionId) return { kind: 'sessions' }
  if (expression !== undefined && expression !== 'person_id') return { kind: 'expression', expression }
  const index = query.aggregation_group_type_index
  return { kind: index === undefined ? 'persons' : `group ${index}` }
}

/** The same question that counts something else. */
export function withCounted(query: InsightQuery, kind: string): InsightQuery {
  const group = /^group (\d)$/.exec(kind)
  const changed: InsightQuery = { ...query, aggregation_group_type_index: group ? Number(group[1]) : undefined }
  if (changed.kind !== 'FunnelsQuery') return changed
  const expression = kind === 'sessions' ? sessionId : kind === 'expression' ? 'distinct_id' : undefined
  return { ...changed, funnelsFilter: { ...changed.funnelsFilter, funnelAggregateByHogQL: expression } }
}

/** What one of those that are counted is called. */
export function countedNoun(query: InsightQuery): string {
  const { kind } = countedBy(query)
  if (kind === 'persons') return 'person'
  if (kind === 'sessions') return 'session'
  return kind === 'expression' ? 'value' : 'group'
}

/** Whether what is behind a number are persons or groups, which can be listed. */
export function hasActors(query: InsightQuery): boolean {
  const { kind } = countedBy(query)
  return kind === 'persons' || kind.startsWith('group ')
}
