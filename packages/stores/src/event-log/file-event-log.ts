import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoresError } from '../stores-error.ts'
import { type EventLog, EventLogUnavailable, type LogEntry, type LogEntryHead, maxEntryBytes, type NewLogEntry } from './event-log.ts'
import type { EventLogLimits } from './event-log-limits.ts'
import { logHeaderBytes } from './log-record.ts'
import { LogSegment, segmentFile } from './log-segment.ts'

/** Written and flushed together at most. */
const commitBytes = 8 * 1024 ** 2
const freeDiskCheckMs = 250
const truncatedName = 'truncated'
const identityName = 'identity'

interface PendingAppend {
  entries: readonly NewLogEntry[]
  bytes: number
  resolve: () => void
  reject: (error: Error) => void
}

/**
 * Opens the embedded event log: files in `directory`, which only one process may have open.
 * Appends that come while one is being flushed are flushed together next.
 * Throws {@link StoresError} `data_directory_unusable`.
 */
export async function openFileEventLog(directory: string, limits: EventLogLimits): Promise<EventLog> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const log = new FileEventLog(directory, limits)
    await log.open()
    return log
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoresError('data_directory_unusable', `The event log in ${directory} cannot be opened: ${reason}`, { cause: error })
  }
}

class FileEventLog implements EventLog {
  readonly #directory: string
  readonly #limits: EventLogLimits
  /** In order; the last one is written to. Never empty once open. */
  #segments: LogSegment[] = []
  #truncatedUpTo = 0
  #identity = ''
  /** Truncated bytes of the first segment, which it gives back when all of it is truncated. */
  #forgottenBytes = 0
  #queue: PendingAppend[] = []
  #queuedBytes = 0
  #committing: Promise<void> | undefined
  #freeDisk = { checkedAt: 0, isEnough: true, bytes: 0 }
  /** Reads and removals of files, so that none is closed under a reader. */
  #readers = 0
  #removable: LogSegment[] = []
  #waiters = new Set<() => void>()
  #isClosed = false

  constructor(directory: string, limits: EventLogLimits) {
    this.#directory = directory
    this.#limits = limits
  }

