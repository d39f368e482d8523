import type { EventBody, LiveEventBody, VerdictBody } from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

interface EventsPage {
  next: string | null
  results: EventBody[]
}

const pageRows = 100

/** A person's events, newest first, a hundred at a time. */
export const personEventsQuery = (projectId: number, personId: string, event?: string) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'person', personId, 'events', { event }],
    queryFn: ({ signal, pageParam }) =>
      request<EventsPage>(
        pageParam ?? `/api/projects/${projectId}/events/${queryString({ person_id: personId, event, limit: pageRows })}`,
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.next === null ? undefined : pathOf(last.next)),
  })

/** The newest events of a project: what the live page starts with. */
export const recentEventsQuery = (projectId: number, limit: number, event?: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'recent-events', limit, event],
    queryFn: async ({ signal }) =>
      (await request<EventsPage>(`/api/projects/${projectId}/events/${queryString({ limit, event })}`, { signal })).results,
    staleTime: 0,
    gcTime: 0,
  })

export const eventQuery = (projectId: number, eventId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'event', eventId],
    queryFn: ({ signal }) => request<EventBody>(`/api/projects/${projectId}/events/${encodeURIComponent(eventId)}/`, { signal }),
    staleTime: 60_000,
  })

/** An event as an SDK would send it, from somebody called "test". */
export const sendTestEvent = (token: string) =>
  request<unknown>('/capture/', {
    method: 'POST',
    body: { api_key: token, event: 'test event', distinct_id: 'test', properties: { sent_from: 'Connect your app' } },
  })

/** `next` may name a host that a proxy hides; only path and query are ours to follow. */
function pathOf(address: string): string {
  const url = new URL(address, window.location.origin)
  return url.pathname + url.search
}

export type StreamState = 'connecting' | 'open' | 'lost'

/** Listens to events as they become queryable, until the returned function is called. Connects again by itself. */
export function listenToEvents(
  projectId: number,
  filter: { event?: string | undefined },
  on: {
    event: (event: LiveEventBody) => void
    state: (state: StreamState) => void
    /** What became of an event that was not simply stored. */
    verdict?: (verdict: VerdictBody) => void
    /** So many were left out, since this browser reads too slowly. */
    skipped?: (count: number) => void
  },
): () => void {
  const path = `/api/projects/${projectId}/live/events/${queryString({ event: filter.event })}`
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let waitMs = 1000
  const connect = () => {
    source = new EventSource(path)
    source.onopen = () => {
      waitMs = 1000
      on.state('open')
    }
    source.onmessage = ({ data }) => {
      const event: unknown = JSON.parse(String(data))
      if (event !== null && typeof event === 'object' && 'uuid' in event) on.event(event as LiveEventBody)
    }
    source.addEventListener('verdict', ({ data }) => {
      const said: unknown = JSON.parse(String(data))
      if (said !== null && typeof said === 'object' && 'verdict' in said) on.verdict?.(said as VerdictBody)
    })
    source.addEventListener('skipped', ({ data }) => {
      const said: unknown = JSON.parse(String(data))
      if (said !== null && typeof said === 'object' && 'skipped' in said && typeof said.skipped === 'number') on.skipped?.(said.skipped)
    })
    source.onerror = () => {
      on.state('lost')
      // why: after an answer that is not a stream (503 while starting, for instance) the browser gives up; we go on.
      if (source?.readyState !== EventSource.CLOSED) return
      retry = setTimeout(connect, waitMs)
      waitMs = Math.min(waitMs * 2, 30_000)
    }
  }
  on.state('connecting')
  connect()
  return () => {
    clearTimeout(retry)
    source?.close()
  }
}
