import { expect, test } from 'vitest'
import { lastDays, sparkPath, volumesByEvent } from './volumes.ts'

test('days run over the ends of months', () => {
  expect(lastDays('2026-03-01', 3)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
})

test('each event has its days; those without events are zero, and a day outside counts in the sum alone', () => {
  const days = ['2026-02-28', '2026-03-01']
  const volumes = volumesByEvent(
    [
      { event: 'a', day: '2026-03-01', events: 3 },
      { event: 'a', day: '2026-02-27', events: 2 },
      { event: 'toString', day: '2026-02-28', events: 1 },
    ],
    days,
  )
  expect([...volumes]).toEqual([
    ['a', { total: 5, days: [0, 3] }],
    ['toString', { total: 1, days: [1, 0] }],
  ])
})

test('the line reaches its top where most came', () => {
  expect(sparkPath([0, 4, 2])).toBe('M0.0 23.0L50.0 1.0L100.0 12.0')
  expect(sparkPath([0, 0])).toBe('M0.0 23.0L100.0 23.0')
})
