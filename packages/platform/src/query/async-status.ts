import { HedgerowError, notFound } from '../errors.ts'
import type { QueryLimits } from './query-limits.ts'

/** PostHog's `query_status`. */
export interface QueryStatusBody {
  id: string
  query_async: true
  team_id: number
  insight_id: number | null
  dashboard_id: number | null
  complete: boolean
  error: boolean
  error_message: string | null
  error_code: string | null
  /** The whole answer. */
  results: unknown
  start_time: string
  pickup_time: string | null
  end_time: string | null
  expiration_time: string
  query_progress: QueryProgressBody | null
  task_id: string
  labels: string[] | null
}

export interface QueryProgressBody {
  rows_read: number
  estimated_rows_total: number
  bytes_read: number
  time_elapsed: number
  active_cpu_time: number
}

interface Entry {
  status: QueryStatusBody
  answerText: string | undefined
  expiresAtMs: number
}

/** Asynchronous queries of this process: what became of each, for a while after its end. */
export function createAsyncStatuses(limits: QueryLimits, nowMs: () => number) {
  const entries = new Map<string, Entry>()
  let bytes = 0
  const keyOf = (projectId: number, id: string) => `${projectId} ${id}`

  function drop(key: string): void {
    bytes -= (entries.get(key)?.answerText?.length ?? 0) * 2
    entries.delete(key)
  }

  function forgetOld(): void {
    for (const [key, entry] of entries) {
      if (entry.status.complete && (entry.expiresAtMs <= nowMs() || bytes > limits.statusKeptBytes)) drop(key)
    }
  }

  function finish(projectId: number, id: string, change: Partial<QueryStatusBody>, answerText?: string): void {
    const entry = entries.get(keyOf(projectId, id))
    if (!entry) return
    const endMs = nowMs()
    entry.expiresAtMs = endMs + limits.statusKeptMs
    entry.status = {
      ...entry.status,
      complete: true,
      end_time: new Date(endMs).toISOString(),
      expiration_time: new Date(entry.expiresAtMs).toISOString(),
      ...change,
    }
    entry.answerText = answerText
    bytes += (answerText?.length ?? 0) * 2
    forgetOld()
  }

  return {
    begin(projectId: number, id: string, of: { insightId?: number | undefined; dashboardId?: number | undefined }): QueryStatusBody {
      forgetOld()
      const key = keyOf(projectId, id)
      if (entries.get(key)?.status.complete === false)
        throw new HedgerowError('conflict', `A query with the client_query_id ${id} is running already.`, { attr: 'client_query_id' })
      drop(key)
      const at = new Date(nowMs()).toISOString()
      const expiresAtMs = nowMs() + limits.statusKeptMs
      const status: QueryStatusBody = {
        id,
        query_async: true,
        team_id: projectId,
        insight_id: of.insightId ?? null,
        dashboard_id: of.dashboardId ?? null,
        complete: false,
        error: false,
        error_message: null,
        error_code: null,
        results: null,
        start_time: at,
        pickup_time: at,
        end_time: null,
        expiration_time: new Date(expiresAtMs).toISOString(),
        query_progress: null,
        task_id: id,
        labels: null,
      }
      entries.set(key, { status, answerText: undefined, expiresAtMs })
      return status
    },

    succeed: (projectId: number, id: string, answer: object): void => finish(projectId, id, {}, JSON.stringify(answer)),

    fail: (projectId: number, id: string, code: string, message: string): void =>
      finish(projectId, id, { error: true, error_code: code, error_message: message }),

    /** @throws HedgerowError `not_found` */
    get(projectId: number, id: string): QueryStatusBody {
      forgetOld()
      const entry = entries.get(keyOf(projectId, id))
      if (!entry) throw notFound(`query ${id.slice(0, 100)}; results of asynchronous queries are kept for ${limits.statusKeptMs / 1000} s`)
      return { ...entry.status, results: entry.answerText === undefined ? null : JSON.parse(entry.answerText) }
    },
  }
}
