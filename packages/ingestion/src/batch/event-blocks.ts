import type { EventDraft } from '../draft.ts'
import { buildEventRow } from '../steps/build-event-row.ts'

/**
 * Rows of a batch's events, in blocks of bounded size. The first block is made as events are added, so that what they were made of can
 * be forgotten; the others one at a time when they are taken: with large persons the rows may be many times as large as the entries.
 * Where a block ends depends on the rows alone.
 */
export class EventBlocks {
  private readonly insertedAt: string
  private readonly maxLength: number
  private first: Buffer[] = []
  private firstLength = 0
  /** Events for which the first block has no room. */
  private readonly later: EventDraft[] = []

  constructor(insertedAt: string, maxLength: number) {
    this.insertedAt = insertedAt
    this.maxLength = maxLength
  }

  add(drafts: readonly EventDraft[]): void {
    const lines: string[] = []
    for (const draft of drafts) {
      if (this.firstLength >= this.maxLength) {
        this.later.push(draft)
        continue
      }
      const line = buildEventRow(draft, this.insertedAt)
      lines.push(line)
      this.firstLength += line.length
    }
    if (lines.length > 0) this.first.push(textOf(lines))
  }

  /** Each block once, as it is inserted. */
  *take(): Iterator<Uint8Array> {
    const { first } = this
    this.first = []
    if (first.length > 0) yield Buffer.concat(first)
    let lines: string[] = []
    let length = 0
    for (const [index, draft] of this.later.entries()) {
      const line = buildEventRow(draft, this.insertedAt)
      lines.push(line)
      length += line.length
      if (length < this.maxLength && index + 1 < this.later.length) continue
      yield textOf(lines)
      lines = []
      length = 0
    }
  }
}

const textOf = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`)
