import { ByteColumn } from './byte-column.ts'

/** Keys are in the block itself, and are the whole dictionary. */
const flags = 0x600

/**
 * A `LowCardinality(String)` column, nullable or not: each text once, and a number for each row. The first number stands for a row
 * without text (null, or the empty text).
 */
export class DictionaryColumn {
  private readonly isNullable: boolean
  private readonly numbers = new Map<string, number>()
  private readonly texts = new ByteColumn()
  private rows = new Uint32Array(1_024)
  private count = 0

  constructor(isNullable: boolean) {
    this.isNullable = isNullable
    this.clear()
  }

  set(row: number, text: string): void {
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.count++
      this.numbers.set(text, number)
      this.texts.text(text)
    }
    if (row >= this.rows.length) {
      const larger = new Uint32Array(Math.max(row + 1, this.rows.length * 2))
      larger.set(this.rows)
      this.rows = larger
    }
    this.rows[row] = number
  }

  write(into: ByteColumn, rowCount: number): void {
    const width = this.count <= 0x100 ? 0 : this.count <= 0x1_0000 ? 1 : 2
    into.int64(flags + width)
    into.int64(this.count)
    into.append(this.texts.view())
    into.int64(rowCount)
    const known = Math.min(rowCount, this.rows.length)
    const rows = this.rows.subarray(0, known)
    into.append(width === 0 ? new Uint8Array(rows) : bytesOf(width === 1 ? new Uint16Array(rows) : rows))
    into.zeros((rowCount - known) << width)
  }

  clear(): void {
    this.rows.fill(0)
    this.numbers.clear()
    this.texts.clear()
    // The empty text has a number of its own beside null.
    this.count = this.isNullable ? 2 : 1
    this.texts.zeros(this.count)
    this.numbers.set('', this.count - 1)
  }
}

function bytesOf(numbers: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
