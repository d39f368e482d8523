import { ByteColumn } from './byte-column.ts'

/** A column of the type `Map(String, String)`: names, values, and where each row ends among them. */
export class TextMapColumn {
  private readonly ends = new ByteColumn()
  private readonly names = new ByteColumn()
  private readonly values = new ByteColumn()
  private count = 0

  readonly parts: readonly ByteColumn[] = [this.ends, this.names, this.values]

  get sizeBytes(): number {
    return this.names.length + this.values.length
  }

  /** A pair of the row that {@link endRow} ends; the name in UTF-8 behind its length. */
  pair(name: Uint8Array, value: string): void {
    this.count++
    this.names.append(name)
    this.values.text(value)
  }

  /** Pairs that are written already, as texts whose characters are the bytes. */
  written(count: number, names: string, values: string): void {
    this.count += count
    this.names.appendLatin1(names)
    this.values.appendLatin1(values)
  }

  endRow(): void {
    this.ends.int64(this.count)
  }

  clear(): void {
    for (const part of this.parts) part.clear()
    this.count = 0
  }
}
