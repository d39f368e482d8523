import type { ActionBody, ActionChange, NewAction, Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'
import { runQuery } from './queries.ts'

/** The first actions that match, for pickers. */
export const actionChoicesQuery = (projectId: number, search: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'actions', 'choices', search],
    queryFn: async ({ signal }) =>
      (await request<Page<ActionBody>>(`/api/projects/${projectId}/actions/${queryString({ search, limit: 100 })}`, { signal })).results,
    staleTime: 30_000,
  })

const path = (projectId: number) => `/api/projects/${projectId}/actions/`

export const actionsQuery = (projectId: number, search: string | undefined) =>
  queryOptions({
    queryKey: ['project', projectId, 'actions', 'list', search],
    queryFn: ({ signal }) => request<Page<ActionBody>>(`${path(projectId)}${queryString({ search, limit: 500 })}`, { signal }),
  })

export const actionQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'action', id],
    queryFn: ({ signal }) => request<ActionBody>(`${path(projectId)}${encodeURIComponent(id)}/`, { signal }),
  })

export const createAction = (projectId: number, body: NewAction) => request<ActionBody>(path(projectId), { method: 'POST', body })

export const changeAction = (projectId: number, id: number, body: ActionChange) =>
  request<ActionBody>(`${path(projectId)}${id}/`, { method: 'PATCH', body })

export interface ActionMatches {
  days: string[]
  counts: number[]
  total: number
}

/** How many events the action matched on each of the last days. */
export const actionMatchesQuery = (projectId: number, id: number, version: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'action', String(id), 'matches', version],
    queryFn: async ({ signal }): Promise<ActionMatches> => {
      const answer = await runQuery<{ results: { days: string[]; data: number[]; count: number }[] }>(
        projectId,
        { kind: 'TrendsQuery', series: [{ kind: 'ActionsNode', id }], dateRange: { date_from: '-30d' } },
        { signal, isForced: true },
      )
      const [row] = answer.results
      return { days: row?.days ?? [], counts: row?.data ?? [], total: row?.count ?? 0 }
    },
    staleTime: 60_000,
  })
