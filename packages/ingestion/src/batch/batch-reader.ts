import { setTimeout as delay } from 'node:timers/promises'
import type { EventLog, LogEntry } from '@hedgerow/stores'
import type { IngestionLimits } from '../limits.ts'
import { parseEntryBody } from '../steps/parse-entry.ts'
import type { Batch } from './batch.ts'
import type { PendingBatch } from './progress.ts'
import type { Persist } from './write-batch.ts'

/** limit: how long one wait for entries lasts before it is begun again. */
const waitMs = 5_000
/** limit: entries asked of the log at once; far above what a batch holds. */
const maxEntries = 50_000

export interface ReaderOptions {
  log: EventLog
  logId: string
  limits: Pick<IngestionLimits, 'maxBatchEvents' | 'maxBatchBytes' | 'batchIntervalMs'>
  now: () => number
  /** Where reading begins, and the newest instant used so far. */
  from: number
  lastInsertedAtMicros: number
  /** Tries again while the log is away. */
  persist: Persist
}

/** Cuts the log into batches. A command is a batch of its own. */
export class BatchReader {
  private readonly options: ReaderOptions
  private position: number
  private lastInsertedAtMicros: number
  private number = 0
  private lastReadAtMs = 0
  /** Entries read and not yet in a batch. */
  private ahead: LogEntry[] = []

  constructor(options: ReaderOptions) {
    this.options = options
    this.position = options.from
    this.lastInsertedAtMicros = options.lastInsertedAtMicros
  }

  /** A batch that was begun before, by its bounds. Undefined if the log no longer holds anything of it. */
  async readAgain(pending: PendingBatch): Promise<Batch | undefined> {
    const entries: LogEntry[] = []
    let after = this.position
    while (after < pending.to) {
      const read = await this.read(after, this.options.limits.maxBatchBytes)
      const within = read.filter((entry) => entry.position <= pending.to)
      entries.push(...within)
      after = within.at(-1)?.position ?? pending.to
    }
    if (entries.length === 0) {
      this.position = pending.to
      return undefined
    }
    this.lastInsertedAtMicros = Math.max(this.lastInsertedAtMicros, pending.insertedAtMicros)
    return this.batchOf(entries, pending.to, pending.insertedAtMicros)
  }

  /** The next batch, as soon as there is one; undefined when aborted. */
  async next(signal: AbortSignal): Promise<Batch | undefined> {
    const { log, limits, now, persist } = this.options
    while (!signal.aborted) {
      if (this.ahead.length === 0 && !(await persist('wait for events', () => log.waitForEntries(this.position, waitMs, signal)))) continue
      const pauseMs = this.lastReadAtMs + limits.batchIntervalMs - now()
      if (pauseMs > 0) await delay(Math.min(pauseMs, limits.batchIntervalMs), undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return undefined
      this.lastReadAtMs = now()
      await this.readAhead()
      const entries = this.takeEntries()
      const last = entries.at(-1)
      if (!last) continue
      this.lastInsertedAtMicros = Math.max(now() * 1_000, this.lastInsertedAtMicros + 1)
      return this.batchOf(entries, last.position, this.lastInsertedAtMicros)
    }
    return undefined
  }

  private read(after: number, maxBytes: number): Promise<LogEntry[]> {
    return this.options.persist('read the event log', () => this.options.log.read(after, { maxEntries, maxBytes }))
  }

  private async readAhead(): Promise<void> {
    const { limits } = this.options
    const aheadBytes = this.ahead.reduce((sum, entry) => sum + entry.payload.byteLength, 0)
    if (aheadBytes >= limits.maxBatchBytes / 2) return
    const after = this.ahead.at(-1)?.position ?? this.position
    this.ahead.push(...(await this.read(after, limits.maxBatchBytes - aheadBytes)))
  }

  private takeEntries(): LogEntry[] {
    const { maxBatchEvents } = this.options.limits
    let events = 0
    let count = 0
    for (const entry of this.ahead) {
      // A command counts no events; whether an entry is one is only in its body.
      const isCommand = entry.eventCount === 0
      if (count > 0 && (isCommand || events + entry.eventCount > maxBatchEvents)) break
      events += entry.eventCount
      count += 1
      if (isCommand) break
    }
    return this.ahead.splice(0, count)
  }

  private batchOf(entries: LogEntry[], to: number, insertedAtMicros: number): Batch {
    this.number += 1
    const bounds = { logId: this.options.logId, number: this.number, from: this.position, to, insertedAtMicros }
    this.position = to
    const [first] = entries
    const body = first && entries.length === 1 && first.eventCount === 0 ? parseEntryBody(first.payload) : undefined
    return body?.kind === 'command' ? { ...bounds, kind: 'command', command: body } : { ...bounds, kind: 'events', entries }
  }
}
