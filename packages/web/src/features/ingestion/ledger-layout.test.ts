import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatBytes, ledgerLayout } from './ledger-layout.ts'

const count = fc.nat({ max: 2 ** 31 })

test('the parts fill the bar, whatever their sizes, and none that exists is invisible', () => {
  fc.assert(
    fc.property(count, count, count, count, (stored, rejected, repeated, waiting) => {
      const accepted = stored + rejected + repeated + waiting
      const { segments, difference } = ledgerLayout({ accepted, stored, rejected, repeated, waiting })
      expect(difference).toBe(0)
      const width = segments.reduce((sum, { widthPercent }) => sum + widthPercent, 0)
      expect(width).toBeCloseTo(accepted === 0 ? 0 : 100, 6)
      for (const segment of segments) expect(segment.widthPercent > 0).toBe(segment.count > 0)
    }),
  )
})

test('a part is as wide as it is large', () => {
  const { segments } = ledgerLayout({ accepted: 1000, stored: 900, rejected: 75, repeated: 25, waiting: 0 })
  expect(segments.map(({ widthPercent }) => widthPercent)).toEqual([90, 7.5, 2.5, 0])
})

test('a ledger that does not add up is told, not hidden', () => {
  expect(ledgerLayout({ accepted: 12, stored: 10, rejected: 1, repeated: 0, waiting: 0 }).difference).toBe(1)
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [12_400_000, '12.4 MB'],
  [4_000_000_000, '4.0 GB'],
  [123_456, '123 kB'],
])('%d is %s', (bytes, expected) => expect(formatBytes(bytes)).toBe(expected))
