const firstBytes = 1_000_000

/** Rows, written one after another into memory that other threads may read. */
export class RowBuffer {
  private bytes = Buffer.from(new SharedArrayBuffer(firstBytes))
  private used = 0

  /** Adds text as UTF-8. */
  write(text: string): void {
    // A UTF-16 unit takes three bytes at most; what lies beyond Latin text is rare, so its bytes are counted only when room is short.
    if (this.room < text.length * 3 && this.room < Buffer.byteLength(text)) this.grow(text.length * 3)
    this.used += this.bytes.write(text, this.used)
  }

  append(bytes: Uint8Array): void {
    if (this.room < bytes.length) this.grow(bytes.length)
    this.bytes.set(bytes, this.used)
    this.used += bytes.length
  }

  /** What was written: a view, good until `clear`. */
  text(): Uint8Array {
    return this.bytes.subarray(0, this.used)
  }

  clear(): void {
    this.used = 0
  }

  get length(): number {
    return this.used
  }

  get capacity(): number {
    return this.bytes.length
  }

  private get room(): number {
    return this.bytes.length - this.used
  }

  private grow(needed: number): void {
    const larger = Buffer.from(new SharedArrayBuffer(Math.ceil(this.bytes.length * 1.5) + needed))
    this.bytes.copy(larger, 0, 0, this.used)
    this.bytes = larger
  }
}

/** limit: how many buffers are kept for later batches, as many as are under way at once, and of which size at most. */
const keptBuffers = 3
const keptBytes = 48_000_000

/**
 * Buffers between batches. Made anew for each block, they would be most of what the process allocates, and the collector, which counts
 * such memory, would look through all persons in the cache again and again for the sake of it.
 */
export class RowBuffers {
  private readonly free: RowBuffer[] = []

  take(): RowBuffer {
    return this.free.pop() ?? new RowBuffer()
  }

  /** Nobody reads it any more. */
  giveBack(buffer: RowBuffer): void {
    buffer.clear()
    if (this.free.length < keptBuffers && buffer.capacity <= keptBytes) this.free.push(buffer)
  }
}
