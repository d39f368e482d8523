import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogEntry, NewLogEntry } from './event-log.ts'
import {
  decodeIndexRecord,
  decodeRecord,
  encodeIndexRecord,
  encodeRecord,
  type IndexRecord,
  indexRecordBytes,
  logHeaderBytes,
} from './log-record.ts'

/** Read at once while looking through a file; an entry is far smaller. */
const scanBytes = 8 * 1024 ** 2
/** Index records read at once. */
const indexBatch = 4_096

export const segmentFile = /^(\d{16})\.log$/

/**
 * One file of the log and its index. Entries count from `first` without gaps.
 *
 * An entry exists once its index record does, and that is written after the entry itself was flushed: a reader never
 * sees what a power cut could still take back. The index needs no flush, since it can be made again from the log.
 */
export class LogSegment {
  readonly first: number
  readonly #directory: string
  readonly #log: FileHandle
  readonly #index: FileHandle
  #count = 0
  #bytes = 0
  /** A write went wrong: bytes may stand behind `#bytes`. */
  #isTorn = false

  private constructor(directory: string, first: number, log: FileHandle, index: FileHandle) {
    this.#directory = directory
    this.first = first
    this.#log = log
    this.#index = index
  }

  /** Opens or makes the files, checks the index against the log, and drops what a crash left half-written. */
  static async open(directory: string, first: number): Promise<LogSegment> {
    const name = String(first).padStart(16, '0')
    const log = await openForWriting(join(directory, `${name}.log`))
    try {
      const index = await openForWriting(join(directory, `${name}.index`))
      const segment = new LogSegment(directory, first, log, index)
      await segment.#recover()
      return segment
    } catch (error) {
      await log.close()
      throw error
    }
  }

  get last(): number {
    return this.first + this.#count - 1
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Writes and flushes entries; when it rejects, none of them exists. */
  async append(entries: readonly NewLogEntry[]): Promise<void> {
    if (this.#isTorn) await this.#repair()
    const records: Buffer[] = []
    const indexRecords: Buffer[] = []
    let end = this.#bytes
    for (const entry of entries) {
      records.push(...encodeRecord(this.first + this.#count + indexRecords.length, entry))
      indexRecords.push(encodeIndexRecord({ ...entry, offset: end, payloadBytes: entry.payload.byteLength }))
      end += logHeaderBytes + entry.payload.byteLength
    }
    this.#isTorn = true
    await writeAll(this.#log, Buffer.concat(records), this.#bytes)
    await this.#log.datasync()
    await writeAll(this.#index, Buffer.concat(indexRecords), this.#count * indexRecordBytes)
    this.#isTorn = false
    this.#bytes = end
    this.#count += entries.length
  }

  /** Index records of `from` and what follows it, at most `max`. */
  async readIndex(from: number, max = indexBatch): Promise<IndexRecord[]> {
    const size = Math.min(max, indexBatch, this.last - from + 1)
    if (size <= 0) return []
    const bytes = await readFully(this.#index, size * indexRecordBytes, (from - this.first) * indexRecordBytes)
    return Array.from({ length: size }, (_, at) => {
      const record = decodeIndexRecord(bytes, at * indexRecordBytes, from + at)
      if (record === undefined) throw this.#damage(from + at)
      return record
    })
  }

  /** Entries from `from` on: at least one if there is any. Their payloads are views of one buffer. */
  async read(from: number, limits: { maxEntries: number; maxBytes: number }): Promise<LogEntry[]> {
    const heads = await this.readIndex(from, limits.maxEntries)
    const [start] = heads
    if (start === undefined) return []
    let size = 0
    const chosen = heads.filter(({ payloadBytes }, at) => {
      size += payloadBytes
      return at === 0 || size <= limits.maxBytes
    })
    const end = chosen.at(-1) ?? start
    const bytes = await readFully(this.#log, end.offset + logHeaderBytes + end.payloadBytes - start.offset, start.offset)
    return chosen.map(({ position, offset }) => {
      const entry = decodeRecord(bytes, offset - start.offset, position)
      if (entry === undefined) throw this.#damage(position)
      return entry
    })
  }

  /** How far into the file `position` stands. */
  async offsetOf(position: number): Promise<number> {
    if (position <= this.first) return 0
    const [record] = await this.readIndex(position, 1)
    return record?.offset ?? this.#bytes
  }

  async close(): Promise<void> {
    await this.#log.close()
    await this.#index.close()
  }

  async remove(): Promise<void> {
    await this.close()
    const path = join(this.#directory, String(this.first).padStart(16, '0'))
    await rm(`${path}.index`, { force: true })
    await rm(`${path}.log`, { force: true })
  }

  async #repair(): Promise<void> {
    await this.#log.truncate(this.#bytes)
    await this.#index.truncate(this.#count * indexRecordBytes)
    this.#isTorn = false
  }

  async #recover(): Promise<void> {
    await this.#trustIndex()
    const trusted = this.#count
    const found: Buffer[] = []
    // why: entries without an index record may not have been flushed when the process died.
    for await (const entry of this.#scan()) {
      found.push(encodeIndexRecord({ ...entry, offset: this.#bytes, payloadBytes: entry.payload.byteLength }))
      this.#bytes += logHeaderBytes + entry.payload.byteLength
      this.#count++
    }
    const { size } = await this.#log.stat()
    if (size > this.#bytes) await this.#log.truncate(this.#bytes)
    if (found.length > 0 || size > this.#bytes) await this.#log.datasync()
    await this.#index.truncate(trusted * indexRecordBytes)
    if (found.length > 0) await writeAll(this.#index, Buffer.concat(found), trusted * indexRecordBytes)
  }

  /** Counts the entries whose index records are sound and lead to a sound last entry; else none of them. */
  async #trustIndex(): Promise<void> {
    const { size } = await this.#index.stat()
    const bytes = await readFully(this.#index, size, 0)
    let count = 0
    while (decodeIndexRecord(bytes, count * indexRecordBytes, 0) !== undefined) count++
    const end = count === 0 ? undefined : decodeIndexRecord(bytes, (count - 1) * indexRecordBytes, 0)
    if (end === undefined) return
    const record = await readFully(this.#log, logHeaderBytes + end.payloadBytes, end.offset)
    if (decodeRecord(record, 0, this.first + count - 1) === undefined) return
    this.#count = count
    this.#bytes = end.offset + record.length
  }

  /** Sound entries behind the known ones. */
  async *#scan(): AsyncGenerator<LogEntry> {
    let position = this.first + this.#count
    for (let from = this.#bytes; ; ) {
      const bytes = await readFully(this.#log, scanBytes, from)
      let at = 0
      for (let entry = decodeRecord(bytes, at, position); entry !== undefined; entry = decodeRecord(bytes, at, position)) {
        at += logHeaderBytes + entry.payload.byteLength
        position++
        yield entry
      }
      if (at === 0) return
      from += at
    }
  }

  #damage(position: number): Error {
    return new Error(`Entry ${position} of the event log in ${this.#directory} is damaged: its checksum does not match`)
  }
}

async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return open(path, 'wx+', 0o600)
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** Up to `size` bytes; fewer only at the end of the file. */
async function readFully(file: FileHandle, size: number, position: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size)
  let done = 0
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}
