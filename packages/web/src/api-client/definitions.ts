import type { EventDefinitionBody, EventUsesBody, MemberBody, Page, PropertyDefinitionBody } from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { runHogql } from './hogql.ts'
import { queryString, request } from './http.ts'
import { lately } from './lately.ts'
import { runQuery } from './queries.ts'

const pageRows = 200

export type EventOrdering = 'name' | '-volume' | '-last_seen_at' | '-created_at'
export type PropertyOwner = PropertyDefinitionBody['type']

export const eventDefinitionsQuery = (
  projectId: number,
  filter: {
    search?: string | undefined
    ordering: EventOrdering
    kind?: 'event_custom' | 'event_posthog' | undefined
    verified?: boolean | undefined
    isHiddenLeftOut?: boolean | undefined
  },
) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'event-definitions', filter],
    queryFn: ({ signal, pageParam }) =>
      request<Page<EventDefinitionBody>>(
        `/api/projects/${projectId}/event_definitions/${queryString({
          search: filter.search,
          ordering: filter.ordering,
          event_type: filter.kind,
          verified: filter.verified,
          exclude_hidden: filter.isHiddenLeftOut,
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
  filter: {
    type: PropertyOwner
    search?: string | undefined
    groupTypeIndex?: number | undefined
    verified?: boolean | undefined
    isHiddenLeftOut?: boolean | undefined
    event?: string | undefined
  },
) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'property-definitions', filter],
    queryFn: ({ signal, pageParam }) =>
      request<Page<PropertyDefinitionBody>>(
        `/api/projects/${projectId}/property_definitions/${queryString({
          type: filter.type,
          search: filter.search,
          group_type_index: filter.groupTypeIndex,
          verified: filter.verified,
          exclude_hidden: filter.isHiddenLeftOut,
          ...(filter.event === undefined ? {} : { event_names: JSON.stringify([filter.event]), filter_by_event_names: true }),
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

/** Events and properties are described in the same words. */
export interface DefinitionChange {
  description?: string | null
  tags?: string[]
  verified?: boolean
  hidden?: boolean
  owner?: string | null
  property_type?: PropertyDefinitionBody['property_type']
}

const definitionPath = (projectId: number, of: 'event' | 'property', id: string) =>
  `/api/projects/${projectId}/${of}_definitions/${encodeURIComponent(id)}/`

export const eventDefinitionQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'event-definition', id],
    queryFn: ({ signal }) => request<EventDefinitionBody>(definitionPath(projectId, 'event', id), { signal }),
  })

export const propertyQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'property-definition', id],
    queryFn: ({ signal }) => request<PropertyDefinitionBody>(definitionPath(projectId, 'property', id), { signal }),
  })

export const changeEventDefinition = (projectId: number, id: string, body: DefinitionChange) =>
  request<EventDefinitionBody>(definitionPath(projectId, 'event', id), { method: 'PATCH', body })

export const changePropertyDefinition = (projectId: number, id: string, body: DefinitionChange) =>
  request<PropertyDefinitionBody>(definitionPath(projectId, 'property', id), { method: 'PATCH', body })

/** What names the event. */
export const eventUsesQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'event-definition', id, 'used-by'],
    queryFn: ({ signal }) => request<EventUsesBody>(`${definitionPath(projectId, 'event', id)}used_by/`, { signal }),
  })

/** Everybody of the organisation. */
export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async ({ signal }) => (await request<Page<MemberBody>>('/api/organizations/@current/members/', { signal })).results,
  staleTime: 300_000,
})

/** What stands in the properties of an event, or of persons, lately. */
export interface PropertySamples {
  property: string
  sample_values: string[]
  sample_count: number
}

export const eventSamplesQuery = (projectId: number, event: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'event-samples', event],
    queryFn: async ({ signal }) =>
      (await runQuery<{ results: PropertySamples[] }>(projectId, { kind: 'EventTaxonomyQuery', event, maxPropertyValues: 5 }, { signal }))
        .results,
    staleTime: 60_000,
  })

/** Events of each name on each of the last days. */
export const volumesQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'event-volumes'],
    queryFn: async ({ signal }) => {
      const { results } = await runHogql(
        projectId,
        `SELECT event, toDate(timestamp) AS day, count() FROM events WHERE ${lately}
                  GROUP BY event, day ORDER BY count() DESC LIMIT 50000`,
        {},
        signal,
      )
      return results.map(([event, day, events]) => ({ event: String(event), day: String(day).slice(0, 10), events: Number(events) }))
    },
    staleTime: 60_000,
  })

/** Which events carried a property in the last days, and how often. */
export const carriersQuery = (projectId: number, key: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'property-carriers', key],
    queryFn: async ({ signal }) => {
      const { results } = await runHogql(
        projectId,
        `SELECT event, count() AS carried FROM events
                  WHERE ${lately} AND isNotNull(properties[{key}])
                  GROUP BY event ORDER BY carried DESC, event LIMIT 200`,
        { key },
        signal,
      )
      return results.map(([event, events]) => ({ event: String(event), events: Number(events) }))
    },
    staleTime: 60_000,
  })

/** How many persons, or groups of a type, have a property, and which values. */
export const holdersQuery = (projectId: number, key: string, groupTypeIndex: number | undefined) =>
  queryOptions({
    queryKey: ['project', projectId, 'property-holders', key, groupTypeIndex],
    queryFn: async ({ signal }) => {
      const [from, values] =
        groupTypeIndex === undefined ? ['persons', { key }] : ['groups WHERE index = {index}', { key, index: groupTypeIndex }]
      const { results } = await runHogql(projectId, `SELECT countIf(isNotNull(properties[{key}])), count() FROM ${from}`, values, signal)
      return { having: Number(results[0]?.[0] ?? 0), all: Number(results[0]?.[1] ?? 0) }
    },
    staleTime: 60_000,
  })

export const holderValuesQuery = (projectId: number, key: string, groupTypeIndex: number | undefined) =>
  queryOptions({
    queryKey: ['project', projectId, 'property-holders', key, groupTypeIndex, 'values'],
    queryFn: async ({ signal }) =>
      (
        await runQuery<{ results: PropertySamples[] }>(
          projectId,
          {
            kind: 'ActorsPropertyTaxonomyQuery',
            properties: [key],
            maxPropertyValues: 30,
            ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }),
          },
          { signal },
        )
      ).results[0],
    staleTime: 60_000,
  })
