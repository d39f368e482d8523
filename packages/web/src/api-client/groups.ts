import type { GroupTypeBody } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { request } from './http.ts'

export const groupTypesQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'group-types'],
    queryFn: ({ signal }) => request<GroupTypeBody[]>(`/api/projects/${projectId}/groups_types/`, { signal }),
    staleTime: 60_000,
  })
