import { randomUUID } from 'node:crypto'
import type { EventStore, Lane } from '@hedgerow/stores'

/** What one question asks of the engine while it is answered. */
export interface EngineWork {
  lane: Lane
  /** Ids of the statements that run at this moment. */
  readonly queryIds: Set<string>
  /** Of the statements that have finished. */
  rowsRead: number
}

export const engineWork = (lane: Lane): EngineWork => ({ lane, queryIds: new Set(), rowsRead: 0 })

/** The same store, whose queries run in the work's lane under ids that the work knows, so that they can be listed with their progress. */
export function watchedEventStore(events: EventStore, work: EngineWork): EventStore {
  async function watch<Result>(act: (queryId: string) => Promise<Result>): Promise<Result> {
    const queryId = randomUUID()
    work.queryIds.add(queryId)
    try {
      return await act(queryId)
    } finally {
      work.queryIds.delete(queryId)
    }
  }

  async function* watchPieces<Piece>(open: (queryId: string) => AsyncIterable<Piece>): AsyncIterable<Piece> {
    const queryId = randomUUID()
    work.queryIds.add(queryId)
    try {
      yield* open(queryId)
    } finally {
      work.queryIds.delete(queryId)
    }
  }

  return {
    ...events,
    async query(sql, options = {}) {
      const result = await watch((queryId) => events.query(sql, { lane: work.lane, ...options, queryId }))
      work.rowsRead += result.statistics.rowsRead
      return result
    },
    stream: (sql, options = {}) => watchPieces((queryId) => events.stream(sql, { lane: work.lane, ...options, queryId })),
    cells: (sql, options = {}) => watchPieces((queryId) => events.cells(sql, { lane: work.lane, ...options, queryId })),
    file: (sql, format, options = {}) => watch((queryId) => events.file(sql, format, { lane: work.lane, ...options, queryId })),
  }
}
