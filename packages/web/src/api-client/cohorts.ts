import type { CohortBody, Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

/** The first cohorts that match, for pickers. */
export const cohortChoicesQuery = (projectId: number, search: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'cohorts', 'choices', search],
    queryFn: async ({ signal }) =>
      (await request<Page<CohortBody>>(`/api/projects/${projectId}/cohorts/${queryString({ search, limit: 100 })}`, { signal })).results,
    staleTime: 30_000,
  })

/** A cohort of the people that a query lists, as they are now. */
export const createStaticCohort = (projectId: number, body: { name: string; description?: string; query: object }) =>
  request<CohortBody>(`/api/projects/${projectId}/cohorts/`, { method: 'POST', body: { ...body, is_static: true } })

export const deleteCohort = (projectId: number, id: number) =>
  request<unknown>(`/api/projects/${projectId}/cohorts/${id}/`, { method: 'PATCH', body: { deleted: true } })
