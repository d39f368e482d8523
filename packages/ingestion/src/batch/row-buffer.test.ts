import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowBuffer, RowBuffers } from './row-buffer.ts'

test('holds any text, however much', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(400_000), (texts, repeats) => {
      const rows = new RowBuffer()
      const long = '😀é'.repeat(repeats)
      for (const text of [...texts, long, ...texts]) rows.write(text)
      const expected = Buffer.from(texts.join('') + long + texts.join(''))
      expect(rows.length).toBe(expected.length)
      expect(Buffer.from(rows.text()).equals(expected)).toBe(true)
    }),
    { numRuns: 20 },
  )
})

test('memory that nobody reads any more is used again, empty', () => {
  const buffers = new RowBuffers()
  const first = buffers.take()
  first.write('row')
  expect(buffers.take()).not.toBe(first)
  buffers.giveBack(first)
  expect(buffers.take()).toBe(first)
  expect(first.length).toBe(0)
})

test('holds bytes behind text', () => {
  const rows = new RowBuffer()
  rows.write('é')
  rows.append(new Uint8Array(1_500_000).fill(7))
  rows.append(new Uint8Array([8]))
  expect(rows.length).toBe(1_500_003)
  expect([...rows.text().subarray(0, 3), ...rows.text().subarray(-2)]).toEqual([0xc3, 0xa9, 7, 7, 8])
})
