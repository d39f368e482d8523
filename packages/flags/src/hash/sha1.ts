/**
 * The first 60 bits of SHA-1 of a text in UTF-8, as a number: the first 15 hexadecimal digits, rounded to float64 once.
 *
 * why: written out, since it must run in browsers, at once, and a million times a second; only two of the five words are needed.
 * Source: FIPS 180-4. A lone surrogate becomes U+FFFD, as in TextEncoder.
 */
export function sha1Head(text: string): number {
  const length = encode(text)
  const blocks = ((length + 8) >>> 6) + 1
  bytes.fill(0, length, blocks * 64)
  bytes[length] = 0x80
  const bits = length * 8
  const end = blocks * 64
  bytes[end - 4] = bits >>> 24
  bytes[end - 3] = bits >>> 16
  bytes[end - 2] = bits >>> 8
  bytes[end - 1] = bits

  let h0 = 0x67452301
  let h1 = 0xefcdab89 | 0
  let h2 = 0x98badcfe | 0
  let h3 = 0x10325476
  let h4 = 0xc3d2e1f0 | 0
  for (let block = 0; block < end; block += 64) {
    for (let i = 0, at = block; i < 16; i += 1, at += 4) {
      words[i] = (byte(at) << 24) | (byte(at + 1) << 16) | (byte(at + 2) << 8) | byte(at + 3)
    }
    for (let i = 16; i < 80; i += 1) {
      const mixed = word(i - 3) ^ word(i - 8) ^ word(i - 14) ^ word(i - 16)
      words[i] = (mixed << 1) | (mixed >>> 31)
    }
    let a = h0
    let b = h1
    let c = h2
    let d = h3
    let e = h4
    for (let i = 0; i < 80; i += 1) {
      let f: number
      if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1
      else if (i < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
      else f = (b ^ c ^ d) + 0xca62c1d6
      const next = (((a << 5) | (a >>> 27)) + (f | 0) + e + word(i)) | 0
      e = d
      d = c
      c = (b << 30) | (b >>> 2)
      b = a
      a = next
    }
    h0 = (h0 + a) | 0
    h1 = (h1 + b) | 0
    h2 = (h2 + c) | 0
    h3 = (h3 + d) | 0
    h4 = (h4 + e) | 0
  }
  // tricky: the product is exact, so that the sum is rounded once, as `parseInt(hex, 16)` does.
  return (h0 >>> 0) * 0x10000000 + (h1 >>> 4)
}

const words = new Int32Array(80)
let bytes = new Uint8Array(1024)

const word = (index: number): number => words[index] as number
const byte = (index: number): number => bytes[index] as number

/** Writes the text's UTF-8 into `bytes`, with room for the padding; its length. */
function encode(text: string): number {
  const room = text.length * 3 + 72
  if (bytes.length < room) bytes = new Uint8Array(room * 2)
  let at = 0
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      bytes[at++] = unit
      continue
    }
    const point = text.codePointAt(i) as number
    at = encodePoint(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point, at)
    if (point > 0xffff) i += 1
  }
  return at
}

function encodePoint(point: number, from: number): number {
  let at = from
  if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6)
  else {
    if (point < 0x10000) bytes[at++] = 0xe0 | (point >> 12)
    else {
      bytes[at++] = 0xf0 | (point >> 18)
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f)
    }
    bytes[at++] = 0x80 | ((point >> 6) & 0x3f)
  }
  bytes[at++] = 0x80 | (point & 0x3f)
  return at
}
