import type { DashboardBody, DashboardChange, NewDashboard, NewTile, Page, TileBody } from '@hedgerow/protocol'
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError } from './errors.ts'
import { queryString, request } from './http.ts'

const path = (projectId: number) => `/api/projects/${projectId}/dashboards/`

export const dashboardsQuery = (projectId: number, search: string | undefined) =>
  queryOptions({
    queryKey: ['project', projectId, 'dashboards', search],
    queryFn: ({ signal }) => request<Page<DashboardBody>>(`${path(projectId)}${queryString({ search, limit: 500 })}`, { signal }),
  })

export const createDashboard = (projectId: number, body: NewDashboard) => request<DashboardBody>(path(projectId), { method: 'POST', body })

export const changeDashboard = (projectId: number, id: number, body: DashboardChange) =>
  request<DashboardBody>(`${path(projectId)}${id}/`, { method: 'PATCH', body })

export const addTile = (projectId: number, dashboardId: number, body: NewTile) =>
  request<TileBody>(`${path(projectId)}${dashboardId}/tiles/`, { method: 'POST', body })

export const changeTile = (projectId: number, dashboardId: number, tileId: number, body: object) =>
  request<TileBody | undefined>(`${path(projectId)}${dashboardId}/tiles/${tileId}/`, { method: 'PATCH', body })

export const moveTile = (projectId: number, fromId: number, tileId: number, toId: number) =>
  request<unknown>(`${path(projectId)}${fromId}/move_tile/`, { method: 'PATCH', body: { tile: { id: tileId }, to_dashboard: toId } })

/** What a viewer lays over a dashboard. */
export interface DashboardOverride {
  filters?: object | undefined
  variables?: Readonly<Record<string, { value: unknown }>> | undefined
}

/** A dashboard and those of its tiles that are answered so far. */
export interface FilledDashboard {
  dashboard: DashboardBody
  answers: Readonly<Record<number, TileBody>>
  /** What the same was answered before, to be looked at until it is answered anew. */
  earlier: Readonly<Record<number, TileBody>>
}

export const dashboardKey = (projectId: number, id: string) => ['project', projectId, 'dashboard', id] as const

/** A dashboard whose tiles come one after the other: what is there is shown while the rest is awaited. */
export const filledDashboardQuery = (
  queryClient: QueryClient,
  projectId: number,
  id: string,
  override: DashboardOverride,
  isForced: () => boolean,
) =>
  queryOptions({
    queryKey: [...dashboardKey(projectId, id), override],
    queryFn: ({ signal, queryKey }) => {
      const forced = isForced()
      const address = `${path(projectId)}${encodeURIComponent(id)}/stream_tiles/${queryString({
        refresh: forced ? 'force_blocking' : 'blocking',
        filters_override: override.filters && JSON.stringify(override.filters),
        variables_override: override.variables && JSON.stringify(override.variables),
      })}`
      const before = queryClient.getQueryData<FilledDashboard>(queryKey)
      const earlier = { ...before?.earlier, ...before?.answers }
      const show = (partly: FilledDashboard) => queryClient.setQueryData<FilledDashboard>(queryKey, partly)
      // why: who asks for all anew sees at once that it is awaited.
      if (forced && before) show({ dashboard: before.dashboard, answers: {}, earlier })
      const shown = () => queryClient.getQueryData<FilledDashboard>(queryKey)?.dashboard
      return fill(address, signal, earlier, show, shown)
    },
    staleTime: 30_000,
    refetchOnWindowFocus: false,
    retry: false,
  })

async function fill(
  address: string,
  signal: AbortSignal,
  earlier: FilledDashboard['earlier'],
  onPart: (partly: FilledDashboard) => void,
  shown: () => DashboardBody | undefined,
): Promise<FilledDashboard> {
  const response = await fetch(address, { credentials: 'same-origin', headers: { accept: 'text/event-stream, application/json' }, signal })
  if (!response.ok || !response.body) {
    await request<never>(address, { signal })
    throw new ApiError({ status: response.status, code: 'unreadable', message: 'The server answered without a stream.', path: address })
  }
  let filled: FilledDashboard | undefined
  for await (const message of messagesOf(response.body)) {
    if (message.type === 'metadata') filled = { dashboard: message.dashboard, answers: {}, earlier }
    else if (message.type === 'tile' && filled) {
      // What was moved or renamed meanwhile stays so.
      const dashboard = shown() ?? filled.dashboard
      filled = { ...filled, dashboard, answers: { ...filled.answers, [message.tile.id]: message.tile } }
    } else if (message.type === 'error') throw new ApiError({ status: 500, code: message.code, message: message.detail, path: address })
    else if (message.type === 'complete') break
    if (filled) onPart(filled)
  }
  if (!filled) throw new ApiError({ status: 0, code: 'unreachable', message: 'The server hung up before it answered.', path: address })
  return { ...filled, dashboard: shown() ?? filled.dashboard }
}

type TileMessage =
  | { type: 'metadata'; dashboard: DashboardBody }
  | { type: 'tile'; tile: TileBody }
  | { type: 'complete' }
  | { type: 'error'; code: string; detail: string }

/** The data of server-sent events, as each is whole. */
async function* messagesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<TileMessage> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader()
  let rest = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      const parts = (rest + value).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) if (part.startsWith('data: ')) yield JSON.parse(part.slice('data: '.length)) as TileMessage
    }
  } finally {
    // why: who has heard "complete" reads no further, and the line would stay open.
    await reader.cancel()
  }
}
