import { expect, test } from 'vitest'
import { intervalFits, intervalFor, rangeWords, spanDays } from './date-range.ts'

const today = '2026-11-22'

test.each([
  [undefined, 'Last 7 days', 7, 'day'],
  [{ date_from: '-24h' }, 'Last 24 hours', 1, 'hour'],
  [{ date_from: '-1h' }, 'Last hour', 1 / 24, 'minute'],
  [{ date_from: 'dStart' }, 'Today', 1, 'hour'],
  [{ date_from: '-3w' }, 'Last 3 weeks', 21, 'day'],
  [{ date_from: '-1m' }, 'Last month', 30.4, 'day'],
  [{ date_from: '-180d' }, 'Last 180 days', 180, 'week'],
  [{ date_from: '2026-11-01', date_to: '2026-11-08' }, '1 Nov 2026 – 8 Nov 2026', 7, 'day'],
  [{ date_from: '2026-11-01T13:30:00' }, '1 Nov 2026 13:30 – now', 21, 'day'],
  [{ date_from: 'all' }, 'All time', undefined, 'month'],
  [{ date_from: 'nonsense' }, 'nonsense – now', undefined, 'month'],
] as const)('%j reads “%s”, spans %s days and is best shown by %s', (range, words, days, interval) => {
  expect(rangeWords(range)).toBe(words)
  const span = spanDays(range, today)
  expect(span === undefined ? undefined : Math.round(span * 1000) / 1000).toBe(
    days === undefined ? undefined : Math.round(days * 1000) / 1000,
  )
  expect(intervalFor(span)).toBe(interval)
})

test('thousands of points are not offered', () => {
  expect(intervalFits('minute', 1)).toBe(true)
  expect(intervalFits('minute', 30)).toBe(false)
  expect(intervalFits('hour', 180)).toBe(true)
  expect(intervalFits('hour', 400)).toBe(false)
  expect(intervalFits('minute', undefined)).toBe(false)
})
