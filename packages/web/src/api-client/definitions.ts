import type { EventDefinitionBody, Page, PropertyDefinitionBody } from '@hedgerow/protocol'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

const pageRows = 200

export type EventOrdering = 'name' | '-volume' | '-last_seen_at' | '-created_at'
export type PropertyOwner = PropertyDefinitionBody['type']

export const eventDefinitionsQuery = (
  projectId: number,
  filter: { search?: string | undefined; ordering: EventOrdering; kind?: 'event_custom' | 'event_posthog' | undefined },
) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'event-definitions', filter],
    queryFn: ({ signal, pageParam }) =>
      request<Page<EventDefinitionBody>>(
        `/api/projects/${projectId}/event_definitions/${queryString({
          search: filter.search,
          ordering: filter.ordering,
          event_type: filter.kind,
          limit: pageRows,
          offset: pageParam,
        })}`,
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * pageRows : undefined),
  })

export const propertyDefinitionsQuery = (
  projectId: number,
  filter: { type: PropertyOwner; search?: string | undefined; groupTypeIndex?: number | undefined },
) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'property-definitions', filter],
    queryFn: ({ signal, pageParam }) =>
      request<Page<PropertyDefinitionBody>>(
        `/api/projects/${projectId}/property_definitions/${queryString({
          type: filter.type,
          search: filter.search,
          group_type_index: filter.groupTypeIndex,
          limit: pageRows,
          offset: pageParam,
        })}`,
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * pageRows : undefined),
  })
