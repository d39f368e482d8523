import { request } from './http.ts'

export interface HogqlAnswer {
  columns: string[]
  results: unknown[][]
  types?: unknown[]
}

/** Asks in HogQL what a page needs to know, which nobody wants to find in the history of their queries. Values go beside the query, as `{name}` in it, never inside its text. */
export const runHogql = (projectId: number, query: string, values: Record<string, unknown>, signal?: AbortSignal) =>
  request<HogqlAnswer>(`/api/projects/${projectId}/query/`, {
    method: 'POST',
    body: { query: { kind: 'HogQLQuery', query, values }, remember: false },
    signal,
  })
