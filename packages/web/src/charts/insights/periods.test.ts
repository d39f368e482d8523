import { expect, test } from 'vitest'
import { bucketOf, firstOpenWindow, firstUnfinished } from './periods.ts'

// 23:30 UTC is 05:15 of the next day in Kathmandu.
const asOf = '2026-03-01T23:30:00Z'
const zone = 'Asia/Kathmandu'

test.each([
  ['day', ['2026-02-28', '2026-03-01', '2026-03-02'], 2],
  ['day', ['2026-02-27', '2026-02-28', '2026-03-01'], 3],
  ['hour', ['2026-03-02 04:00:00', '2026-03-02 05:00:00'], 1],
  ['week', ['2026-02-16', '2026-02-23', '2026-03-02'], 2],
  ['month', ['2026-02-01', '2026-03-01'], 1],
  ['minute', ['2026-03-02 05:14:00', '2026-03-02 05:15:00'], 1],
  ['day', [], 0],
] as const)('by %s, of %j the one at %d is not over', (interval, days, index) => {
  expect(firstUnfinished([...days], interval, asOf, zone)).toBe(index)
})

test('an instant falls into the bucket of its own day in the project', () => {
  const days = ['2026-03-01', '2026-03-02', '2026-03-03']
  expect(bucketOf('2026-03-01T23:30:00Z', days, zone)).toBe(1)
  expect(bucketOf('2026-02-20T00:00:00Z', days, zone)).toBeUndefined()
  expect(bucketOf('2026-03-03T10:00:00Z', days, zone)).toBe(2)
})

test('those who began within the conversion window may still convert', () => {
  const days = ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']
  expect(firstOpenWindow(days, 'day', { length: 3, unit: 'day' }, asOf, zone)).toBe(1)
  expect(firstOpenWindow(days, 'day', { length: 1, unit: 'hour' }, asOf, zone)).toBe(4)
  expect(firstOpenWindow(days, 'day', { length: 60, unit: 'day' }, asOf, zone)).toBe(0)
})
