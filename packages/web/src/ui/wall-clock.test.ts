import { expect, it } from 'vitest'
import { instantOf, wallClock } from './wall-clock.ts'

it.each([
  ['2026-03-01T14:05', 'UTC', '2026-03-01T14:05:00.000Z'],
  ['2026-03-01T14:05:30', 'Asia/Kathmandu', '2026-03-01T08:20:30.000Z'],
  ['2026-07-01T00:30', 'Europe/Berlin', '2026-06-30T22:30:00.000Z'],
  // Some hours after the clocks were put forward, at 02:00 of that night.
  ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
])('%s in %s is %s', (text, zone, instant) => {
  expect(instantOf(text, zone)).toBe(instant)
  expect(wallClock(instant, zone).startsWith(text)).toBe(true)
})

it('knows what is no instant', () => {
  expect(instantOf('', 'UTC')).toBeUndefined()
  expect(instantOf('tomorrow', 'UTC')).toBeUndefined()
})
