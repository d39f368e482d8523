/** Four 32-bit words of a uuid, read into one reused buffer: no text is kept for the millions that are remembered. */
export type UuidWords = Uint32Array

const nibbles = new Int8Array(128).fill(-1)
for (let value = 0; value < 16; value += 1) {
  nibbles[value.toString(16).charCodeAt(0)] = value
  nibbles[value.toString(16).toUpperCase().charCodeAt(0)] = value
}

/** Reads the canonical form (36 characters) at `start`. False if there is none. */
export function readUuidWords(text: string, into: UuidWords, start = 0): boolean {
  if (text.length < start + 36) return false
  let at = start
  for (let word = 0; word < 4; word += 1) {
    let value = 0
    for (let digit = 0; digit < 8; digit += 1) {
      // Dashes stand before the digits 8, 12, 16 and 20.
      if ((word === 1 && (digit === 0 || digit === 4)) || (word === 2 && (digit === 0 || digit === 4))) {
        if (text.charCodeAt(at) !== 0x2d) return false
        at += 1
      }
      const code = text.charCodeAt(at)
      const nibble = code < 128 ? (nibbles[code] ?? -1) : -1
      if (nibble < 0) return false
      value = (value << 4) | nibble
      at += 1
    }
    into[word] = value
  }
  return true
}

/** Two independent 32-bit hashes of project and uuid, for clients choose their uuids as they like. */
export function hashUuid(projectId: number, words: UuidWords, into: Uint32Array): void {
  let a = Math.imul(projectId ^ 0x9e3779b9, 0x85ebca6b)
  let b = Math.imul(projectId ^ 0x7f4a7c15, 0xc2b2ae35)
  for (let index = 0; index < 4; index += 1) {
    const word = words[index] ?? 0
    a = Math.imul((a ^ word) + 0x165667b1, 0x85ebca6b)
    a ^= a >>> 15
    b = Math.imul((b + word) ^ 0x27d4eb2f, 0xc2b2ae35)
    b ^= b >>> 13
  }
  a = Math.imul(a ^ (a >>> 16), 0x7feb352d)
  b = Math.imul(b ^ (b >>> 16), 0x846ca68b)
  into[0] = a ^ (a >>> 15)
  into[1] = b ^ (b >>> 16)
}
