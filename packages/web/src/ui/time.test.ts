import { describe, expect, test } from 'vitest'
import {
  dayLabel,
  dayOf,
  formatDuration,
  formatInstant,
  formatSpan,
  instantOfDay,
  isKnownZone,
  relativeTime,
  zoneOffset,
  zoneReadings,
} from './time.ts'

const instant = '2026-03-01T22:00:05.250Z'

test.each([
  ['Europe/Vienna', 'time', '23:00:05'],
  ['Asia/Kathmandu', 'time', '03:45:05'],
  ['Asia/Kathmandu', 'short', '2 Mar, 03:45'],
  ['America/New_York', 'full', '1 Mar 2026, 17:00:05'],
  ['Not/AZone', 'minute', '22:00'],
] as const)('in %s, style %s, it reads %s', (zone, style, expected) => {
  expect(formatInstant(instant, zone, style)).toBe(expected)
})

test('text that is no instant is shown as it came', () => {
  expect(formatInstant('soon', 'UTC', 'full')).toBe('soon')
  expect(relativeTime('soon', 0)).toBe('soon')
})

test('the day depends on the zone', () => {
  expect(dayOf(instant, 'UTC')).toBe('2026-03-01')
  expect(dayOf(instant, 'Asia/Kathmandu')).toBe('2026-03-02')
})

test.each([
  ['2026-03-02', 'Today'],
  ['2026-03-01', 'Yesterday'],
  ['2026-02-27', 'Friday 27 February'],
  ['2025-12-31', 'Wednesday 31 December 2025'],
])('the day %s is called %s', (day, label) => {
  expect(dayLabel(day, '2026-03-02')).toBe(label)
})

test.each([
  [0, 'now'],
  [12_300, '12 s ago'],
  [-61_000, 'in 1 min'],
  [3 * 3_600_000, '3 h ago'],
  [40 * 86_400_000, '40 d ago'],
])('%d ms later it is %s', (elapsedMs, expected) => {
  expect(relativeTime(instant, Date.parse(instant) + elapsedMs)).toBe(expected)
})

describe('durations', () => {
  test.each([
    [840, '840 ms'],
    [59_999, '59 s'],
    [86_400_000, '1 d'],
  ])('%d ms is %s', (ms, expected) => expect(formatDuration(ms)).toBe(expected))
  test.each([
    [-5, '0 s'],
    [185_000, '3 min 5 s'],
    [180_000, '3 min'],
    [4_320_000, '1 h 12 min'],
  ])('a session of %d ms lasts %s', (ms, expected) => expect(formatSpan(ms)).toBe(expected))
})

test('offsets with minutes are kept', () => {
  expect(zoneOffset(instant, 'Asia/Kathmandu')).toBe('GMT+5:45')
})

test('a zone that reads the same is not repeated', () => {
  expect(zoneReadings(instant, 'UTC', 'UTC').map(({ label }) => label)).toEqual(['Project · UTC'])
  expect(zoneReadings(instant, 'Europe/Vienna', 'Europe/Paris').map(({ label }) => label)).toEqual(['Project · Europe/Vienna', 'UTC'])
  expect(zoneReadings(instant, 'UTC', 'Asia/Kathmandu').map(({ label }) => label)).toEqual(['Project · UTC', 'You · Asia/Kathmandu'])
})

test('zones that do not exist are known not to', () => {
  expect(isKnownZone('Europe/Vienna')).toBe(true)
  expect(isKnownZone('Europe/Atlantis')).toBe(false)
  expect(isKnownZone('')).toBe(false)
})

test.each([
  ['2026-03-01', 'UTC', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01', 'Asia/Kathmandu', '2026-03-01T06:15:00.000Z'],
  ['2026-03-01', 'Pacific/Auckland', '2026-02-28T23:00:00.000Z'],
  ['2026-07-01', 'America/Los_Angeles', '2026-07-01T19:00:00.000Z'],
])('noon of %s in %s is %s', (day, zone, instant) => {
  expect(instantOfDay(day, zone)).toBe(instant)
})

test('short months have three letters each', () => {
  expect(formatInstant('2026-09-02T10:00:00Z', 'UTC', 'short')).toBe('2 Sep, 10:00')
  expect(formatInstant('2026-05-02T10:00:00Z', 'UTC', 'short')).toBe('2 May, 10:00')
})
