import { expect, test } from 'vitest'
import { nextOccurrence } from './recurrence.ts'

const next = (previous: string, rule: Parameters<typeof nextOccurrence>[1], timezone = 'UTC', first = previous) => {
  const at = nextOccurrence({ previousMs: Date.parse(previous), firstMs: Date.parse(first) }, rule, timezone)
  return at === undefined ? undefined : new Date(at).toISOString()
}

test.each([
  ['2026-03-01T09:00:00Z', 'daily', '2026-03-02T09:00:00.000Z'],
  ['2026-03-01T09:00:00Z', 'weekly', '2026-03-08T09:00:00.000Z'],
  ['2026-01-31T09:00:00Z', 'monthly', '2026-02-28T09:00:00.000Z'],
  ['2024-02-29T09:00:00Z', 'yearly', '2025-02-28T09:00:00.000Z'],
] as const)('after %s, %s: %s', (previous, interval, expected) => {
  expect(next(previous, { interval })).toBe(expected)
})

test('a month that was too short does not shorten the next one', () => {
  expect(next('2026-02-28T09:00:00Z', { interval: 'monthly' }, 'UTC', '2026-01-31T09:00:00Z')).toBe('2026-03-31T09:00:00.000Z')
})

test('clocks keep their hour over a change to summer time', () => {
  expect(next('2026-03-28T08:00:00Z', { interval: 'daily' }, 'Europe/Berlin')).toBe('2026-03-29T07:00:00.000Z')
})

test.each([
  ['30 9 * * 1-5', '2026-11-20T10:00:00Z', '2026-11-23T09:30:00.000Z'],
  ['*/15 * * * *', '2026-11-20T10:07:00Z', '2026-11-20T10:15:00.000Z'],
  ['0 0 29 feb *', '2026-11-20T10:07:00Z', '2028-02-29T00:00:00.000Z'],
  ['0 0 13 * fri', '2026-11-14T00:00:00Z', '2026-11-20T00:00:00.000Z'],
  ['0 0 31 2 *', '2026-11-14T00:00:00Z', undefined],
  ['61 * * * *', '2026-11-14T00:00:00Z', undefined],
  ['* * * *', '2026-11-14T00:00:00Z', undefined],
])('%s after %s: %s', (cron, previous, expected) => {
  expect(next(previous, { cron })).toBe(expected)
})
