import type { EventDefinitionBody, Page, PropertyDefinitionBody } from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
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

const choiceRows = 100

/** The first event names that match, commonest first, for pickers. */
export const eventChoicesQuery = (projectId: number, search: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'event-definitions', 'choices', search],
    queryFn: async ({ signal }) =>
      (
        await request<Page<EventDefinitionBody>>(
          `/api/projects/${projectId}/event_definitions/${queryString({ search, ordering: '-volume', exclude_hidden: true, limit: choiceRows })}`,
          { signal },
        )
      ).results,
    staleTime: 30_000,
  })

/** The first property names that match, those seen with the events first, for pickers. */
export const propertyChoicesQuery = (
  projectId: number,
  filter: {
    type: PropertyOwner
    search: string
    events?: readonly string[] | undefined
    groupTypeIndex?: number | undefined
    isNumerical?: boolean | undefined
  },
) =>
  queryOptions({
    queryKey: ['project', projectId, 'property-definitions', 'choices', filter],
    queryFn: async ({ signal }) =>
      (
        await request<Page<PropertyDefinitionBody>>(
          `/api/projects/${projectId}/property_definitions/${queryString({
            type: filter.type,
            search: filter.search,
            group_type_index: filter.groupTypeIndex,
            event_names: filter.events && filter.events.length > 0 ? JSON.stringify(filter.events) : undefined,
            is_numerical: filter.isNumerical,
            exclude_hidden: true,
            limit: choiceRows,
          })}`,
          { signal },
        )
      ).results,
    staleTime: 30_000,
  })

/** Values that a property had lately, commonest first. */
export const propertyValuesQuery = (projectId: number, filter: { type: 'event' | 'person'; key: string; search: string }) =>
  queryOptions({
    queryKey: ['project', projectId, 'property-values', filter],
    queryFn: async ({ signal }) => {
      const answer = await request<{ name: unknown }[] | { results: { name: unknown }[] }>(
        `/api/projects/${projectId}/${filter.type === 'person' ? 'persons' : 'events'}/values/${queryString({ key: filter.key, value: filter.search })}`,
        { signal },
      )
      return (Array.isArray(answer) ? answer : answer.results).map(({ name }) => String(name))
    },
    staleTime: 60_000,
    retry: false,
  })

/** One property, to know its type. */
export const propertyDefinitionQuery = (projectId: number, type: PropertyOwner, name: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'property-definitions', 'one', type, name],
    queryFn: async ({ signal }) =>
      (
        await request<Page<PropertyDefinitionBody>>(
          `/api/projects/${projectId}/property_definitions/${queryString({ type, properties: name, limit: 1 })}`,
          { signal },
        )
      ).results.find((each) => each.name === name) ?? null,
    staleTime: 60_000,
  })
