import type {
  CommandBody,
  Page,
  PersonBody,
  PersonCohortBody,
  PersonMergeBody,
  PropertyFilter,
  PropertyHistoryBody,
  RelatedActorBody,
} from '@hedgerow/protocol'
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { runHogql } from './hogql.ts'
import { queryString, request } from './http.ts'

const pageRows = 100

export interface PersonsFilter {
  search?: string | undefined
  identified?: boolean | undefined
  properties?: readonly PropertyFilter[] | undefined
}

/** Persons by page; `next` of the last page says whether there are more. */
export const personsQuery = (projectId: number, { search, identified, properties = [] }: PersonsFilter) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'persons', { search, identified, properties }],
    queryFn: ({ signal, pageParam }) =>
      request<Page<PersonBody>>(
        `/api/projects/${projectId}/persons/${queryString({
          search,
          is_identified: identified,
          properties: properties.length > 0 ? JSON.stringify(properties) : undefined,
          limit: pageRows,
          offset: pageParam,
        })}`,
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * pageRows : undefined),
  })

const personPath = (projectId: number, personId: string) => `/api/projects/${projectId}/persons/${encodeURIComponent(personId)}/`

export const personQuery = (projectId: number, personId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'person', personId],
    queryFn: ({ signal }) => request<PersonBody>(personPath(projectId, personId), { signal }),
  })

/** Puts a changed person in the place of what was known, whichever of the ids it was asked for by. */
export function keepPerson(queryClient: QueryClient, projectId: number, person: PersonBody): void {
  const key = ['project', projectId, 'person']
  queryClient.setQueriesData<PersonBody>(
    {
      queryKey: key,
      predicate: ({ queryKey, state }) => queryKey.length === key.length + 1 && (state.data as PersonBody | undefined)?.id === person.id,
    },
    person,
  )
}

/** The person that a distinct id belongs to now, if there is one. */
export const findPerson = async (projectId: number, distinctId: string) =>
  (await request<Page<PersonBody>>(`/api/projects/${projectId}/persons/${queryString({ distinct_id: distinctId, limit: 1 })}`)).results[0]

export const personMergesQuery = (projectId: number, personId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'person', personId, 'merges'],
    queryFn: async ({ signal }) =>
      (await request<{ results: PersonMergeBody[] }>(`${personPath(projectId, personId)}merges/`, { signal })).results,
  })

export const deletePerson = (projectId: number, personId: string, deleteEvents: boolean) =>
  request<CommandBody>(`${personPath(projectId, personId)}${queryString({ delete_events: deleteEvents || undefined })}`, {
    method: 'DELETE',
  })

/** Makes another person part of this one; answered with the whole, or before it is done. */
export const mergePersons = (projectId: number, personId: string, other: string) =>
  request<PersonBody | { status: 'queued' }>(`${personPath(projectId, personId)}merge/`, { method: 'POST', body: { other } })

/** What became of a change that was answered before it was done; asked again until it is. */
export const commandQuery = (projectId: number, given: CommandBody) =>
  queryOptions({
    queryKey: ['project', projectId, 'command', given.command_id],
    queryFn: ({ signal }) =>
      request<CommandBody>(`/api/projects/${projectId}/persons/commands/${encodeURIComponent(given.command_id)}/`, { signal }),
    initialData: given,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.status === 'queued' ? 1000 : false),
  })

/** Events that are still found of a person that is gone, or of any of its distinct ids. */
export const remainingEventsQuery = (projectId: number, personId: string, distinctIds: readonly string[]) =>
  queryOptions({
    queryKey: ['project', projectId, 'remaining-events', personId],
    queryFn: async ({ signal }) => {
      const query = 'SELECT count(), now() FROM events WHERE person_id = {person} OR distinct_id IN {ids}'
      const { results } = await runHogql(projectId, query, { person: personId, ids: distinctIds }, signal)
      return { events: Number(results[0]?.[0] ?? 0), at: String(results[0]?.[1]) }
    },
    staleTime: 0,
  })

/** Gives each distinct id but the main one a person of its own. */
export const splitPerson = (projectId: number, personId: string, mainDistinctId: string) =>
  request<CommandBody>(`${personPath(projectId, personId)}split/`, { method: 'POST', body: { main_distinct_id: mainDistinctId } })

/** These distinct ids become persons of their own; the others stay together. */
export const splitIds = (projectId: number, personId: string, distinctIds: string[]) =>
  request<CommandBody>(`${personPath(projectId, personId)}split/`, { method: 'POST', body: { distinct_ids_to_split: distinctIds } })

/** The person as it is then; where the server was too slow for that, the change is accepted and comes later. */
export const setPersonProperty = (projectId: number, personId: string, key: string, value: unknown) =>
  request<PersonBody | { status: 'queued' }>(`${personPath(projectId, personId)}update_property/`, { method: 'POST', body: { key, value } })

export const deletePersonProperty = (projectId: number, personId: string, key: string) =>
  request<PersonBody | { status: 'queued' }>(`${personPath(projectId, personId)}delete_property/`, {
    method: 'POST',
    body: { $unset: key },
  })

/** How properties came to be what they are, newest first; of one, or of all. */
export const propertyHistoryQuery = (projectId: number, personId: string, key: string | undefined) =>
  queryOptions({
    queryKey: ['project', projectId, 'person', personId, 'property-history', key],
    queryFn: ({ signal }) =>
      request<PropertyHistoryBody>(`${personPath(projectId, personId)}property_history/${queryString({ key })}`, { signal }),
    staleTime: 10_000,
  })

export const personCohortsQuery = (projectId: number, personId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'person', personId, 'cohorts'],
    queryFn: async ({ signal }) =>
      (
        await request<{ results: PersonCohortBody[] }>(
          `/api/projects/${projectId}/persons/cohorts/${queryString({ person_id: personId })}`,
          {
            signal,
          },
        )
      ).results,
  })

/** Groups that somebody had events together with. */
export const personGroupsQuery = (projectId: number, personId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'person', personId, 'groups'],
    queryFn: async ({ signal }) =>
      (await request<RelatedActorBody[]>(`/api/projects/${projectId}/groups/related/${queryString({ id: personId })}`, { signal })).flatMap(
        (actor) => (actor.type === 'group' ? [actor] : []),
      ),
  })

export interface PersonTotals {
  events: number
  sessions: number
  firstAt: string | undefined
}

/** How much a person did in all. */
export const personTotalsQuery = (projectId: number, personId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'person', personId, 'totals'],
    queryFn: async ({ signal }): Promise<PersonTotals> => {
      const { results } = await runHogql(
        projectId,
        'SELECT count(), uniq($session_id), min(timestamp) FROM events WHERE person_id = {person}',
        { person: personId },
        signal,
      )
      const [events, sessions, firstAt] = results[0] ?? []
      return {
        events: Number(events ?? 0),
        sessions: Number(sessions ?? 0),
        firstAt: Number(events ?? 0) > 0 ? String(firstAt) : undefined,
      }
    },
    staleTime: 10_000,
  })
