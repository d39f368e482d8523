import type { InsightQuery } from '../../query-model/nodes.ts'

/** Whether an answer has nothing to draw: rows of zeros are an answer of their own, no rows are none. */
export function isEmptyAnswer(query: InsightQuery, results: unknown): boolean {
  switch (query.kind) {
    case 'TrendsQuery':
    case 'LifecycleQuery':
    case 'StickinessQuery':
      return !Array.isArray(results) || results.length === 0
    case 'FunnelsQuery':
    case 'RetentionQuery':
    case 'PathsQuery':
      return false
  }
}
