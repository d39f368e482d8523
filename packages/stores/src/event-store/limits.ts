import type { Lane } from './event-store.ts'

/** Every limit of the event store. All apply to the embedded and to the distributed adapter unless said otherwise. */
export interface EventStoreLimits {
  /** Queries that run at once for people who wait. */
  interactiveQueries: number
  /** Queries that run at once for nobody in particular: exports, cohorts, clean-up. */
  backgroundQueries: number
  /** Inserts and look-ups of ingestion that run at once. */
  ingestionQueries: number
  /** Queries that may wait for a free place in one lane; the next one fails with `overloaded`. */
  waitingQueries: number
  /** Longest time a query may take, seconds. Also the default. */
  queryMaxSeconds: number
  /** Longest time an insert or a command may take, seconds. */
  writeMaxSeconds: number
  /** Memory of one query, bytes. Also the default. */
  queryMaxMemoryBytes: number
  /** Rows that one query may return; `stream` has none unless asked for. */
  queryMaxResultRows: number
  /** Size of the result of one query in the engine, bytes; `stream` has none. */
  queryMaxResultBytes: number
  /** Threads of one query. */
  queryMaxThreads: number
  /** Embedded only: memory of the whole engine, bytes; beyond it the largest query fails, not the process. */
  serverMemoryBytes: number
  /** Embedded only: cache of index marks, bytes. */
  markCacheBytes: number
  /** Embedded only: threads that merge parts in the background. */
  mergeThreads: number
}

const MB = 1_000_000

export const eventStoreLimits: EventStoreLimits = {
  interactiveQueries: 4,
  backgroundQueries: 2,
  ingestionQueries: 2,
  waitingQueries: 200,
  queryMaxSeconds: 60,
  writeMaxSeconds: 300,
  queryMaxMemoryBytes: 1_000 * MB,
  queryMaxResultRows: 150_000,
  queryMaxResultBytes: 200 * MB,
  queryMaxThreads: 4,
  serverMemoryBytes: 1_500 * MB,
  markCacheBytes: 128 * MB,
  mergeThreads: 2,
}

/**
 * Threads that the embedded engine may occupy at once in the process's thread pool, the control connection included.
 * `UV_THREADPOOL_SIZE` must exceed it before the process does any I/O, else a full lane stops the others.
 */
export function embeddedThreads(limits: EventStoreLimits): number {
  return limits.interactiveQueries + limits.backgroundQueries + limits.ingestionQueries + 1
}

export function laneSize(limits: EventStoreLimits, lane: Lane): number {
  const sizes: Record<Lane, number> = {
    interactive: limits.interactiveQueries,
    background: limits.backgroundQueries,
    ingestion: limits.ingestionQueries,
  }
  return sizes[lane]
}
