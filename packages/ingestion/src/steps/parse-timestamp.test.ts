import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTimestamp } from './parse-timestamp.ts'

const at = (text: string) => Date.parse(text)

describe('a timestamp is read', () => {
  test.each([
    ['2026-01-31T08:00:00.000Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31t08:00:00z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00+05:45', '2026-01-31T02:15:00.000Z'],
    ['2026-01-31T08:00:00-0330', '2026-01-31T11:30:00.000Z'],
    ['2026-01-31T08:00:00+02', '2026-01-31T06:00:00.000Z'],
    ['2026-01-31T08:00:00', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31 08:00:00', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31 08:00:00.25', '2026-01-31T08:00:00.250Z'],
    ['2026-01-31 08:00:00 +0100', '2026-01-31T07:00:00.000Z'],
    ['2026-01-31 08:00:00 UTC', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['  2026-01-31T08:00:00.000Z ', '2026-01-31T08:00:00.000Z'],
    ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000Z'],
    ['2026-01-31T24:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['Sat, 31 Jan 2026 08:00:00 GMT', '2026-01-31T08:00:00.000Z'],
    ['31 Jan 2026 08:00 +0100', '2026-01-31T07:00:00.000Z'],
    ['Sat, 31 Jan 2026 08:00:00 PST', '2026-01-31T16:00:00.000Z'],
    ['1769846400', '2026-01-31T08:00:00.000Z'],
    ['1769846400000', '2026-01-31T08:00:00.000Z'],
    ['1769846400.5', '2026-01-31T08:00:00.500Z'],
    [1_769_846_400, '2026-01-31T08:00:00.000Z'],
    [1_769_846_400_000, '2026-01-31T08:00:00.000Z'],
    [1_769_846_400.25, '2026-01-31T08:00:00.250Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['+012026-01-31T08:00:00Z', '+012026-01-31T08:00:00.000Z'],
  ])('%s is %s', (value, expected) => {
    expect(parseTimestamp(value)).toBe(at(expected))
  })

  test('to the microsecond', () => {
    expect(parseTimestamp('2026-01-31T08:00:00.123456+00:00')).toBeCloseTo(at('2026-01-31T08:00:00.123Z') + 0.456, 3)
    expect(parseTimestamp('2026-01-31T08:00:00.1234567891Z')).toBeCloseTo(at('2026-01-31T08:00:00.123Z') + 0.456, 3)
  })

  test('whatever instant it is', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        const iso = date.toISOString()
        expect(parseTimestamp(iso)).toBe(date.getTime())
        expect(parseTimestamp(iso.replace('T', ' ').replace('Z', ''))).toBe(date.getTime())
        expect(parseTimestamp(iso.replace('Z', '+00:00'))).toBe(date.getTime())
      }),
    )
  })
})

test.each([
  '',
  'yesterday',
  '2026-02-30',
  '2025-02-29',
  '2026-13-01T00:00:00Z',
  '2026-01-31T25:00:00Z',
  '2026-01-31T08:60:00Z',
  '2026-1-31',
  '31/01/2026',
  'NaN',
  '0x10',
  'Infinity',
  Number.NaN,
  Number.POSITIVE_INFINITY,
])('%s is no timestamp', (value) => {
  expect(parseTimestamp(value)).toBeUndefined()
})

test('any text is answered', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const ms = parseTimestamp(text)
      expect(ms === undefined || typeof ms === 'number').toBe(true)
    }),
  )
})
