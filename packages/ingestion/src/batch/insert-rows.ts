import { type EventStore, EventStoreError } from '@hedgerow/stores'

export interface RowInsertion {
  table: string
  /** One JSON object each. */
  lines: readonly string[]
  /** Decides whether a block was stored before; its halves get tokens of their own, made from it. */
  token: string
  /** A row that the table refuses on its own; the others are stored. */
  onBadRow(index: number, message: string): Promise<void>
}

/**
 * Inserts the rows as one block. Where the table refuses a row, the block is halved again and again until the
 * bad rows stand alone. Halves and tokens depend on the rows only, so that doing it all again stores nothing twice.
 */
export async function insertRows(insert: EventStore['insert'], insertion: RowInsertion): Promise<void> {
  await insertRange(insert, insertion, { from: 0, to: insertion.lines.length, token: insertion.token })
}

async function insertRange(
  insert: EventStore['insert'],
  insertion: RowInsertion,
  range: { from: number; to: number; token: string },
): Promise<void> {
  const { from, to, token } = range
  if (from === to) return
  try {
    await insert(insertion.table, Buffer.from(`${insertion.lines.slice(from, to).join('\n')}\n`), { token })
  } catch (error) {
    if (!isBadRow(error)) throw error
    if (to - from === 1) {
      await insertion.onBadRow(from, error.message)
      return
    }
    const middle = from + Math.floor((to - from) / 2)
    await insertRange(insert, insertion, { from, to: middle, token: `${token}.0` })
    await insertRange(insert, insertion, { from: middle, to, token: `${token}.1` })
  }
}

export function isBadRow(error: unknown): error is EventStoreError {
  return error instanceof EventStoreError && error.code === 'bad_row'
}
