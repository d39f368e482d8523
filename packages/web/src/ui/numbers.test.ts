import { expect, test } from 'vitest'
import { countOf, formatCompact, formatCount, formatShare } from './numbers.ts'

test('counts', () => {
  expect(formatCount(1_204_311)).toBe('1,204,311')
  expect(formatCompact(12_400)).toBe('12.4k')
  expect(countOf(1, 'event')).toBe('1 event')
  expect(countOf(0, 'person', 'persons')).toBe('0 persons')
})

test.each([
  [0, 10, '0 %'],
  [5, 0, '0 %'],
  [1, 100_000, '<0.1 %'],
  [34, 1000, '3.4 %'],
  [995, 1000, '99 %'],
  [99_999, 100_000, '>99.9 %'],
  [10, 10, '100 %'],
])('%d of %d is %s', (part, whole, expected) => {
  expect(formatShare(part, whole)).toBe(expected)
})
