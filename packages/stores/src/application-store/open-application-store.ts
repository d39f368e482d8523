import { applicationMigrations } from '../migrations/application/application-migrations.ts'
import { runMigrations } from '../migrations/runner/run-migrations.ts'
import { StoresError } from '../stores-error.ts'
import type { ApplicationStore, ApplicationStoreConnection } from './application-store.ts'
import type { ApplicationStoreLimits } from './application-store-limits.ts'
import { checkDatabaseUrl, connectApplicationStore } from './connect-application-store.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'

export type ApplicationStoreLocation = { directory: string } | { url: string }

/**
 * Opens the application store and brings its tables up to date. In a directory, Postgres itself is started too; only one process may.
 * Throws {@link StoresError}.
 */
export async function openApplicationStore(location: ApplicationStoreLocation, limits: ApplicationStoreLimits): Promise<ApplicationStore> {
  if ('url' in location) {
    checkDatabaseUrl(location.url)
    return prepare(connectApplicationStore({ kind: 'url', url: location.url }, limits))
  }
  const server = await startEmbeddedPostgres(location.directory, limits)
  const connection: ApplicationStoreConnection = { kind: 'socket', path: server.socketPath, database: 'postgres', user: 'postgres' }
  try {
    const store = await prepare(connectApplicationStore(connection, limits))
    return {
      ...store,
      async close() {
        await store.close()
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

async function prepare(store: ApplicationStore): Promise<ApplicationStore> {
  try {
    await store.ping().catch((error: Error) => {
      throw new StoresError('application_store_unreachable', `The application database cannot be reached: ${error.message}`, {
        cause: error,
      })
    })
    await runMigrations(store.pool, applicationMigrations)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
