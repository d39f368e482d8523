import type { RowFormat } from './event-store.ts'

/** What an adapter must be able to do; {@link createEventStoreOn} adds lanes, limits, cancelling and error codes. */
export interface Engine {
  /** Cores that it shares with this process; absent where it runs elsewhere. */
  readonly cores?: number
  /** Resolves with the result as JSONCompact text. */
  query(request: EngineRequest): Promise<string>
  /** Yields the result in pieces. Leaving the loop early releases everything. */
  stream(request: EngineRequest): AsyncIterable<EnginePiece>
  /** Resolves with the whole result as a file of that format, e.g. `Parquet`. */
  file(request: EngineRequest, format: string): Promise<Uint8Array>
  /** Inserts the rows as one block. */
  insert(request: EngineInsert): Promise<void>
  command(request: EngineRequest): Promise<void>
  /** Asks the engine to stop a query; true if it knew it. Returns without waiting for the end. */
  kill(queryId: string): Promise<boolean>
  close(): Promise<void>
}

export type EngineSettings = Record<string, string | number>

export interface EngineRequest {
  sql: string
  params: Record<string, unknown>
  settings: EngineSettings
  queryId: string
}

export interface EngineInsert {
  table: string
  rows: Uint8Array
  format: RowFormat
  settings: EngineSettings
  queryId: string
}

/** Lines of JSONCompactEachRowWithNamesAndTypes. */
export interface EnginePiece {
  lines: string[]
  /** The first two lines are the columns' names and types: in the first piece always, in later ones perhaps. */
  hasHeader: boolean
}
