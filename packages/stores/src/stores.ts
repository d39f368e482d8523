import { join, resolve } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { ApplicationStore, ApplicationStoreConnection } from './application-store/application-store.ts'
import { type ApplicationStoreLimits, defaultApplicationStoreLimits } from './application-store/application-store-limits.ts'
import { connectApplicationStore } from './application-store/connect-application-store.ts'
import { openApplicationStore } from './application-store/open-application-store.ts'
import { lockDataDirectory } from './data-directory.ts'
import type { EventLog } from './event-log/event-log.ts'
import { defaultEventLogLimits, type EventLogLimits } from './event-log/event-log-limits.ts'
import { connectEventLog, serveEventLog } from './event-log/event-log-port.ts'
import { openFileEventLog } from './event-log/file-event-log.ts'
import { defaultJetStreamOptions, type JetStreamOptions, openJetStreamEventLog } from './event-log/jetstream-event-log.ts'
import { type ClickHouseEventStoreOptions, createChdbEventStore, createClickHouseEventStore } from './event-store/create-event-store.ts'
import type { EventStore } from './event-store/event-store.ts'
import { type EventStoreLimits, eventStoreLimits } from './event-store/limits.ts'
import { connectEventStore, serveEventStore } from './event-store/message-port.ts'

export interface StoresLimits {
  eventStore: EventStoreLimits
  applicationStore: ApplicationStoreLimits
  eventLog: EventLogLimits
}

export const defaultStoresLimits: StoresLimits = {
  eventStore: eventStoreLimits,
  applicationStore: defaultApplicationStoreLimits,
  eventLog: defaultEventLogLimits,
}

/** A store is embedded, in a folder of the data directory, unless it has a URL. Limits left out are the defaults. */
export interface StoresConfig {
  /** Made when absent, and locked for this process unless no store is embedded. */
  dataDir: string
  /** `http(s)://user:password@host:8123/database` */
  clickhouseUrl?: string | undefined
  /** A cluster's name in `system.clusters`; absent: one server. */
  clickhouseCluster?: string | undefined
  /** HTTP addresses of the cluster's nodes, where they are not its host names with the URL's port. */
  clickhouseNodeUrls?: readonly string[] | undefined
  /** Tables of the cluster are replicated by Keeper. */
  isClickhouseReplicated?: boolean | undefined
  /** `postgres://user:password@host:5432/database` */
  databaseUrl?: string | undefined
  /** `nats://host:4222`, several separated by commas. */
  natsUrl?: string | undefined
  /** Name of the JetStream stream; another one for each installation that shares the server. */
  natsStream?: string | undefined
  /** How many servers of a NATS cluster keep the stream; used when it is made. */
  natsReplicas?: number | undefined
  eventStore?: Partial<EventStoreLimits> | undefined
  applicationStore?: Partial<ApplicationStoreLimits> | undefined
  eventLog?: Partial<EventLogLimits> | undefined
}

export interface Stores {
  events: EventStore
  application: ApplicationStore
  log: EventLog
  close(): Promise<void>
}

/** How a worker thread reaches the stores: pass it as the thread's data, and `transferList` along with it. */
export interface SharedStores {
  events: MessagePort | ClickHouseEventStoreOptions
  application: ApplicationStoreConnection
  log: MessagePort | ({ natsUrl: string } & JetStreamOptions)
  limits: StoresLimits
  transferList: MessagePort[]
}

/** What {@link shareStores} needs to know of stores that were opened here. */
const configs = new WeakMap<Stores, { config: StoresConfig; limits: StoresLimits; ports: Set<MessagePort> }>()

/**
 * Opens the three stores and brings their tables up to date.
 * Throws StoresError `data_directory_in_use`, `data_directory_unusable`, `application_store_unreachable`, `database_newer_than_program`,
 * `migration_changed`, `migration_failed` or `invalid_store_url`; EventStoreError; or EventLogUnavailable. Then nothing is left open.
 */
