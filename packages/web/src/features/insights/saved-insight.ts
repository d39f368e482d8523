import type { InsightBody } from '@hedgerow/protocol'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { compact } from '../../query-model/reading.ts'

/** An insight as it is stored, its question read. */
export interface SavedInsight {
  body: InsightBody
  query: InsightQuery
}

/** Whether the question on the page is another than the stored one, be it only in how it is drawn. */
export function isChanged(saved: SavedInsight, query: InsightQuery): boolean {
  return JSON.stringify(sorted(compact(saved.query))) !== JSON.stringify(sorted(compact(query)))
}

/** Fields in one order, so that only their values tell. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  )
}
