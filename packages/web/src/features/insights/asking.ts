import type { InsightQuery } from '../../query-model/nodes.ts'

// limit: a question whose last answer took longer than this is asked again only when told to.
const quickMs = 500

/** Whether a changed question is asked by itself: the first of its kind always is, then whatever was answered quickly. */
export function asksByItself({ from, to, tookMs }: { from: InsightQuery; to: InsightQuery; tookMs: number | undefined }): boolean {
  return tookMs === undefined || from.kind !== to.kind || tookMs < quickMs
}