  async open(): Promise<void> {
    const names = await readdir(this.#directory)
    const firsts = names.map((name) => Number(segmentFile.exec(name)?.[1] ?? 0)).filter((first) => first > 0)
    firsts.sort((a, b) => a - b)
    for (const first of firsts.length > 0 ? firsts : [1]) this.#segments.push(await LogSegment.open(this.#directory, first))
    this.#identity = await readIdentity(this.#directory)
    await flushDirectory(this.#directory)
    const truncated = await readFile(join(this.#directory, truncatedName), 'utf8').catch(() => '0')
    this.#truncatedUpTo = Math.min(Number.parseInt(truncated, 10) || 0, this.#current.last)
    await this.#forget()
  }

  async append(entries: readonly NewLogEntry[]): Promise<void> {
    if (this.#isClosed) throw new EventLogUnavailable('event_log_unreachable', 'The event log is closed')
    if (entries.length === 0) return
    let bytes = 0
    for (const { payload } of entries) {
      if (payload.byteLength > maxEntryBytes) {
        throw new RangeError(`An entry of the event log is at most ${maxEntryBytes} bytes; this one has ${payload.byteLength}`)
      }
      bytes += logHeaderBytes + payload.byteLength
    }
    const waitingBytes = this.#usedBytes + this.#queuedBytes + bytes
    if (waitingBytes > this.#limits.maxBytes) {
      const detail = `${this.#usedBytes} of ${this.#limits.maxBytes} bytes wait for ingestion`
      throw new EventLogUnavailable('event_log_full', `The event log is full: ${detail}`)
    }
    this.#queuedBytes += bytes
    await new Promise<void>((resolve, reject) => {
      this.#queue.push({ entries, bytes, resolve, reject })
      this.#committing ??= this.#commitAll()
    })
  }

  async read(after: number, limits: { maxEntries: number; maxBytes: number }): Promise<LogEntry[]> {
    return this.#reading(async () => {
      const from = Math.max(after, this.#truncatedUpTo) + 1
      const segment = this.#segments.find(({ last }) => last >= from)
      return segment === undefined ? [] : segment.read(Math.max(from, segment.first), limits)
    })
  }

  async *heads(after: number): AsyncIterable<LogEntryHead> {
    for (let position = after; ; ) {
      const records = await this.#reading(async () => {
        const from = Math.max(position, this.#truncatedUpTo) + 1
        const segment = this.#segments.find(({ last }) => last >= from)
        return segment === undefined ? [] : segment.readIndex(Math.max(from, segment.first))
      })
      if (records.length === 0) return
      for (const { projectId, eventCount, position: at } of records) {
        position = at
        yield { projectId, eventCount, position }
      }
    }
  }

  waitForEntries(after: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const isThere = () => this.#current.last > after
    if (isThere() || timeoutMs <= 0 || signal?.aborted || this.#isClosed) return Promise.resolve(isThere())
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', settle)
        this.#waiters.delete(wake)
        resolve(isThere())
      }
      const wake = () => {
        if (isThere() || this.#isClosed) settle()
      }
      const timer = setTimeout(settle, timeoutMs)
      signal?.addEventListener('abort', settle, { once: true })
      this.#waiters.add(wake)
    })
  }

  async truncate(upTo: number): Promise<void> {
    const mark = Math.min(upTo, this.#current.last)
    if (mark <= this.#truncatedUpTo) return
    this.#truncatedUpTo = mark
    await this.#forget()
    // why: only a hint for the next start. Without it truncated entries come back, and ingestion knows what it has done.
    await writeFile(join(this.#directory, truncatedName), String(mark).padStart(16, '0'), { flag: 'w' }).catch(() => undefined)
  }

  async head(): Promise<number> {
    return this.#current.last
  }

  async identity(): Promise<string> {
    return this.#identity
  }

  async size(): Promise<{ usedBytes: number; limitBytes: number }> {
    return { usedBytes: this.#usedBytes, limitBytes: this.#limits.maxBytes }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    while (this.#committing !== undefined) await this.#committing
    for (const wake of this.#waiters) wake()
    while (this.#readers > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    for (const segment of [...this.#segments, ...this.#removable]) await segment.close()
  }

  get #current(): LogSegment {
    const segment = this.#segments.at(-1)
    if (segment === undefined) throw new Error('The event log is not open')
    return segment
  }

  async #commitAll(): Promise<void> {
    // why: what else arrives in this turn of the event loop goes into the same flush.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch()
      const batchBytes = batch.reduce((sum, { bytes }) => sum + bytes, 0)
      try {
        await this.#commit(batch.flatMap(({ entries }) => entries))
        for (const { resolve } of batch) resolve()
        for (const wake of this.#waiters) wake()
      } catch (error) {
        const unavailable = this.#unavailable(error)
        for (const { reject } of batch) reject(unavailable)
      } finally {
        this.#queuedBytes -= batchBytes
      }
    }
    this.#committing = undefined
  }

  #takeBatch(): PendingAppend[] {
    let bytes = 0
    const excess = this.#queue.findIndex((pending) => {
      bytes += pending.bytes
      return bytes > commitBytes
    })
    return this.#queue.splice(0, excess === -1 ? this.#queue.length : Math.max(excess, 1))
  }

  async #commit(entries: NewLogEntry[]): Promise<void> {
    await this.#checkFreeDisk()
    if (this.#current.bytes >= this.#limits.segmentBytes) {
      this.#segments.push(await this.#beginSegment())
    }
    await this.#current.append(entries)
  }

  async #beginSegment(): Promise<LogSegment> {
    const segment = await LogSegment.open(this.#directory, this.#current.last + 1)
    try {
      await flushDirectory(this.#directory)
      return segment
    } catch (error) {
      await segment.close()
      throw error
    }
  }

  async #checkFreeDisk(): Promise<void> {
    const now = performance.now()
    if (this.#freeDisk.checkedAt === 0 || now - this.#freeDisk.checkedAt >= freeDiskCheckMs) {
      const { bavail, bsize } = await statfs(this.#directory)
      const bytes = bavail * bsize
      this.#freeDisk = { checkedAt: now, isEnough: bytes >= this.#limits.minFreeDiskBytes, bytes }
    }
    if (this.#freeDisk.isEnough) return
    const detail = `${this.#freeDisk.bytes} bytes are free for ${this.#directory}, and ${this.#limits.minFreeDiskBytes} must stay so`
    throw new EventLogUnavailable('event_log_full', `The disk is nearly full: ${detail}`)
  }

  #unavailable(error: unknown): EventLogUnavailable {
    if (error instanceof EventLogUnavailable) return error
    const { code, message } = error as NodeJS.ErrnoException
    const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
    return new EventLogUnavailable(
      isFull ? 'event_log_full' : 'event_log_unwritable',
      `The event log in ${this.#directory} cannot be written: ${message}`,
      { cause: error },
    )
  }

  get #usedBytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0) - this.#forgottenBytes
  }

  /** Gives up the files that hold nothing any more, and notes how much of the first other one is over. */
  async #forget(): Promise<void> {
    const upTo = this.#truncatedUpTo
    await this.#reading(async () => {
      const keptFrom = this.#segments.findIndex((segment) => segment === this.#current || segment.last > upTo)
      const forgottenBytes = (await this.#segments[keptFrom]?.offsetOf(upTo + 1)) ?? 0
      // why: a later truncation may have overtaken this one.
      if (upTo !== this.#truncatedUpTo) return
      this.#removable.push(...this.#segments.splice(0, keptFrom))
      this.#forgottenBytes = forgottenBytes
    })
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    this.#readers++
    try {
      return await read()
    } finally {
      this.#readers--
      if (this.#readers === 0 && !this.#isClosed) await this.#removeFiles()
    }
  }

  async #removeFiles(): Promise<void> {
    for (let segment = this.#removable.shift(); segment !== undefined; segment = this.#removable.shift()) {
      // why: a file that cannot be removed now is found, and found to be truncated, at the next start.
      await segment.remove().catch(() => undefined)
    }
  }
}

/** The log's name for itself, made when it is first opened. The file's name becomes durable with that of the first segment. */
async function readIdentity(directory: string): Promise<string> {
  const path = join(directory, identityName)
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  if (found.trim() !== '') return found.trim()
  const identity = randomUUID()
  await writeFile(`${path}.new`, `${identity}\n`, { flush: true })
  await rename(`${path}.new`, path)
  return identity
}

/** Makes a new file's name as durable as its contents. */
async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
