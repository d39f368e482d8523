export type { ApplicationStore, ApplicationStoreConnection } from './application-store/application-store.ts'
export { type ApplicationStoreLimits, defaultApplicationStoreLimits } from './application-store/application-store-limits.ts'
export { connectApplicationStore } from './application-store/connect-application-store.ts'
export { openApplicationStore } from './application-store/open-application-store.ts'
export type * from './application-store/tables.ts'
export {
  type EventLog,
  EventLogUnavailable,
  type LogEntry,
  type LogEntryHead,
  maxEntryBytes,
  type NewLogEntry,
} from './event-log/event-log.ts'
export { defaultEventLogLimits, type EventLogLimits } from './event-log/event-log-limits.ts'
export { EventBlock, type EventCells } from './event-store/event-block/event-block.ts'
export {
  type EventStore,
  EventStoreError,
  type EventStoreErrorCode,
  type Lane,
  type QueryOptions,
  type QueryResult,
  type RowFormat,
  type RunningQuery,
} from './event-store/event-store.ts'
export { type EventStoreLimits, embeddedThreads, eventStoreLimits } from './event-store/limits.ts'
export { emptySnapshot, personSnapshot, snapshotText, type WrittenSnapshot, writtenSnapshot } from './event-store/person-snapshot.ts'
export {
  type CohortPersonRow,
  type EventRow,
  eventStoreTables,
  type GroupRow,
  type PersonDistinctIdOverrideRow,
  type PersonDistinctIdRow,
  type PersonRow,
  type StaticCohortPersonRow,
} from './event-store/rows.ts'
export {
  connectStores,
  defaultStoresLimits,
  openStores,
  type SharedStores,
  type Stores,
  type StoresConfig,
  type StoresLimits,
  shareStores,
} from './stores.ts'
export { StoresError, type StoresErrorCode } from './stores-error.ts'
export { startWorkerThread } from './worker-entry.ts'
