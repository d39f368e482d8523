import { CaptureRefusal } from './refusal.ts'

const endOfStream = 2

const sixBits = new Uint8Array(256).fill(255)
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  sixBits[character.charCodeAt(0)] = value
}

/**
 * Reads an LZString stream: six bits a base64 character, most significant first; numbers least significant bit first.
 * why: not through `Buffer.from(…, 'base64')`, which drops the last character that LZString pads with three `=`.
 */
class BitReader {
  private readonly text: string
  private bit = 0
  constructor(text: string) {
    this.text = text
  }
  read(width: number): number {
    let value = 0
    for (let power = 0; power < width; power++) {
      const six = sixBits[this.text.charCodeAt(Math.floor(this.bit / 6))] ?? 255
      if (six === 255) throw new CaptureRefusal('request_decoding_error', 'The LZString body ends too early.')
      value += ((six >> (5 - (this.bit % 6))) & 1) * 2 ** power
      this.bit++
    }
    return value
  }
}

/**
 * Decompresses what LZString's `compressToBase64` made.
 *
 * limit: the library's own function has no bound, and its format can grow quadratically (a few kilobytes to gigabytes), hence
 * this one: a phrase of the dictionary is a stretch of the output already written, so memory is the output alone.
 *
 * @throws CaptureRefusal `payload_too_large` beyond `maxCharacters`, `request_decoding_error` for anything malformed.
 */
export function decompressLzString(base64: string, maxCharacters: number): string {
  const reader = new BitReader(base64)
  const output = new GrowingText(maxCharacters)
  // Codes 0, 1 and 2 are instructions; phrase n of the dictionary is output[starts[n], starts[n] + lengths[n]).
  const starts: number[] = [0, 0, 0]
  const lengths: number[] = [0, 0, 0]
  const literal = (code: number): number => {
    const at = output.append(reader.read(code === 0 ? 8 : 16))
    starts.push(at)
    lengths.push(1)
    return starts.length - 1
  }

  const first = reader.read(2)
  if (first === endOfStream) return ''
  if (first > 1) throw new CaptureRefusal('request_decoding_error', 'The LZString body does not begin with a character.')
  literal(first)
  let previousStart = 0
  let previousLength = 1
  let width = 3
  let untilWider = 4
  const widen = (): void => {
    if (--untilWider === 0) untilWider = 2 ** width++
  }

  for (;;) {
    const code = reader.read(width)
    if (code === endOfStream) return output.toString()
    const start = output.length
    if (code <= 1) {
      literal(code)
      widen()
    } else if (code < starts.length) {
      output.repeat(starts[code] as number, lengths[code] as number)
    } else if (code === starts.length) {
      // The phrase being defined: the previous one and its own first character.
      output.repeat(previousStart, previousLength)
      output.repeat(previousStart, 1)
    } else {
      throw new CaptureRefusal('request_decoding_error', 'The LZString body refers to a phrase that it has not defined.')
    }
    // The new phrase, previous + first character of this one, stands in the output as one stretch.
    starts.push(previousStart)
    lengths.push(previousLength + 1)
    previousStart = start
    previousLength = output.length - start
    widen()
  }
}

class GrowingText {
  length = 0
  private units = new Uint16Array(4096)
  private readonly maxLength: number
  constructor(maxLength: number) {
    this.maxLength = maxLength
  }
  append(unit: number): number {
    this.reserve(1)
    this.units[this.length] = unit
    return this.length++
  }
  repeat(start: number, count: number): void {
    this.reserve(count)
    this.units.copyWithin(this.length, start, start + count)
    this.length += count
  }
  private reserve(count: number): void {
    const needed = this.length + count
    if (needed > this.maxLength)
      throw new CaptureRefusal('payload_too_large', `The body inflates to more than ${this.maxLength} characters.`)
    if (needed <= this.units.length) return
    const larger = new Uint16Array(Math.max(needed, this.units.length * 2))
    larger.set(this.units)
    this.units = larger
  }
  toString(): string {
    return Buffer.from(this.units.buffer, 0, this.length * 2).toString('utf16le')
  }
}