export async function openStores(config: StoresConfig): Promise<Stores> {
  const limits = completeLimits(config)
  const { databaseUrl, natsUrl } = config
  // why: Postgres takes a directory for its socket only where it is absolute; else it is a host name.
  const dataDir = resolve(config.dataDir)
  const isAllRemote = [config.clickhouseUrl, databaseUrl, natsUrl].every((url) => url !== undefined)
  const lock = isAllRemote ? undefined : await lockDataDirectory(dataDir)
  const clickhouse = clickhouseOptions(config, limits)
  const opening = await Promise.allSettled([
    clickhouse === undefined
      ? createChdbEventStore({ path: join(dataDir, 'analytics'), limits: limits.eventStore })
      : createClickHouseEventStore(clickhouse),
    openApplicationStore(
      databaseUrl === undefined ? { directory: join(dataDir, 'application') } : { url: databaseUrl },
      limits.applicationStore,
    ),
    natsUrl === undefined
      ? openFileEventLog(join(dataDir, 'log'), limits.eventLog)
      : openJetStreamEventLog(natsUrl, limits.eventLog, jetStreamOptions(config)),
  ])
  const [events, application, log] = opening
  if (events.status === 'rejected' || application.status === 'rejected' || log.status === 'rejected') {
    for (const store of opening) if (store.status === 'fulfilled') await store.value.close()
    await lock?.release()
    throw opening.find((store) => store.status === 'rejected')?.reason
  }
  const ports = new Set<MessagePort>()
  const stores: Stores = {
    events: events.value,
    application: application.value,
    log: log.value,
    async close() {
      for (const port of ports) port.close()
      const closing = await Promise.allSettled([log.value.close(), application.value.close(), events.value.close()])
      await lock?.release()
      const failed = closing.find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
  }
  configs.set(stores, { config, limits, ports })
  return stores
}

/** Prepares the stores for one more thread. They must stay open here as long as it uses them. */
export function shareStores(stores: Stores): SharedStores {
  const opened = configs.get(stores)
  if (opened === undefined) throw new Error('Only stores that openStores() opened in this thread can be shared')
  const { config, limits, ports } = opened
  const transferList: MessagePort[] = []
  function share(serve: (port: MessagePort) => void): MessagePort {
    const { port1, port2 } = new MessageChannel()
    serve(port1)
    // why: the thread at the other end may end without a word, and must not keep this process alive.
    port1.unref()
    port1.once('close', () => ports.delete(port1))
    ports.add(port1)
    transferList.push(port2)
    return port2
  }
  return {
    events: clickhouseOptions(config, limits) ?? share((port) => serveEventStore(stores.events, port)),
    application: stores.application.connection,
    log:
      config.natsUrl === undefined
        ? share((port) => serveEventLog(stores.log, port))
        : { natsUrl: config.natsUrl, ...jetStreamOptions(config) },
    limits,
    transferList,
  }
}

/** The stores in another thread. Closing them closes this thread's connections only. */
export async function connectStores(shared: SharedStores): Promise<Stores> {
  const application = connectApplicationStore(shared.application, shared.limits.applicationStore)
  const events = 'postMessage' in shared.events ? connectEventStore(shared.events) : await createClickHouseEventStore(shared.events)
  const log =
    'postMessage' in shared.log
      ? connectEventLog(shared.log)
      : await openJetStreamEventLog(shared.log.natsUrl, shared.limits.eventLog, shared.log)
  return {
    events,
    application,
    log,
    async close() {
      await Promise.all([log.close(), application.close(), events.close()])
    },
  }
}

function completeLimits(config: StoresConfig): StoresLimits {
  return {
    eventStore: { ...eventStoreLimits, ...config.eventStore },
    applicationStore: { ...defaultApplicationStoreLimits, ...config.applicationStore },
    eventLog: { ...defaultEventLogLimits, ...config.eventLog },
  }
}

function clickhouseOptions(config: StoresConfig, limits: StoresLimits): ClickHouseEventStoreOptions | undefined {
  const { clickhouseUrl, clickhouseCluster, clickhouseNodeUrls, isClickhouseReplicated } = config
  if (clickhouseUrl === undefined) return undefined
  return {
    url: clickhouseUrl,
    limits: limits.eventStore,
    ...(clickhouseCluster !== undefined && { cluster: clickhouseCluster }),
    ...(clickhouseNodeUrls !== undefined && { nodeUrls: clickhouseNodeUrls }),
    ...(isClickhouseReplicated !== undefined && { isReplicated: isClickhouseReplicated }),
  }
}

function jetStreamOptions({ natsStream, natsReplicas }: StoresConfig): JetStreamOptions {
  return { stream: natsStream ?? defaultJetStreamOptions.stream, replicas: natsReplicas ?? defaultJetStreamOptions.replicas }
}
