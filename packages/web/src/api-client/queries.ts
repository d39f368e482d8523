import { queryOptions } from '@tanstack/react-query'
import { ApiError } from './errors.ts'
import { request } from './http.ts'

/** What every answer tells of how it came about. */
export interface QueryAccount {
  hogql: string
  clickhouse: string
  clickhouse_params?: Record<string, unknown>
  rows_read?: number
  bytes_read?: number
  elapsed_ms?: number
  /** What "now" meant. */
  as_of?: string
  /** Every event stored up to this moment is in the answer. */
  included_until?: string | null
  is_cached?: boolean
  last_refresh?: string
  warnings?: string[]
}

/** The answer to an insight; the shape of `results` depends on the kind. */
export interface InsightAnswer extends QueryAccount {
  results: unknown
  resolved_date_range?: { date_from: string; date_to: string } | null
  hasMore?: boolean
}

/** The answer to a query of rows. */
export interface RowsAnswer extends QueryAccount {
  columns: string[]
  types: unknown[]
  results: unknown[][]
  hasMore: boolean
  missing_actors_count?: number
}

interface RunOptions {
  /** By which it can be stopped. */
  clientQueryId?: string
  /** Computed anew, whatever is remembered of it. */
  isForced?: boolean
  /** A page's own question, which nobody looks for among those that they asked. */
  isOwn?: boolean
  signal?: AbortSignal | undefined
}

export function runQuery<Answer>(
  projectId: number,
  query: object,
  { clientQueryId, isForced, isOwn, signal }: RunOptions = {},
): Promise<Answer> {
  return request<Answer>(`/api/projects/${projectId}/query/`, {
    method: 'POST',
    body: {
      query,
      client_query_id: clientQueryId,
      refresh: isForced ? 'force_blocking' : 'blocking',
      ...(isOwn ? { remember: false } : {}),
    },
    signal,
  })
}

/** How far a question is. */
export interface RunningQuery {
  client_query_id: string | null
  state: 'waiting' | 'running'
  rows_read: number
  /** As the engine guesses it; 0 while unknown. */
  rows_total: number
}

/** One running question by the name that it was given, looked at every second; null once it runs no more. */
export const runningQuery = (projectId: number, clientQueryId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'running', clientQueryId],
    queryFn: async ({ signal }) => {
      const { results } = await request<{ results: RunningQuery[] }>(`/api/projects/${projectId}/query/`, { signal })
      return results.find(({ client_query_id: id }) => id === clientQueryId) ?? null
    },
    refetchInterval: 1000,
    gcTime: 0,
    retry: false,
  })

/** Stops a query that runs; one that has ended meanwhile is no failure. */
export async function stopQuery(projectId: number, clientQueryId: string): Promise<void> {
  try {
    await request<void>(`/api/projects/${projectId}/query/${encodeURIComponent(clientQueryId)}/`, { method: 'DELETE' })
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error
  }
}
