import type { InsightBody, InsightChange, NewInsight, Page } from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

const pageRows = 100

export interface InsightsFilter {
  search?: string | undefined
  /** As the API calls the kinds, e.g. `TRENDS`. */
  insight?: string | undefined
  favorited?: boolean | undefined
  tags?: string | undefined
  createdBy?: string | undefined
}

const path = (projectId: number) => `/api/projects/${projectId}/insights/`

/** Saved insights by page, those changed last first. */
export const insightsQuery = (projectId: number, { search, insight, favorited, tags, createdBy }: InsightsFilter) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'insights', { search, insight, favorited, tags, createdBy }],
    queryFn: ({ signal, pageParam }) =>
      request<Page<InsightBody>>(
        `${path(projectId)}${queryString({
          saved: true,
          search,
          insight,
          favorited,
          tags: tags === undefined ? undefined : JSON.stringify([tags]),
          created_by: createdBy,
          order: '-last_modified_at',
          limit: pageRows,
          offset: pageParam,
        })}`,
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * pageRows : undefined),
  })

export const viewedInsightsKey = (projectId: number) => ['project', projectId, 'insights', 'viewed'] as const

/** Saved insights, those that somebody looked at last first. */
export const viewedInsightsQuery = (projectId: number, limit: number) =>
  queryOptions({
    queryKey: [...viewedInsightsKey(projectId), limit],
    queryFn: async ({ signal }) =>
      (
        await request<Page<InsightBody>>(
          `${path(projectId)}${queryString({ saved: true, basic: true, order: '-last_viewed_at', limit })}`,
          { signal },
        )
      ).results,
  })

/** Notes that somebody looks at it. */
export const noteViewed = (projectId: number, id: number) => request<void>(`${path(projectId)}${id}/viewed/`, { method: 'POST' })

/** One by the id in its address. */
export const insightQuery = (projectId: number, shortId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'insight', shortId],
    queryFn: async ({ signal }) => {
      const found = await request<Page<InsightBody>>(`${path(projectId)}${queryString({ short_id: shortId })}`, { signal })
      return found.results[0] ?? null
    },
  })

export const createInsight = (projectId: number, body: NewInsight) =>
  request<InsightBody>(path(projectId), { method: 'POST', body: { saved: true, ...body } })

export const changeInsight = (projectId: number, id: number, body: InsightChange) =>
  request<InsightBody>(`${path(projectId)}${id}/`, { method: 'PATCH', body })
