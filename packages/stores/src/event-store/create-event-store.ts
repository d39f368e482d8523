import { migrateEventStore } from '../migrations/event-store/migrate.ts'
import { createChdbEngine } from './chdb-engine.ts'
import { createClickHouseEngine } from './clickhouse-engine.ts'
import { toEventStoreError } from './errors.ts'
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
      isEmbedded: true,
    })
  } catch (error) {
    await store.close()
    throw error
  }
  return store
}

export interface ClickHouseEventStoreOptions {
  /** `http(s)://user:password@host:port/database`; the database is `hedgerow` when the path is empty, and made when absent. */
  url: string
  /**
   * A cluster's name in `system.clusters`: each node gets tables of its own and `Distributed` tables over them.
   * Absent: one server, whatever clusters it knows.
   */
  cluster?: string
  /** HTTP addresses of the cluster's nodes, where they are not its host names with the URL's port. */
  nodeUrls?: readonly string[]
  /** Tables of a cluster are replicated by Keeper, by the macros `{shard}` and `{replica}`. Default false. */
  isReplicated?: boolean
  limits?: Partial<EventStoreLimits>
}

/**
 * Opens the event store on a ClickHouse server or cluster and brings its tables up to date.
 * Throws {@link EventStoreError} `unreachable` or `database_newer_than_program`.
 */
export async function createClickHouseEventStore(options: ClickHouseEventStoreOptions): Promise<EventStore> {
  const limits = { ...eventStoreLimits, ...options.limits }
  const { url, cluster, nodeUrls, isReplicated = false } = options
  try {
    const engine = await createClickHouseEngine({ url, limits, cluster, nodeUrls })
    const { database, localDatabase } = engine
    try {
      await migrateEventStore(
        engine.nodes,
        cluster ? { kind: 'cluster', cluster, database, localDatabase, isReplicated } : { kind: 'single' },
      )
    } catch (error) {
      await engine.close()
      throw error
    }
    return createEventStoreOn(engine, limits)
  } catch (error) {
    throw toEventStoreError(error, 'command')
  }
}
