import { hashUuid, type UuidWords } from './uuid-words.ts'

const wordsPerSlot = 5

/**
 * The newest uuids of all projects, exactly. Two halves: when the younger is full, the older is forgotten,
 * so that it always holds at least half of `capacity` and at most all of it.
 */
export class ExactUuidSet {
  private young: Half
  private old: Half

  constructor(capacity: number) {
    const perHalf = Math.max(1, Math.ceil(capacity / 2))
    this.young = new Half(perHalf)
    this.old = new Half(perHalf)
  }

  has(projectId: number, words: UuidWords): boolean {
    return this.young.find(projectId, words) < 0 || this.old.find(projectId, words) < 0
  }

  add(projectId: number, words: UuidWords): void {
    if (this.young.isFull) {
      const emptied = this.old
      emptied.clear()
      this.old = this.young
      this.young = emptied
    }
    this.young.insert(projectId, words)
  }

  get sizeBytes(): number {
    return this.young.slots.byteLength + this.old.slots.byteLength
  }
}

/** Open addressing, at most half full. A slot is project id and four words; project id 0 marks a free one. */
class Half {
  readonly slots: Uint32Array
  private readonly mask: number
  private readonly capacity: number
  private readonly hash = new Uint32Array(2)
  private count = 0

  constructor(capacity: number) {
    const slotCount = 2 ** Math.ceil(Math.log2(capacity * 2))
    this.slots = new Uint32Array(slotCount * wordsPerSlot)
    this.mask = slotCount - 1
    this.capacity = capacity
  }

  get isFull(): boolean {
    return this.count >= this.capacity
  }

  clear(): void {
    this.slots.fill(0)
    this.count = 0
  }

  /** Where it would stand if absent; -1 if it is there. */
  find(projectId: number, words: UuidWords): number {
    hashUuid(projectId, words, this.hash)
    for (let slot = (this.hash[0] ?? 0) & this.mask; ; slot = (slot + 1) & this.mask) {
      const at = slot * wordsPerSlot
      const { slots } = this
      if (slots[at] === 0) return at
      if (
        slots[at] === projectId &&
        slots[at + 1] === words[0] &&
        slots[at + 2] === words[1] &&
        slots[at + 3] === words[2] &&
        slots[at + 4] === words[3]
      ) {
        return -1
      }
    }
  }

  insert(projectId: number, words: UuidWords): void {
    const at = this.find(projectId, words)
    if (at < 0) return
    this.slots[at] = projectId
    this.slots.set(words, at + 1)
    this.count += 1
  }
}
