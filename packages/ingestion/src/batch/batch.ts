import type { CommandEntry } from '@hedgerow/protocol'
import type { LogEntry } from '@hedgerow/stores'

/** Log entries that are processed together: positions after `from`, up to and including `to`. */
export interface BatchBounds {
  /** The log that the positions are of. */
  logId: string
  /** Counts batches of this process, from 1. */
  number: number
  from: number
  to: number
  /** One value for each batch, strictly increasing, microseconds since 1970; also the version of all it changes. */
  insertedAtMicros: number
}

/** A batch holds events, or one command. */
export type Batch = BatchBounds & ({ kind: 'events'; entries: LogEntry[] } | { kind: 'command'; command: CommandEntry })

/** What blocks of a batch are recognised by when they are inserted again after a crash. */
export function tokenOf(batch: BatchBounds, table: string, chunk = 0): string {
  return `${table}:${batch.from}-${batch.to}@${batch.insertedAtMicros}:${chunk}`
}
