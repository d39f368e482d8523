import { EventBlock, type RowFormat } from '@hedgerow/stores'
import type { EventDraft } from '../draft.ts'
import { cellsOf, writeEventRow } from '../steps/write-event-row.ts'
import { microsText } from './instants.ts'
import { type RowBuffer, RowBuffers } from './row-buffer.ts'

/** Rows to be inserted at once. */
export interface RowBlock {
  bytes: Uint8Array
  format: RowFormat
}

/** limit: a block of more bytes is not kept for later batches. */
const keptBytes = 48_000_000

/** What blocks are made in, used by one batch after another. */
export class BlockMemory {
  readonly buffers = new RowBuffers()
  private free: EventBlock | undefined

  takeBlock(): EventBlock {
    const block = this.free ?? new EventBlock()
    this.free = undefined
    return block
  }

  giveBack(block: EventBlock): void {
    if (block.sizeBytes > keptBytes) return
    block.clear()
    this.free = block
  }
}

/**
 * Rows of a batch's events, in blocks of bounded size: as the engine holds them, but for the few that need its own parser, which are
 * text. The first block of either kind is made as events are added, so that what they were made of can be forgotten; the others one at a
 * time when they are taken: with large persons the rows may be many times as large as the entries. Where a block ends depends on
 * the rows alone.
 */
export class EventBlocks {
  private readonly insertedAtMicros: number
  private readonly maxBytes: number
  private readonly memory: BlockMemory
  private readonly first: Rows
  /** Events for which the first blocks have no room. */
  private readonly later: EventDraft[] = []

  constructor(insertedAtMicros: number, maxBytes: number, memory: BlockMemory) {
    this.insertedAtMicros = insertedAtMicros
    this.maxBytes = maxBytes
    this.memory = memory
    this.first = new Rows(insertedAtMicros, memory)
  }

  add(drafts: readonly EventDraft[]): void {
    const { first, later, maxBytes } = this
    for (const draft of drafts) {
      if (first.blockBytes >= maxBytes || first.textBytes >= maxBytes) later.push(draft)
      else first.add(draft)
    }
  }

  /** To be called when all events were added: each block once, as it is inserted. A block's bytes are good until the next one is asked for. */
  take(): Iterator<RowBlock> {
    const { memory, first } = this
    const written = first.blockBytes > 0 ? memory.buffers.take() : undefined
    if (written) first.writeBlock(written)
    first.giveBackBlock()
    return this.blocks(written)
  }

  private *blocks(written: RowBuffer | undefined): Generator<RowBlock> {
    const { memory, first, later, maxBytes } = this
    if (written) {
      yield { bytes: written.text(), format: 'Native' }
      memory.buffers.giveBack(written)
    }
    yield* first.takeText()
    if (later.length === 0) return
    const rows = new Rows(this.insertedAtMicros, memory)
    for (const draft of later) {
      rows.add(draft)
      if (rows.blockBytes >= maxBytes) yield* rows.takeBlock()
      if (rows.textBytes >= maxBytes) yield* rows.takeText()
    }
    yield* rows.takeBlock()
    yield* rows.takeText()
    rows.giveBackBlock()
  }
}

/** Rows of either kind, as they come to be. */
class Rows {
  private readonly insertedAtMicros: number
  private readonly insertedAt: string
  private readonly memory: BlockMemory
  private readonly block: EventBlock
  private text: RowBuffer | undefined

  constructor(insertedAtMicros: number, memory: BlockMemory) {
    this.insertedAtMicros = insertedAtMicros
    this.insertedAt = microsText(insertedAtMicros)
    this.memory = memory
    this.block = memory.takeBlock()
  }

  add(draft: EventDraft): void {
    if (this.block.add(cellsOf(draft, this.insertedAtMicros))) return
    this.text ??= this.memory.buffers.take()
    writeEventRow(this.text, draft, this.insertedAt)
  }

  get blockBytes(): number {
    return this.block.sizeBytes
  }

  get textBytes(): number {
    return this.text?.length ?? 0
  }

  writeBlock(into: RowBuffer): void {
    for (const piece of this.block.pieces()) into.append(piece)
    this.block.clear()
  }

  giveBackBlock(): void {
    this.memory.giveBack(this.block)
  }

  *takeBlock(): Generator<RowBlock> {
    if (this.blockBytes === 0) return
    const buffer = this.memory.buffers.take()
    this.writeBlock(buffer)
    yield { bytes: buffer.text(), format: 'Native' }
    this.memory.buffers.giveBack(buffer)
  }

  *takeText(): Generator<RowBlock> {
    if (!this.text) return
    yield { bytes: this.text.text(), format: 'JSONEachRow' }
    this.memory.buffers.giveBack(this.text)
    this.text = undefined
  }
}
