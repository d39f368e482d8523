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
