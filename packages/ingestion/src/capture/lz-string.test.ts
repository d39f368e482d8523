import fc from 'fast-check'
import lzString from 'lz-string'
import { expect, test } from 'vitest'
import { decompressLzString } from './lz-string.ts'

test('gives back what LZString compressed', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 2000 }), fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 5000 }))
  fc.assert(
    fc.property(text, (text) => {
      expect(decompressLzString(lzString.compressToBase64(text), 1_000_000)).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('stops a bomb at the limit', () => {
  const bomb = lzString.compressToBase64('a'.repeat(1_000_000))
  expect(bomb.length).toBeLessThan(5_000)
  expect(() => decompressLzString(bomb, 100_000)).toThrow(expect.objectContaining({ code: 'payload_too_large' }))
})

test('refuses what is no LZString at all', () => {
  fc.assert(
    fc.property(fc.base64String({ maxLength: 400 }), (text) => {
      try {
        expect(typeof decompressLzString(text, 100_000)).toBe('string')
      } catch (error) {
        expect(error).toMatchObject({ name: 'CaptureRefusal' })
      }
    }),
    { numRuns: 2000 },
  )
})
