import { ByteColumn } from './byte-column.ts'

/** A `Nullable(String)` column: whether each row is null, then the texts. */
export class NullableTextColumn {
  private readonly nulls = new ByteColumn()
  private readonly texts = new ByteColumn()
  private rows = 0

  /** Rows in ascending order; those between are null. */
  set(row: number, text: string): void {
    this.fill(row)
    this.nulls.byte(0)
    this.texts.text(text)
    this.rows++
  }

  write(into: ByteColumn, rowCount: number): void {
    this.fill(rowCount)
    into.append(this.nulls.view())
    into.append(this.texts.view())
  }

  clear(): void {
    this.rows = 0
    this.nulls.clear()
    this.texts.clear()
  }

  private fill(row: number): void {
    for (; this.rows < row; this.rows++) {
      this.nulls.byte(1)
      this.texts.byte(0)
    }
  }
}
