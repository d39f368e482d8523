import type { ActionBody, Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

/** The first actions that match, for pickers. */
export const actionChoicesQuery = (projectId: number, search: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'actions', 'choices', search],
    queryFn: async ({ signal }) =>
      (await request<Page<ActionBody>>(`/api/projects/${projectId}/actions/${queryString({ search, limit: 100 })}`, { signal })).results,
    staleTime: 30_000,
  })
