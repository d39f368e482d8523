import type { RejectionReason, WarningReason } from '@hedgerow/protocol'
import type { BatchJournal } from './batch/batch-journal.ts'
import type { CommittedChanges } from './batch/committed-changes.ts'

/** How ingestion is doing; plain data. Counts are since this worker began. */
export interface IngestionStatus {
  state: 'starting' | 'waiting_for_lease' | 'running' | 'stopped'
  /** Everything in the log up to here is stored or accounted for. */
  processedPosition: number
  /** Age of the oldest event that is being worked on; 0 when nothing waits. */
  lagMs: number
  batches: number
  stored: number
  rejected: number
  repeated: number
  /** By reason: rejections and warnings. */
  warnings: Partial<Record<RejectionReason | WarningReason, number>>
  /** What is tried again and again, and why it fails; empty when all is well. */
  failing: { doing: string; message: string; sinceMs: number }[]
  personsInMemory: number
  repeatFilterBytes: number
  /** False while uuids of earlier days are being read; every uuid is looked up until then. */
  repeatFilterComplete: boolean
}

/** What a committed batch did; plain data. */
export interface IngestionCommit {
  position: number
  /** `YYYY-MM-DD hh:mm:ss.ffffff`: the rows of this batch have it, rows of earlier ones a lesser one. */
  insertedAt: string
  projects: { projectId: number; stored: number; rejected: number; repeated: number }[]
  /** What it changed of persons and groups, if anything. */
  changes?: CommittedChanges
}

export class StatusKeeper {
  state: IngestionStatus['state'] = 'starting'
  processedPosition = 0
  batches = 0
  private stored = 0
  private rejected = 0
  private repeated = 0
  private readonly warnings: IngestionStatus['warnings'] = {}
  private readonly failures = new Map<string, { message: string; sinceMs: number }>()
  private readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  fail(doing: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.failures.set(doing, { message, sinceMs: this.failures.get(doing)?.sinceMs ?? this.now() })
  }

  succeed(doing: string): void {
    this.failures.delete(doing)
  }

  /** Counts a batch, and says what it did. */
  addBatch(journal: BatchJournal, position: number, insertedAt: string): IngestionCommit {
    this.batches += 1
    const projects: IngestionCommit['projects'] = []
    for (const [projectId, tally] of journal.tallies) {
      let rejected = 0
      for (const [reason, count] of tally.rejected) {
        rejected += count
        this.warnings[reason] = (this.warnings[reason] ?? 0) + count
      }
      for (const [reason, count] of tally.warned) this.warnings[reason] = (this.warnings[reason] ?? 0) + count
      this.stored += tally.stored
      this.rejected += rejected
      this.repeated += tally.repeated
      projects.push({ projectId, stored: tally.stored, rejected, repeated: tally.repeated })
    }
    return { position, insertedAt, projects }
  }

  read(rest: Pick<IngestionStatus, 'lagMs' | 'personsInMemory' | 'repeatFilterBytes' | 'repeatFilterComplete'>): IngestionStatus {
    return {
      state: this.state,
      processedPosition: this.processedPosition,
      batches: this.batches,
      stored: this.stored,
      rejected: this.rejected,
      repeated: this.repeated,
      warnings: { ...this.warnings },
      failing: [...this.failures].map(([doing, failure]) => ({ doing, ...failure })),
      ...rest,
    }
  }
}
