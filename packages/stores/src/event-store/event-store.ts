/**
 * The event store port: ClickHouse SQL, wherever the engine runs.
 *
 * Adapters: chDB in this process, or a ClickHouse URL (one server or a cluster). Both go through
 * `@clickhouse/client`; the SQL and the tables' names are the same.
 */

/** Kept apart, so that a slow query holds up neither a quick one nor ingestion. */
export type Lane = 'interactive' | 'background' | 'ingestion'

export interface QueryOptions {
  /** Values for `{name: Type}` placeholders. */
  params?: Record<string, unknown>
  lane?: Lane
  /** Defaults from the store's configuration; a query can only ask for less than the configured ceiling. */
  maxSeconds?: number
  maxMemoryBytes?: number
  maxResultRows?: number
  /**
   * Embedded only. Arms of a UNION ALL are read one after another, in as many streams as the query has threads: an aggregation over them then keeps a table for each
   * thread, and not one for each thread of each arm.
   */
  narrowUnion?: boolean
  /** Aborting kills the query in the engine, not only the wait for it. */
  signal?: AbortSignal
  /** Marks the query in {@link EventStore.running}; made when absent. */
  queryId?: string
  /** Shown beside a running query, e.g. the project it belongs to. */
  projectId?: number
  /** Text appended to ClickHouse settings, only from code, never from a user. */
  settings?: Record<string, string | number>
}

export interface QueryResult {
  columns: { name: string; type: string }[]
  /** One array per row, in the order of `columns`; whole numbers as text where a number would lose digits. */
  rows: unknown[][]
  statistics: { elapsedMs: number; rowsRead: number; bytesRead: number }
}

export interface RunningQuery {
  queryId: string
  projectId?: number
  lane: Lane
  startedAt: string
  sql: string
}

/** ClickHouse's name of it. The default is JSONEachRow. */
export type RowFormat = 'JSONEachRow' | 'Native'

export interface EventStore {
  query(sql: string, options?: QueryOptions): Promise<QueryResult>
  /** The same, one row object at a time, for results too large to hold. */
  stream(sql: string, options?: QueryOptions): AsyncIterable<Record<string, unknown>>
  /** The same, as pieces of rows whose cells are in the order of the columns: for names that are hostile, or stand twice. */
  cells(sql: string, options?: QueryOptions): AsyncIterable<{ columns: QueryResult['columns']; rows: unknown[][] }>
  /** The whole result as a file that the engine writes. */
  file(sql: string, format: 'Parquet', options?: QueryOptions): Promise<Uint8Array>
  /**
   * Inserts rows as one block: JSONEachRow text (UTF-8, one object a line), or a block of `Native` format, see {@link EventBlock}.
   * With the same `token` the same block is stored once, however often it is inserted.
   * A row that the table refuses fails the whole call with {@link EventStoreError} `bad_row`; nothing of it is stored.
   */
  insert(table: string, rows: Uint8Array, options: { token: string; format?: RowFormat }): Promise<void>
  /** DDL, mutations, KILL; on a cluster, sent to each node. */
  command(sql: string, options?: Pick<QueryOptions, 'params' | 'lane' | 'maxSeconds'>): Promise<void>
  running(): RunningQuery[]
  /** Stops a running query in the engine. False if there is none of that id. */
  cancel(queryId: string): Promise<boolean>
  ping(): Promise<void>
  close(): Promise<void>
}

export type EventStoreErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'memory_limit'
  | 'result_too_large'
  | 'cancelled'
  | 'bad_row'
  | 'bad_query'
  | 'disk_full'
  /** Too many queries at once, or merges do not keep up: the same call may succeed later. */
  | 'overloaded'
  /** Migrations of a later version of this program were applied to the database. */
  | 'database_newer_than_program'

export class EventStoreError extends Error {
  readonly code: EventStoreErrorCode
  /** ClickHouse's own number and name for it, where it came from the engine. */
  readonly engineCode?: number
  constructor(code: EventStoreErrorCode, message: string, options?: ErrorOptions & { engineCode?: number }) {
    super(message, options)
    this.name = 'EventStoreError'
    this.code = code
    if (options?.engineCode !== undefined) this.engineCode = options.engineCode
  }
}
