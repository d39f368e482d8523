import type { IngestionLimits } from '../limits.ts'
import { ExactUuidSet } from './exact-uuid-set.ts'
import { UuidGenerations } from './uuid-generations.ts'
import { readUuidWords } from './uuid-words.ts'

/** 'repeat' and 'new' are certain; 'unsure' is to be looked up in the event store. */
export type RepeatVerdict = 'new' | 'repeat' | 'unsure'

/** What is known in memory of the uuids of the last days, each project's apart. */
export class RepeatFilter {
  private readonly recent: ExactUuidSet
  private readonly older: UuidGenerations
  private readonly words = new Uint32Array(4)
  private complete = false

  constructor(limits: Pick<IngestionLimits, 'repeatWindowMs' | 'repeatFilterBytes' | 'recentUuids'>) {
    this.recent = new ExactUuidSet(limits.recentUuids)
    this.older = new UuidGenerations({ windowMs: limits.repeatWindowMs, maxBytes: limits.repeatFilterBytes })
  }

  /** The verdict on an event on its way; from now on the uuid is a repeat. */
  take(projectId: number, uuid: string, nowMs: number): RepeatVerdict {
    const { words } = this
    if (!readUuidWords(uuid, words)) return 'new'
    if (this.recent.has(projectId, words)) return 'repeat'
    const verdict = this.complete && !this.older.mayHave(projectId, words) ? 'new' : 'unsure'
    this.recent.add(projectId, words)
    this.older.add(projectId, words, nowMs)
    return verdict
  }

  /** Remembers what was stored before this process began; `uuids` are canonical ones, joined without anything between. */
  addStored(projectId: number, uuids: string, storedAtMs: number): void {
    for (let at = 0; at + 36 <= uuids.length; at += 36) {
      if (readUuidWords(uuids, this.words, at)) this.older.add(projectId, this.words, storedAtMs)
    }
  }

  /** From here on, a uuid that is not remembered is surely new. */
  markComplete(): void {
    this.complete = true
  }

  get isComplete(): boolean {
    return this.complete
  }

  forget(nowMs: number): void {
    this.older.forget(nowMs)
  }

  get sizeBytes(): number {
    return this.recent.sizeBytes + this.older.sizeBytes
  }
}
