import { createHash, randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `prefix` and 43 characters of 62: 256 bits. */
export function randomKey(prefix: 'phc_' | 'phs_' | 'phx_'): string {
  let key = prefix
  while (key.length < prefix.length + 43) {
    for (const byte of randomBytes(64)) {
      // why: 248 is the largest multiple of 62 in a byte; taking more would favour some characters.
      if (byte < 248 && key.length < prefix.length + 43) key += alphabet[byte % 62]
    }
  }
  return key
}

/** Keys are random, so that a plain digest protects them; hex. */
export const keyHash = (key: string) => createHash('sha256').update(key).digest('hex')

/** What is shown of a key after it was made: `phx_…9fQ2`. */
export const keyHint = (key: string) => `${key.slice(0, 4)}…${key.slice(-4)}`
