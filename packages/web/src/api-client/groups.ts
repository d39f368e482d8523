import type { EventBody, GroupBody, GroupTypeBody, Page, RelatedActorBody } from '@hedgerow/protocol'
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

/** The newest events of a group. */
export const groupEventsQuery = (projectId: number, typeIndex: number, key: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'group', typeIndex, key, 'events'],
    queryFn: async ({ signal }) => {
      const properties = JSON.stringify([{ type: 'event_metadata', key: `$group_${typeIndex}`, operator: 'exact', value: key }])
      return (
        await request<{ results: EventBody[] }>(`/api/projects/${projectId}/events/${queryString({ properties, limit: 100 })}`, { signal })
      ).results
    },
  })

/** The group as it is then, or that the change is accepted and comes later. */
export const setGroupProperty = (projectId: number, typeIndex: number, groupKey: string, key: string, value: unknown) =>
  request<GroupBody | { status: 'queued' }>(
    `/api/projects/${projectId}/groups/update_property/${queryString({ group_type_index: typeIndex, group_key: groupKey })}`,
    { method: 'POST', body: { key, value } },
  )
