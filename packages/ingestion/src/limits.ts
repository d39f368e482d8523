/** Every bound of ingestion, with its default. Times in milliseconds, sizes in bytes, lengths in UTF-16 units. */
export interface IngestionLimits {
  /** Shortest time between the beginnings of two batches, so that a trickle does not make a part for each event. */
  batchIntervalMs: number
  maxBatchEvents: number
  /** Bytes of log entries in one batch. */
  maxBatchBytes: number
  /** Bytes of rows in one block sent to the event store. */
  maxBlockBytes: number
  /** How long a uuid is remembered. */
  repeatWindowMs: number
  /** Memory of the filter that says "surely new"; when it is full, more uuids are looked up in the event store. */
  repeatFilterBytes: number
  /** How many of the newest uuids are remembered exactly (about 40 bytes each). */
  recentUuids: number
  personCacheCount: number
  personCacheBytes: number
  groupCacheCount: number
  maxDistinctIdLength: number
  maxEventNameLength: number
  maxSessionIdLength: number
  maxGroupKeyLength: number
  maxPropertyNameLength: number
  /** Names in one event, those inside nested objects included; the rest is left out. */
  maxPropertiesPerEvent: number
  /** Objects nested deeper are kept as text. */
  maxPropertyDepth: number
  maxPersonPropertiesBytes: number
  maxGroupPropertiesBytes: number
  /** An event further ahead of the server's clock than this gets the time it was received. */
  futureToleranceMs: number
  maxEventDefinitions: number
  maxPropertyDefinitions: number
  maxEventProperties: number
  /** Definitions known in memory, over all projects. */
  definitionCacheNames: number
  /** "Last seen" of definitions and persons is written at most this often. */
  lastSeenIntervalMs: number
  /** Warnings written out for one reason of one project in one batch; the counts are always whole. */
  maxWarningsPerBatch: number
  /** Warnings kept for a project. */
  maxWarningsKept: number
  /** How long outcomes of commands are kept. */
  commandOutcomesKeptMs: number
  /** How stale a project's settings may be. */
  projectSettingsMaxAgeMs: number
  /** How often overrides of persons are written into their events. */
  foldIntervalMs: number
  retryMinMs: number
  retryMaxMs: number
}

export const defaultIngestionLimits: IngestionLimits = {
  batchIntervalMs: 250,
  maxBatchEvents: 20_000,
  maxBatchBytes: 25_000_000,
  maxBlockBytes: 40_000_000,
  repeatWindowMs: 3 * 86_400_000,
  repeatFilterBytes: 128_000_000,
  recentUuids: 500_000,
  personCacheCount: 200_000,
  personCacheBytes: 200_000_000,
  groupCacheCount: 50_000,
  maxDistinctIdLength: 200,
  maxEventNameLength: 200,
  maxSessionIdLength: 100,
  maxGroupKeyLength: 400,
  maxPropertyNameLength: 200,
  maxPropertiesPerEvent: 2_000,
  maxPropertyDepth: 20,
  maxPersonPropertiesBytes: 512_000,
  maxGroupPropertiesBytes: 512_000,
  futureToleranceMs: 23 * 3_600_000,
  maxEventDefinitions: 10_000,
  maxPropertyDefinitions: 20_000,
  maxEventProperties: 200_000,
  definitionCacheNames: 2_000_000,
  lastSeenIntervalMs: 3_600_000,
  maxWarningsPerBatch: 50,
  maxWarningsKept: 10_000,
  commandOutcomesKeptMs: 86_400_000,
  projectSettingsMaxAgeMs: 5_000,
  foldIntervalMs: 3_600_000,
  retryMinMs: 100,
  retryMaxMs: 5_000,
}
