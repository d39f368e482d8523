import type { AnnotationBody, AnnotationChange, Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

export const annotationsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'annotations'],
    queryFn: async ({ signal }) =>
      (await request<Page<AnnotationBody>>(`/api/projects/${projectId}/annotations/${queryString({ limit: 1000 })}`, { signal })).results,
    staleTime: 60_000,
  })

export const createAnnotation = (projectId: number, body: { content: string; date_marker: string }) =>
  request<AnnotationBody>(`/api/projects/${projectId}/annotations/`, { method: 'POST', body: { ...body, scope: 'project' } })

export const changeAnnotation = (projectId: number, id: number, body: AnnotationChange) =>
  request<AnnotationBody>(`/api/projects/${projectId}/annotations/${id}/`, { method: 'PATCH', body })
