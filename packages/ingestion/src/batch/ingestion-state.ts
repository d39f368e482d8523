import type { ApplicationStore, EventLog, EventStore } from '@hedgerow/stores'
import type { DefinitionCache } from '../definitions/project-definitions.ts'
import type { GeoLookup } from '../geo/geo-lookup.ts'
import type { GroupCache } from '../groups/group-cache.ts'
import type { PersonCache } from '../identity/person-cache.ts'
import type { DistinctIdState } from '../identity/person-state.ts'
import type { IngestionLimits } from '../limits.ts'
import type { ProjectSettingsReader } from '../projects/project-settings-reader.ts'
import type { RepeatFilter } from '../repeats/repeat-filter.ts'
import type { UuidKey } from '../repeats/stored-uuids.ts'
import type { BatchBounds } from './batch.ts'
import type { BlockMemory } from './event-blocks.ts'
import type { Sql } from './sql.ts'

/** Nothing here knows whether a store is embedded, or in another thread. */
export interface IngestionStores {
  events: EventStore
  application: ApplicationStore
  log: EventLog
}

/** What the worker knows between batches, and how it reads the stores. */
export interface IngestionState {
  limits: IngestionLimits
  geo: GeoLookup | undefined
  settings: ProjectSettingsReader
  persons: PersonCache
  groups: GroupCache
  definitions: DefinitionCache
  repeats: RepeatFilter
  blockMemory: BlockMemory
  /** Projects of whose persons somebody wants to hear the properties when they change. */
  watched: ReadonlySet<number>
  /** Distinct ids changed by batches that are prepared and not yet committed. */
  uncommitted(): DistinctIdState[]
  /** Reads the application store, waiting for it while it is away. */
  sql: Sql
  /** Which of the uuids an earlier batch has stored, within the window in which repeats are known. */
  findStored(keys: readonly UuidKey[], bounds: BatchBounds): Promise<Set<string>>
}
