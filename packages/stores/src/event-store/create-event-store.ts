import { migrateEventStore } from '../migrations/event-store/migrate.ts'
import { createChdbEngine } from './chdb-engine.ts'
import type { EventStore } from './event-store.ts'
import { createEventStoreOn } from './event-store-on-engine.ts'
import { type EventStoreLimits, eventStoreLimits } from './limits.ts'

export interface ChdbEventStoreOptions {
  /** Directory of the engine; made when absent. Nothing else may be in it, and one process at a time may use it. */
  path: string
  limits?: Partial<EventStoreLimits>
}

/**
 * Opens the embedded event store and brings its tables up to date.
 * Throws {@link EventStoreError} `database_newer_than_program`.
 */
export async function createChdbEventStore(options: ChdbEventStoreOptions): Promise<EventStore> {
  const limits = { ...eventStoreLimits, ...options.limits }
  const store = createEventStoreOn(createChdbEngine(options.path, limits), limits)
  try {
    await migrateEventStore([{ name: options.path, query: async (sql) => (await store.query(sql)).rows, command: store.command }], {
      kind: 'single',
    })
  } catch (error) {
    await store.close()
    throw error
  }
  return store
}
