import type { CommandBody, Page, PersonBody, PersonMergeBody } from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

const pageRows = 100

export interface PersonsFilter {
  search?: string | undefined
  identified?: boolean | undefined
}

/** Persons by page; `next` of the last page says whether there are more. */
export const personsQuery = (projectId: number, { search, identified }: PersonsFilter) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'persons', { search, identified }],
    queryFn: ({ signal, pageParam }) =>
      request<Page<PersonBody>>(
        `/api/projects/${projectId}/persons/${queryString({ search, is_identified: identified, limit: pageRows, offset: pageParam })}`,
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
  request<CommandBody | undefined>(`${personPath(projectId, personId)}${queryString({ delete_events: deleteEvents || undefined })}`, {
    method: 'DELETE',
  })

/** Gives each distinct id but the main one a person of its own. */
export const splitPerson = (projectId: number, personId: string, mainDistinctId: string) =>
  request<CommandBody>(`${personPath(projectId, personId)}split/`, { method: 'POST', body: { main_distinct_id: mainDistinctId } })
