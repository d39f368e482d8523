import { build, defaultCompileLimits, type syntax } from '@hedgerow/hogql'
import type { QueryResponse } from './query-response.ts'
import { type Column, count, typesOf } from './row-columns.ts'
import type { RanQuery } from './run-query.ts'

/** Which of the rows are asked for. */
export interface RowPage {
  limit: number
  offset: number
}

const defaultRows = 100

export function pageOf(node: { limit?: unknown; offset?: unknown }): RowPage {
  return {
    limit: Math.min(count(node.limit, 'limit') ?? defaultRows, defaultCompileLimits.maxRows),
    offset: count(node.offset, 'offset') ?? 0,
  }
}

/** One row more than is shown, which tells whether there are more. */
export function pageClauses({ limit, offset }: RowPage): Pick<syntax.Select, 'limit' | 'offset'> {
  return { limit: build.constant(limit + 1), ...(offset ? { offset: build.constant(offset) } : {}) }
}

export function shownRows({ rows }: RanQuery, { limit }: RowPage): unknown[][] {
  return rows.length > limit ? rows.slice(0, limit) : rows
}

/** The answer whose rows, made of the shown ones, are `results`. */
export function pageResponse(
  ran: RanQuery,
  page: RowPage,
  columns: Pick<Column, 'name' | 'items' | 'type'>[],
  results: unknown[][],
): QueryResponse {
  return {
    ...ran.response,
    results,
    columns: columns.map(({ name }) => name),
    types: typesOf(columns, ran.columns),
    hasMore: ran.rows.length > page.limit,
    ...page,
  }
}
