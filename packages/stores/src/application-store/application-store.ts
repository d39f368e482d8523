import type { Kysely } from 'kysely'
import type pg from 'pg'
import type { ApplicationTables } from './tables.ts'

/**
 * The application store port: PostgreSQL, wherever it runs.
 *
 * Adapters: PGlite in a worker thread behind its socket, or a Postgres URL. Both are reached through `pg`.
 */
export interface ApplicationStore {
  /** Typed queries. */
  readonly db: Kysely<ApplicationTables>
  /** For statements that Kysely cannot say, e.g. upserts with `unnest`. */
  readonly pool: pg.Pool
  /** Connection settings that another thread of this process can open its own pool with. */
  readonly connection: ApplicationStoreConnection
  ping(): Promise<void>
  close(): Promise<void>
}

/** Plain data: can be sent to a worker thread. */
export type ApplicationStoreConnection = { kind: 'socket'; path: string; database: string; user: string } | { kind: 'url'; url: string }
