import type { Suggestion } from '@hedgerow/hogql'

export interface Timing {
  /** Phase. */
  k: string
  /** Seconds. */
  t: number
}

/** The answer to any query of rows. */
export interface QueryResponse extends QueryAccount {
  results: unknown[][]
  columns: string[]
  /** Texts, or for HogQLQuery pairs of column and type. */
  types: unknown[]
  hasMore: boolean
  limit: number
  offset: number
  /** HogQLQuery: the text as it came. */
  query?: string
  /** HogQLQuery with `explain`: the engine's plan, and what it expects to read. */
  explain?: string[]
  estimate?: { rows: number; tables: unknown[] }
  /** EventsQuery by time: where to go on with `before`. */
  nextCursor?: unknown
  /** HogQLMetadata. */
  isValid?: boolean
  errors?: { message: string; start?: number; end?: number }[]
  notices?: { message: string; start?: number; end?: number }[]
  table_names?: string[]
  /** HogQLAutocomplete: what can stand at the place, best first; whether there is more than the list holds. */
  suggestions?: Suggestion[]
  incomplete_list?: boolean
  /** DatabaseSchemaQuery: tables by name, each with its fields. */
  tables?: Record<string, unknown>
  joins?: unknown[]
  /** ActorsQuery: actors of the source that no longer exist. */
  missing_actors_count?: number
}

/** How an answer came about. */
export interface QueryAccount {
  /** The query as HogQL, placeholders and limits filled in. */
  hogql: string
  /** The SQL that ran, with its parameters' values beside it. */
  clickhouse: string
  clickhouse_params: Record<string, unknown>
  timings: Timing[]
  error: null
  rows_read: number
  bytes_read: number
  elapsed_ms: number
  /** What "now" meant. */
  as_of: string
  /** Every event stored up to this moment is in the answer; null while none ever was. */
  included_until: string | null
  timezone: string
  is_cached: boolean
  last_refresh: string
  modifiers: Record<string, unknown>
  warnings: string[]
}
