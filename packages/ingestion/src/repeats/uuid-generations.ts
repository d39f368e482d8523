import { hashUuid, type UuidWords } from './uuid-words.ts'

/** limit: generations that a window is divided into; uuids are forgotten by whole generations. */
const generationsPerWindow = 6
const firstSegmentBytes = 1 << 19
const growth = 8
const wordsPerBlock = 16
// why: with 10 bits one uuid in a hundred was "perhaps seen", so that nearly every slice of a batch asked the event store, which cost more than
// storing its events. With 24 it is one in 15 000 for each full segment.
const bitsPerKey = 24
const probes = 10

/**
 * What was stored in the last days, as Bloom filters: "surely new" or "perhaps seen". Each generation begins small and
 * gets larger segments as it fills. When the memory is used up, the newest segment takes what comes: more
 * uuids are then "perhaps seen" and looked up, none is forgotten early.
 */
export class UuidGenerations {
  private readonly hash = new Uint32Array(2)
  private readonly generationMs: number
  private readonly maxBytes: number
  private readonly windowMs: number
  /** Oldest first. */
  private generations: Generation[] = []
  private usedBytes = 0

  constructor(options: { windowMs: number; maxBytes: number }) {
    this.windowMs = options.windowMs
    this.generationMs = options.windowMs / generationsPerWindow
    this.maxBytes = Math.max(options.maxBytes, firstSegmentBytes)
  }

  mayHave(projectId: number, words: UuidWords): boolean {
    hashUuid(projectId, words, this.hash)
    const [a = 0, b = 0] = this.hash
    return this.generations.some((generation) => generation.segments.some((segment) => segment.has(a, b)))
  }

  /** Remembers a uuid that was stored at `atMs`. */
  add(projectId: number, words: UuidWords, atMs: number): void {
    const generation = this.generationAt(Math.floor(atMs / this.generationMs))
    hashUuid(projectId, words, this.hash)
    const [a = 0, b = 0] = this.hash
    this.segmentFor(generation).add(a, b)
  }

  /** Forgets the generations that ended more than a window before `nowMs`. */
  forget(nowMs: number): void {
    const oldest = Math.floor((nowMs - this.windowMs) / this.generationMs)
    const kept = this.generations.filter((generation) => generation.number >= oldest)
    if (kept.length < this.generations.length) {
      this.generations = kept
      this.usedBytes = kept.flatMap((generation) => generation.segments).reduce((sum, segment) => sum + segment.sizeBytes, 0)
    }
  }

  get sizeBytes(): number {
    return this.usedBytes
  }

  private generationAt(number: number): Generation {
    const last = this.generations.at(-1)
    if (last && last.number === number) return last
    const known = this.generations.find((generation) => generation.number === number)
    if (known) return known
    if (last && this.usedBytes + firstSegmentBytes > this.maxBytes) {
      // why: no room for a generation of its own; the newest one takes it and lives as long as the newest uuid in it.
      last.number = Math.max(last.number, number)
      return last
    }
    const generation: Generation = { number, segments: [] }
    this.generations.push(generation)
    this.generations.sort((a, b) => a.number - b.number)
    return generation
  }

  private segmentFor(generation: Generation): Segment {
    const last = generation.segments.at(-1)
    if (last && !last.isFull) return last
    const sizeBytes = last ? last.sizeBytes * growth : firstSegmentBytes
    const affordable = Math.min(sizeBytes, this.maxBytes - this.usedBytes)
    if (last && affordable < firstSegmentBytes) return last
    const segment = new Segment(Math.max(affordable, firstSegmentBytes))
    generation.segments.push(segment)
    this.usedBytes += segment.sizeBytes
    return segment
  }
}

interface Generation {
  /** Counts periods of `generationMs` since 1970. */
  number: number
  segments: Segment[]
}

/** A blocked Bloom filter: all bits of a key are in one block of 512 bits, so that a look-up costs one cache miss. */
class Segment {
  private readonly words: Uint32Array
  private readonly blockCount: number
  private readonly capacity: number
  private count = 0

  constructor(sizeBytes: number) {
    this.blockCount = Math.floor(sizeBytes / 4 / wordsPerBlock)
    this.words = new Uint32Array(this.blockCount * wordsPerBlock)
    this.capacity = Math.floor((sizeBytes * 8) / bitsPerKey)
  }

  get sizeBytes(): number {
    return this.words.byteLength
  }

  get isFull(): boolean {
    return this.count >= this.capacity
  }

  has(a: number, b: number): boolean {
    const block = (a % this.blockCount) * wordsPerBlock
    let bits = b
    for (let probe = 0; probe < probes; probe += 1) {
      const word = this.words[block + ((bits >>> 5) & 15)] ?? 0
      if ((word & (1 << (bits & 31))) === 0) return false
      bits = nextBits(bits)
    }
    return true
  }

  add(a: number, b: number): void {
    const block = (a % this.blockCount) * wordsPerBlock
    let bits = b
    for (let probe = 0; probe < probes; probe += 1) {
      const at = block + ((bits >>> 5) & 15)
      this.words[at] = (this.words[at] ?? 0) | (1 << (bits & 31))
      bits = nextBits(bits)
    }
    this.count += 1
  }
}

function nextBits(bits: number): number {
  const mixed = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
