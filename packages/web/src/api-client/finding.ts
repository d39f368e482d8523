import type { Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

// limit: so many of a kind are named where everything is searched.
const foundRows = 6

interface Found {
  id: number | string
  short_id?: string
  name: string | null
  key?: string
  derived_name?: string | null
}

export type Findable =
  | 'insights'
  | 'dashboards'
  | 'persons'
  | 'cohorts'
  | 'actions'
  | 'event_definitions'
  | 'property_definitions'
  | 'feature_flags'
  | 'experiments'

/** The first few of a kind whose name matches. */
export const foundQuery = (projectId: number, of: Findable, search: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'found', of, search],
    queryFn: async ({ signal }) =>
      (
        await request<Page<Found>>(
          `/api/projects/${projectId}/${of}/${queryString({ search, limit: foundRows, saved: of === 'insights' ? true : undefined })}`,
          { signal },
        )
      ).results,
    staleTime: 10_000,
    retry: false,
  })
