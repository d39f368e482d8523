import type { EventDraft } from '../draft.ts'
import { writeEventRow } from '../steps/write-event-row.ts'
import type { RowBuffer, RowBuffers } from './row-buffer.ts'

/**
 * Rows of a batch's events, in blocks of bounded size. The first block is made as events are added, so that what they were made of can
 * be forgotten; the others one at a time when they are taken: with large persons the rows may be many times as large as the entries.
 * Where a block ends depends on the rows alone.
 */
export class EventBlocks {
  private readonly insertedAt: string
  private readonly maxBytes: number
  private readonly buffers: RowBuffers
  private readonly rows: RowBuffer
  /** Events for which the first block has no room. */
  private readonly later: EventDraft[] = []

  constructor(insertedAt: string, maxBytes: number, buffers: RowBuffers) {
    this.insertedAt = insertedAt
    this.maxBytes = maxBytes
    this.buffers = buffers
    this.rows = buffers.take()
  }

  add(drafts: readonly EventDraft[]): void {
    for (const draft of drafts) {
      if (this.rows.length >= this.maxBytes) this.later.push(draft)
      else writeEventRow(this.rows, draft, this.insertedAt)
    }
  }

  /** Each block once, as it is inserted. A block's text is good until the next one is asked for. */
  *take(): Iterator<Uint8Array> {
    const { rows, later, maxBytes } = this
    if (rows.length > 0) yield rows.text()
    rows.clear()
    for (const [index, draft] of later.entries()) {
      writeEventRow(rows, draft, this.insertedAt)
      if (rows.length < maxBytes && index + 1 < later.length) continue
      yield rows.text()
      rows.clear()
    }
    this.buffers.giveBack(rows)
  }
}
