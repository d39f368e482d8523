import type { NewProject, ProjectBody, ProjectChange } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { request } from './http.ts'

export const projectQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'settings'],
    queryFn: ({ signal }) => request<ProjectBody>(`/api/projects/${projectId}/`, { signal }),
    staleTime: 30_000,
    // Pages of a project without events are other ones; they change of themselves when the first event comes.
    refetchInterval: ({ state }) => (state.data?.ingested_event === false ? 3000 : false),
  })

export const createProject = (body: NewProject) => request<ProjectBody>('/api/projects/', { method: 'POST', body })

export const changeProject = (projectId: number, body: ProjectChange) =>
  request<ProjectBody>(`/api/projects/${projectId}/`, { method: 'PATCH', body })

export const deleteProject = (projectId: number) => request<void>(`/api/projects/${projectId}/`, { method: 'DELETE' })

/** Makes a new secret key, shown this once; the one before it stops working. */
export const rotateSecretKey = (projectId: number) =>
  request<ProjectBody & { secret_api_token: string }>(`/api/projects/${projectId}/rotate_secret_token/`, { method: 'PATCH', body: {} })
