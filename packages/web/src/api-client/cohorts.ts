import type {
  CohortBody,
  CohortCalculationBody,
  CohortChange,
  CohortCountBody,
  CohortGroup,
  NewCohort,
  Page,
  PersonBody,
} from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
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

const path = (projectId: number) => `/api/projects/${projectId}/cohorts/`

export const cohortsQuery = (projectId: number, filter: { search?: string | undefined; type?: 'static' | 'dynamic' | undefined }) =>
  queryOptions({
    queryKey: ['project', projectId, 'cohorts', filter],
    queryFn: ({ signal }) => request<Page<CohortBody>>(`${path(projectId)}${queryString({ ...filter, limit: 500 })}`, { signal }),
  })

// limit: how often one looks whether a calculation is done.
const lookAgainMs = 1500

/** One cohort, looked at again while it is calculated. */
export const cohortQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'cohort', id],
    queryFn: ({ signal }) => request<CohortBody>(`${path(projectId)}${encodeURIComponent(id)}/`, { signal }),
    refetchInterval: ({ state }) => (state.data?.is_calculating ? lookAgainMs : false),
  })

// limit: how long one waits for a calculation before going on without it.
const mostLooks = 40

/** The cohort once its people are found, or as it is when that takes long. */
export async function calculatedCohort(projectId: number, id: number): Promise<CohortBody> {
  for (let look = 1; ; look++) {
    const cohort = await request<CohortBody>(`${path(projectId)}${id}/`)
    if (!cohort.is_calculating || look === mostLooks) return cohort
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs / 5))
  }
}

/** Who meets criteria that are not kept yet. */
export const cohortCountQuery = (projectId: number, id: number | undefined, properties: CohortGroup) =>
  queryOptions({
    queryKey: ['project', projectId, 'cohorts', 'count', id, properties],
    queryFn: ({ signal }) =>
      request<CohortCountBody>(`${path(projectId)}count/`, { method: 'POST', body: { id, filters: { properties } }, signal }),
    staleTime: 30_000,
    retry: false,
  })

/** How often it was counted, and by which criteria, newest first. */
export const cohortCountsQuery = (projectId: number, id: number, version: number | null) =>
  queryOptions({
    queryKey: ['project', projectId, 'cohort', String(id), 'counts', version],
    queryFn: async ({ signal }) =>
      (await request<Page<CohortCalculationBody>>(`${path(projectId)}${id}/calculation_history/${queryString({ limit: 500 })}`, { signal }))
        .results,
    placeholderData: (before) => before,
  })

const memberRows = 100

/** Members at the last calculation; `version` says which, so that those of another are not mixed in. */
export const cohortMembersQuery = (projectId: number, id: number, search: string | undefined, version: number | null) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'cohort', String(id), 'members', search, version],
    queryFn: ({ signal, pageParam }) =>
      request<Page<PersonBody>>(`${path(projectId)}${id}/persons/${queryString({ search, limit: memberRows, offset: pageParam })}`, {
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * memberRows : undefined),
  })

export const createCohort = (projectId: number, body: Partial<NewCohort> & { name: string }) =>
  request<CohortBody>(path(projectId), { method: 'POST', body })

export const changeCohort = (projectId: number, id: number, body: CohortChange) =>
  request<CohortBody>(`${path(projectId)}${id}/`, { method: 'PATCH', body })

export const recalculateCohort = (projectId: number, id: number) =>
  request<unknown>(`${path(projectId)}${id}/recalculate/`, { method: 'POST', body: {} })

export const duplicateCohort = (projectId: number, id: number, how: 'duplicate' | 'duplicate_as_static_cohort') =>
  request<CohortBody>(`${path(projectId)}${id}/${how}/`, { method: 'POST', body: {} })
