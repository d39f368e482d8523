import { randomFillSync } from 'node:crypto'

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const unhyphenated = /^[0-9a-f]{32}$/

/** The uuid in lower case with hyphens, or undefined if it is none. Braces and `urn:uuid:` around it are taken off. */
export function parseUuid(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length < 32 || value.length > 64) return undefined
  if (canonical.test(value)) return value
  const bare = value
    .trim()
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replace(/^\{(.*)\}$/, '$1')
  if (canonical.test(bare)) return bare
  if (!unhyphenated.test(bare)) return undefined
  return `${bare.slice(0, 8)}-${bare.slice(8, 12)}-${bare.slice(12, 16)}-${bare.slice(16, 20)}-${bare.slice(20)}`
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
// Random bytes are drawn by the thousand: one call for each uuid costs more than all else here.
const pool = new Uint8Array(10 * 1024)
let used = pool.length

/** A random uuid of version 7 for an instant in milliseconds since 1970. */
export function uuidV7(atMs: number): string {
  if (used + 10 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = (index: number): number => pool[used + index] as number
  const hex = (byte: number): string => hexOfByte[byte] as string
  const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0').slice(-12)
  const uuid =
    `${time.slice(0, 8)}-${time.slice(8)}-${hex(0x70 | (random(0) & 0x0f))}${hex(random(1))}-` +
    `${hex(0x80 | (random(2) & 0x3f))}${hex(random(3))}-` +
    `${hex(random(4))}${hex(random(5))}${hex(random(6))}${hex(random(7))}${hex(random(8))}${hex(random(9))}`
  used += 10
  return uuid
}
