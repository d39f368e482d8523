import type { LedgerBody, Page, VerdictBody, WarningBody } from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'

/** Asked again every few seconds while anything on the page shows it. */
export const ledgerQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'ledger'],
    queryFn: ({ signal }) => request<LedgerBody>(`/api/projects/${projectId}/ingestion/`, { signal }),
    refetchInterval: 5000,
  })

/** What became of events lately that were not simply stored, newest first. */
export const verdictsQuery = (projectId: number, limit: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'verdicts', limit],
    queryFn: async ({ signal }) =>
      (await request<{ results: VerdictBody[] }>(`/api/projects/${projectId}/ingestion/verdicts/${queryString({ limit })}`, { signal }))
        .results,
    staleTime: 0,
    gcTime: 0,
  })

const pageRows = 100

export const warningsQuery = (projectId: number, filter: { reason?: string | undefined; rejected?: boolean | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'warnings', filter],
    queryFn: ({ signal, pageParam }) =>
      request<Page<WarningBody>>(
        `/api/projects/${projectId}/ingestion/warnings/${queryString({ ...filter, limit: pageRows, offset: pageParam })}`,
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * pageRows : undefined),
  })
