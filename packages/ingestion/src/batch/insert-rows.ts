import { type EventStore, EventStoreError } from '@hedgerow/stores'

export interface RowInsertion {
  table: string
  /** One JSON object each; or the text of all of them, each with its line feed. */
  rows: readonly string[] | Uint8Array
  /** Decides whether a block was stored before; its halves get tokens of their own, made from it. */
  token: string
  /** A row that the table refuses on its own; the others are stored. */
  onBadRow(row: { index: number; line: string }, message: string): Promise<void>
}

/**
 * Inserts the rows as one block. Where the table refuses a row, the block is halved again and again until the
 * bad rows stand alone. Halves and tokens depend on the rows only, so that doing it all again stores nothing twice.
 */
export async function insertRows(insert: EventStore['insert'], insertion: RowInsertion): Promise<void> {
  const { rows, table, token } = insertion
  if (rows.length === 0) return
  try {
    await insert(table, rows instanceof Uint8Array ? rows : encodeLines(rows), { token })
  } catch (error) {
    if (!isBadRow(error)) throw error
    const lines =
      rows instanceof Uint8Array ? Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength).toString().trimEnd().split('\n') : rows
    await halve(insert, { ...insertion, lines }, { from: 0, to: lines.length, token }, error.message)
  }
}

interface Range {
  from: number
  to: number
  token: string
}

/** Goes on with a range that was refused. */
async function halve(
  insert: EventStore['insert'],
  insertion: RowInsertion & { lines: readonly string[] },
  { from, to, token }: Range,
  message: string,
): Promise<void> {
  const { lines, table, onBadRow } = insertion
  if (to - from === 1) {
    await onBadRow({ index: from, line: lines[from] ?? '' }, message)
    return
  }
  const middle = from + Math.floor((to - from) / 2)
  for (const half of [
    { from, to: middle, token: `${token}.0` },
    { from: middle, to, token: `${token}.1` },
  ]) {
    try {
      await insert(table, encodeLines(lines, half.from, half.to), { token: half.token })
    } catch (error) {
      if (!isBadRow(error)) throw error
      await halve(insert, insertion, half, error.message)
    }
  }
}

/** UTF-8 of the lines, each with its line feed. Written line by line: joining them first would copy everything once more. */
export function encodeLines(lines: readonly string[], from = 0, to = lines.length): Buffer {
  let length = 0
  for (let index = from; index < to; index += 1) length += (lines[index]?.length ?? 0) + 1
  let buffer = Buffer.allocUnsafeSlow(length + Math.ceil(length / 16))
  let at = 0
  for (let index = from; index < to; index += 1) {
    const line = lines[index] ?? ''
    // A UTF-16 unit takes three bytes at most; what lies beyond Latin text is rare, so room is made only when it is short.
    const needed = line.length * 3 + 1
    if (buffer.length - at < needed && buffer.length - at < Buffer.byteLength(line) + 1) {
      const larger = Buffer.allocUnsafeSlow(buffer.length * 2 + needed)
      buffer.copy(larger, 0, 0, at)
      buffer = larger
    }
    at += buffer.write(line, at)
    buffer[at] = 0x0a
    at += 1
  }
  return buffer.subarray(0, at)
}

export function isBadRow(error: unknown): error is EventStoreError {
  return error instanceof EventStoreError && error.code === 'bad_row'
}
