import type { ActionBody, ActionChange, ActionStep, NewAction, Page } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { runHogql } from './hogql.ts'
import { queryString, request } from './http.ts'
import { lately, latelyDays } from './lately.ts'
import { type RowsAnswer, runQuery } from './queries.ts'

/** The first actions that match, for pickers. */
export const actionChoicesQuery = (projectId: number, search: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'actions', 'choices', search],
    queryFn: async ({ signal }) =>
      (await request<Page<ActionBody>>(`/api/projects/${projectId}/actions/${queryString({ search, limit: 100 })}`, { signal })).results,
    staleTime: 30_000,
  })

const path = (projectId: number) => `/api/projects/${projectId}/actions/`

export const actionsQuery = (projectId: number, search: string | undefined) =>
  queryOptions({
    queryKey: ['project', projectId, 'actions', 'list', search],
    queryFn: ({ signal }) => request<Page<ActionBody>>(`${path(projectId)}${queryString({ search, limit: 500 })}`, { signal }),
  })

export const actionQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'action', id],
    queryFn: ({ signal }) => request<ActionBody>(`${path(projectId)}${encodeURIComponent(id)}/`, { signal }),
  })

export const createAction = (projectId: number, body: NewAction) => request<ActionBody>(path(projectId), { method: 'POST', body })

export const changeAction = (projectId: number, id: number, body: ActionChange) =>
  request<ActionBody>(`${path(projectId)}${id}/`, { method: 'PATCH', body })

/** Elements that were clicked or filled in lately, as chains. */
export const seenElementsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'seen-elements'],
    queryFn: async ({ signal }) => {
      const { results } = await runHogql(
        projectId,
        `SELECT elements_chain, count() AS seen, any(properties.$current_url) FROM events
                  WHERE event = '$autocapture' AND elements_chain != '' AND ${lately} GROUP BY elements_chain ORDER BY seen DESC LIMIT 1000`,
        {},
        signal,
      )
      return results.map(([chain, events, url]) => ({
        chain: String(chain),
        events: Number(events),
        url: typeof url === 'string' && url !== '' ? url : undefined,
      }))
    },
    staleTime: 60_000,
  })

/** Addresses that events came from lately. */
export const seenUrlsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'seen-urls'],
    queryFn: async ({ signal }) => {
      const { results } = await runHogql(
        projectId,
        `SELECT properties.$current_url AS url, count() AS seen FROM events
                  WHERE event = '$pageview' AND url != '' AND ${lately} GROUP BY url ORDER BY seen DESC LIMIT 2000`,
        {},
        signal,
      )
      return results.map(([url, events]) => ({ url: String(url), events: Number(events) }))
    },
    staleTime: 60_000,
  })

const stepsQuery = (steps: readonly ActionStep[], select: string[], more: object = {}) => ({
  kind: 'EventsQuery',
  actionSteps: steps,
  after: `-${latelyDays}d`,
  select,
  ...more,
})

/** What steps match, whether or not they are kept as an action. */
export const stepMatchesQuery = (projectId: number, steps: readonly ActionStep[]) =>
  queryOptions({
    queryKey: ['project', projectId, 'action-matches', steps],
    queryFn: async ({ signal }) => {
      const [days, all] = await Promise.all([
        runQuery<RowsAnswer>(projectId, stepsQuery(steps, ['toDate(timestamp)', 'count()'], { limit: latelyDays + 2 }), { signal }),
        runQuery<RowsAnswer>(projectId, stepsQuery(steps, ['count()', 'uniq(person_id)']), { signal }),
      ])
      return {
        days: days.results.map(([day, events]) => ({ day: String(day).slice(0, 10), events: Number(events) })),
        events: Number(all.results[0]?.[0] ?? 0),
        people: Number(all.results[0]?.[1] ?? 0),
      }
    },
    staleTime: 30_000,
  })

/** The newest events that steps match. */
export const stepSamplesQuery = (projectId: number, steps: readonly ActionStep[]) =>
  queryOptions({
    queryKey: ['project', projectId, 'action-matches', steps, 'samples'],
    queryFn: async ({ signal }) => {
      const select = ['toString(uuid)', 'event', 'distinct_id', 'timestamp', 'properties.$pathname']
      const { results } = await runQuery<RowsAnswer>(projectId, stepsQuery(steps, select, { orderBy: ['timestamp DESC'], limit: 5 }), {
        signal,
      })
      return results.map(([id, event, distinctId, at, place]) => ({
        id: String(id),
        event: String(event),
        distinctId: String(distinctId),
        at: String(at),
        place: typeof place === 'string' ? place : '',
      }))
    },
    staleTime: 30_000,
  })
