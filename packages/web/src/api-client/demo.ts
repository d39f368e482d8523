import type { DemoBody } from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { request } from './http.ts'

// limit: how often one looks how far the fill is.
const lookAgainMs = 700

/** The organisation's demo project; looked at again while it is filled. */
export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => request<DemoBody>('/api/demo/', { signal }),
  refetchInterval: ({ state }) => (state.data?.status === 'filling' ? lookAgainMs : false),
})

/** Begins it, or goes on where it was broken off. */
export const beginDemo = () => request<DemoBody>('/api/demo/', { method: 'POST', body: {} })
