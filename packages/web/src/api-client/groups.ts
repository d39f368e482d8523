import type { GroupBody, GroupTypeBody, Page, RelatedActorBody } from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

export const groupTypesQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'group-types'],
    queryFn: ({ signal }) => request<GroupTypeBody[]>(`/api/projects/${projectId}/groups_types/`, { signal }),
    staleTime: 60_000,
  })

const pageRows = 100

/** Groups of a type by page. */
export const groupsQuery = (projectId: number, typeIndex: number, search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'groups', typeIndex, search],
    queryFn: ({ signal, pageParam }) =>
      request<Page<GroupBody>>(
        `/api/projects/${projectId}/groups/${queryString({ group_type_index: typeIndex, search, limit: pageRows, offset: pageParam })}`,
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * pageRows : undefined),
  })

export const groupQuery = (projectId: number, typeIndex: number, key: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'group', typeIndex, key],
    queryFn: ({ signal }) =>
      request<GroupBody>(`/api/projects/${projectId}/groups/find/${queryString({ group_type_index: typeIndex, group_key: key })}`, {
        signal,
      }),
  })

/** Persons and other groups that had events together with it. */
export const relatedToGroupQuery = (projectId: number, typeIndex: number, key: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'group', typeIndex, key, 'related'],
    queryFn: ({ signal }) =>
      request<RelatedActorBody[]>(`/api/projects/${projectId}/groups/related/${queryString({ group_type_index: typeIndex, id: key })}`, {
        signal,
      }),
  })
