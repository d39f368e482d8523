import type { InsightBody } from '@hedgerow/protocol'
import { knownError } from '../errors.ts'
import type { FiltersOverride } from '../query/overrides.ts'
import type { Questions, Refresh } from '../query/questions.ts'
import { withAnswer } from './insight-row.ts'

export interface ResultOptions {
  projectId: number
  userId: string
  /** `force_cache`: only what is kept. */
  refresh: Refresh
  filtersOverride?: FiltersOverride | undefined
  variablesOverride?: Record<string, unknown> | undefined
  dashboardId?: number | undefined
  signal?: AbortSignal | undefined
}

/**
 * The insight with its answer. A question that cannot be answered is told beside the insight, so that one of them takes neither a list nor a
 * dashboard with it; a fault of our own is thrown.
 */
export async function insightWithResult(questions: Questions, insight: InsightBody, options: ResultOptions): Promise<InsightBody> {
  try {
    const answered = await questions.ask({
      ...options,
      query: insight.query,
      name: insight.name || (insight.derived_name ?? undefined),
      insightId: insight.id,
      isRemembered: false,
    })
    if (answered.kind === 'pending') return { ...insight, query_status: answered.status }
    return withAnswer(insight, answered.body)
  } catch (error) {
    const known = knownError(error)
    if (known === undefined) throw error
    return { ...insight, result_error: { code: known.code, detail: known.message } }
  }
}
