import type { SharedStores } from '@hedgerow/stores'
import type { IngestionLimits } from './limits.ts'
import type { IngestionCommit, IngestionStatus } from './status.ts'

/** What the thread is given to begin with. */
export interface IngestionJob {
  shared: Omit<SharedStores, 'transferList'>
  limits: Partial<IngestionLimits>
  geoipFile: string | undefined
}

/** What the thread tells. */
export type IngestionReport =
  | { kind: 'ready' }
  | { kind: 'commit'; commit: IngestionCommit }
  | { kind: 'status'; status: IngestionStatus }
  | { kind: 'warning'; message: string }
  | { kind: 'stopped' }

/** What the thread is told. */
export type IngestionOrder = { kind: 'stop' } | { kind: 'watch'; projectIds: readonly number[] }
