import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resolveBound, resolveDate } from './relative-date.ts'
import { instantOfWallClock, localDate, parseInstant, wallClockAt } from './zoned-time.ts'

const now = new Date('2024-03-31T10:20:30Z')
const at = (text: string, timezone = 'UTC') => resolveDate(text, { now, timezone })?.at.toISOString()

describe('relative dates', () => {
  test.each([
    ['-7d', '2024-03-24T00:00:00.000Z'],
    ['7d', '2024-03-24T00:00:00.000Z'],
    ['-24h', '2024-03-30T10:00:00.000Z'],
    ['-30M', '2024-03-31T09:50:30.000Z'],
    ['-1m', '2024-02-29T00:00:00.000Z'],
    ['-1y', '2023-03-31T00:00:00.000Z'],
    ['-1q', '2023-12-31T00:00:00.000Z'],
    ['-2w', '2024-03-17T00:00:00.000Z'],
    ['dStart', '2024-03-31T00:00:00.000Z'],
    ['-1mStart', '2024-02-01T00:00:00.000Z'],
    ['-1mEnd', '2024-02-29T00:00:00.000Z'],
    ['yStart', '2024-01-01T00:00:00.000Z'],
    ['2024-1-5', '2024-01-05T00:00:00.000Z'],
    ['2024-01-05T10:00:00+02:00', '2024-01-05T08:00:00.000Z'],
    ['2024-02-30', undefined],
    ['2023-02-29', undefined],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
    ['0099-12-31', '0099-12-31T00:00:00.000Z'],
    ['0100-03-01', '0100-03-01T00:00:00.000Z'],
    ['yesterday', undefined],
    ['-999999999d', undefined],
  ])('%s', (text, expected) => {
    expect(at(text)).toBe(expected)
  })

  test('days begin when they begin in the zone', () => {
    expect(at('dStart', 'Asia/Kathmandu')).toBe('2024-03-30T18:15:00.000Z')
    expect(at('-24h', 'Asia/Kathmandu')).toBe('2024-03-30T10:15:00.000Z')
    expect(at('2024-03-31', 'Asia/Kathmandu')).toBe('2024-03-30T18:15:00.000Z')
  })
})

test('of a bound, hours are lengths of time and days begin at midnight', () => {
  const bound = (text: string) => resolveBound(text, { now, timezone: 'Asia/Kathmandu' })?.at.toISOString()
  expect(bound('-24h')).toBe('2024-03-30T10:20:30.000Z')
  expect(bound('hStart')).toBe('2024-03-31T10:15:00.000Z')
  expect(bound('-30M')).toBe('2024-03-31T09:50:30.000Z')
  expect(bound('-1d')).toBe('2024-03-29T18:15:00.000Z')
  expect(bound('2024-03-31')).toBe('2024-03-30T18:15:00.000Z')
})

describe('clocks', () => {
  test('a skipped hour and a repeated one', () => {
    expect(parseInstant('2024-03-31 02:30:00', 'Europe/Berlin')?.toISOString()).toBe('2024-03-31T01:30:00.000Z')
    expect(parseInstant('2024-10-27 02:30:00', 'Europe/Berlin')?.toISOString()).toBe('2024-10-27T00:30:00.000Z')
  })

  test('a wall clock names the instant that it was read at, but for hours that come twice', () => {
    const zones = ['UTC', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Europe/Berlin']
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1975-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (instant, zone) => {
          const clock = wallClockAt(instant, zone)
          const back = instantOfWallClock(clock, zone)
          expect(wallClockAt(back, zone)).toEqual(clock)
          expect(Math.abs(back.getTime() - instant.getTime())).toBeLessThanOrEqual(3_600_000)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('the local date', () => {
    expect(localDate(new Date('2024-03-31T20:00:00Z'), 'Asia/Kathmandu')).toBe('2024-04-01')
  })
})
