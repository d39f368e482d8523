/** limit: texts up to this many characters are copied by hand, which is quicker than a call that leaves JavaScript. */
const shortText = 96

/** Bytes of a column in the engine's `Native` form, written one after another into memory that is used again. */
export class ByteColumn {
  private bytes: Buffer
  private used = 0

  constructor(firstBytes = 4_096) {
    this.bytes = Buffer.allocUnsafeSlow(firstBytes)
  }

  get length(): number {
    return this.used
  }

  clear(): void {
    this.used = 0
  }

  /** What was written: a view, good until the next change. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.used)
  }

  byte(value: number): void {
    if (this.used === this.bytes.length) this.grow(1)
    this.bytes[this.used++] = value
  }

  zeros(count: number): void {
    this.reserve(count)
    this.bytes.fill(0, this.used, this.used + count)
    this.used += count
  }

  /** A length in the engine's form: seven bits a byte, the least first. */
  varint(value: number): void {
    let left = value
    while (left >= 128) {
      this.byte((left % 128) | 128)
      left = Math.floor(left / 128)
    }
    this.byte(left)
  }

  uint32(value: number): void {
    this.reserve(4)
    const { bytes, used } = this
    bytes[used] = value
    bytes[used + 1] = value >>> 8
    bytes[used + 2] = value >>> 16
    bytes[used + 3] = value >>> 24
    this.used += 4
  }

  /** A whole number that a double holds exactly. */
  int64(value: number): void {
    const high = Math.floor(value / 4_294_967_296)
    this.uint32(value - high * 4_294_967_296)
    this.uint32(high)
  }

  /** Room for `count` bytes, to be filled by the caller before anything else is written. */
  room(count: number): { bytes: Uint8Array; from: number } {
    this.reserve(count)
    const from = this.used
    this.used += count
    return { bytes: this.bytes, from }
  }

  float64(value: number): void {
    this.reserve(8)
    this.bytes.writeDoubleLE(value, this.used)
    this.used += 8
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    const { bytes: target, used } = this
    if (bytes.length > shortText) target.set(bytes, used)
    else for (let index = 0; index < bytes.length; index++) target[used + index] = bytes[index] as number
    this.used += bytes.length
  }

  /** Text whose characters are the bytes. */
  appendLatin1(text: string): void {
    this.reserve(text.length)
    this.used += this.bytes.write(text, this.used, 'latin1')
  }

  /** UTF-8 behind its length in bytes. */
  text(text: string): void {
    if (!this.shortText(text, false)) this.longText(text, Buffer.byteLength(text))
  }

  /** The same as a value whose type is in its bytes: their length, the type (`0x15`), the text. */
  typedText(text: string): void {
    if (this.shortText(text, true)) return
    const length = Buffer.byteLength(text)
    this.varint(1 + varintLength(length) + length)
    this.byte(0x15)
    this.longText(text, length)
  }

  /** False, with nothing written, where the text is long or not ASCII. */
  private shortText(text: string, isTyped: boolean): boolean {
    const { length } = text
    if (length > shortText) return false
    this.reserve(length + 3)
    const { bytes, used } = this
    const from = isTyped ? used + 3 : used + 1
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) return false
      bytes[from + index] = code
    }
    if (isTyped) {
      bytes[used] = length + 2
      bytes[used + 1] = 0x15
      bytes[used + 2] = length
    } else bytes[used] = length
    this.used = from + length
    return true
  }

  private longText(text: string, length: number): void {
    this.varint(length)
    this.reserve(length)
    this.used += this.bytes.write(text, this.used)
  }

  private reserve(count: number): void {
    if (this.bytes.length - this.used < count) this.grow(count)
  }

  private grow(count: number): void {
    // why: by half, since what is not used of it is held for as long as the process lives.
    const larger = Buffer.allocUnsafeSlow(Math.ceil(this.bytes.length * 1.5) + count)
    this.bytes.copy(larger, 0, 0, this.used)
    this.bytes = larger
  }
}

/** Bytes that {@link ByteColumn.varint} writes. */
export function varintLength(value: number): number {
  let length = 1
  for (let left = value; left >= 128; left = Math.floor(left / 128)) length++
  return length
}

/** UTF-8 of a text behind its length, as text whose characters are the bytes: kept for long, it is no memory of its own. */
export function latin1Of(text: string): string {
  const length = Buffer.byteLength(text)
  let prefix = ''
  let left = length
  for (; left >= 128; left = Math.floor(left / 128)) prefix += String.fromCharCode((left % 128) | 128)
  prefix += String.fromCharCode(left)
  return prefix + (length === text.length ? text : Buffer.from(text).toString('latin1'))
}

/** The texts that {@link latin1Of} wrote one after another. */
export function textsOf(written: string): string[] {
  const bytes = Buffer.from(written, 'latin1')
  const texts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    let length = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++] as number
      length += (byte % 128) * unit
      if (byte < 128) break
    }
    texts.push(bytes.toString('utf8', at, at + length))
    at += length
  }
  return texts
}

/** UTF-8 of a text behind its length. */
export function textBytes(text: string): Uint8Array {
  const column = new ByteColumn(text.length + 8)
  column.text(text)
  return new Uint8Array(column.view())
}
