import { createIngestion, type Ingestion, type IngestionLimits, openGeoDatabase } from '@hedgerow/ingestion'
import type { Stores } from '@hedgerow/stores'
import type { Log } from './log.ts'

export interface IngestionRunner {
  /** Ends after the batch that is being written. */
  stop(): Promise<void>
  /** Why it stands still, if it does. */
  stalled(): string | undefined
}

/** Runs ingestion, and again when it ended by an error. */
export async function runIngestion(
  stores: Stores,
  options: { limits: IngestionLimits; geoipFile: string | undefined; log: Log },
): Promise<IngestionRunner> {
  const geo = options.geoipFile === undefined ? undefined : await openGeoDatabase(options.geoipFile)
  const ingestion: Ingestion = createIngestion({ stores, limits: options.limits, ...(geo ? { geo } : {}) })
  ingestion.start()
  return {
    stop: () => ingestion.stop(),
    stalled: () => ingestion.status().failing.map(({ doing, message }) => `${doing}: ${message}`)[0],
  }
}
