import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { StoresError } from '../stores-error.ts'
import type { ApplicationStore, ApplicationStoreConnection } from './application-store.ts'
import type { ApplicationStoreLimits } from './application-store-limits.ts'
import { columnTypes } from './column-types.ts'
import { socketAddress } from './embedded-postgres.ts'
import type { ApplicationTables } from './tables.ts'

/** Opens a pool to a Postgres that runs already: on a server, or embedded in this process. Connects lazily. */
export function connectApplicationStore(connection: ApplicationStoreConnection, limits: ApplicationStoreLimits): ApplicationStore {
  const pool = new pg.Pool(poolConfig(connection, limits))
  // why: an idle connection that breaks is replaced by the pool; the next query reports what matters.
  pool.on('error', () => undefined)
  const db = new Kysely<ApplicationTables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    connection,
    async ping() {
      await pool.query('SELECT 1')
    },
    async close() {
      await db.destroy()
      // tricky: Kysely ends the pool only if it was itself ever asked something; an open pool keeps its thread alive for ten seconds.
      if (!pool.ending) await pool.end()
    },
  }
}

function poolConfig(connection: ApplicationStoreConnection, limits: ApplicationStoreLimits): pg.PoolConfig {
  return {
    ...clientConfig(connection),
    max: limits.maxConnections,
    connectionTimeoutMillis: limits.connectionTimeoutMs,
    types: columnTypes,
    ...(connection.kind === 'url' && {
      statement_timeout: limits.statementTimeoutMs,
      idle_in_transaction_session_timeout: limits.idleTransactionTimeoutMs,
    }),
  }
}

function clientConfig(connection: ApplicationStoreConnection): pg.ClientConfig {
  if (connection.kind === 'socket') {
    return { ...socketAddress(connection.path), database: connection.database, user: connection.user }
  }
  return { connectionString: connection.url, application_name: 'hedgerow', keepAlive: true, options: '-c TimeZone=UTC' }
}

/** Throws {@link StoresError} `invalid_store_url` unless `url` is one of a Postgres database. */
export function checkDatabaseUrl(url: string): void {
  const example = 'postgres://user:password@host:5432/database'
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    // why: the value may hold a password, so it is not repeated.
    throw new StoresError(
      'invalid_store_url',
      `The database URL must look like ${example}; this one begins with "${url.slice(0, url.indexOf(':') + 1)}"`,
    )
  }
}
