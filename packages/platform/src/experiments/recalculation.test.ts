import { expect, test } from 'vitest'
import { lastDue } from './recalculation.ts'

test.each([
  ['2026-03-10T05:30:00Z', 'UTC', 2, '2026-03-10T02:00:00.000Z'],
  ['2026-03-10T01:30:00Z', 'UTC', 2, '2026-03-09T02:00:00.000Z'],
  ['2026-03-10T02:00:00Z', 'UTC', 2, '2026-03-10T02:00:00.000Z'],
  ['2026-03-10T01:30:00Z', 'Asia/Kathmandu', 2, '2026-03-09T20:15:00.000Z'],
  ['2026-03-10T05:30:00Z', 'America/New_York', 0, '2026-03-10T04:00:00.000Z'],
])('%s in %s, due at %d: %s', (now, zone, hour, due) => {
  expect(lastDue(new Date(now), zone, hour).toISOString()).toBe(due)
})
