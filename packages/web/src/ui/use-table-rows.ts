import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useCallback } from 'react'

/** What a table shows of a list that comes page by page: the rows so far, how many there are in all, and how it gets more. */
export function useTableRows<Row>(query: UseInfiniteQueryResult<InfiniteData<{ results: Row[]; count: number }>>) {
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])
  return {
    rows: data?.pages.flatMap(({ results }) => results) ?? [],
    total: data?.pages[0]?.count ?? 0,
    paging: { onEnd, footer: isFetchingNextPage ? 'Loading more …' : undefined },
  }
}
