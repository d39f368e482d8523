import { describe, expect, test } from 'vitest'
import { receivedAtMs, runStep } from './event-draft.fixture.ts'
import { resolveTimestamp } from './resolve-timestamp.ts'

const second = 1_000
const hour = 3_600 * second
const iso = (ms: number) => new Date(ms).toISOString()

interface Case {
  says: string
  timestamp?: string | number
  offset?: number
  sentAtMs?: number
  properties?: Record<string, unknown>
  expected: number
  warning?: string
}

const cases: Case[] = [
  { says: 'nothing', expected: receivedAtMs },
  { says: 'an empty timestamp', timestamp: '', expected: receivedAtMs },
  { says: 'a timestamp', timestamp: iso(receivedAtMs - hour), expected: receivedAtMs - hour },
  {
    says: 'a timestamp by a clock that is ten minutes slow',
    timestamp: iso(receivedAtMs - 600 * second - 5 * second),
    sentAtMs: receivedAtMs - 600 * second,
    expected: receivedAtMs - 5 * second,
  },
  {
    says: 'a timestamp by a clock that is a year fast',
    timestamp: iso(receivedAtMs + 365 * 24 * hour - 5 * second),
    sentAtMs: receivedAtMs + 365 * 24 * hour,
    expected: receivedAtMs - 5 * second,
  },
  {
    says: 'that the time of sending is not to be believed',
    timestamp: iso(receivedAtMs - hour),
    sentAtMs: receivedAtMs - 600 * second,
    properties: { $ignore_sent_at: true },
    expected: receivedAtMs - hour,
  },
  { says: 'an offset', offset: 2_500, expected: receivedAtMs - 2_500 },
  {
    says: 'an offset and a timestamp',
    offset: 2_500,
    timestamp: iso(receivedAtMs - hour),
    sentAtMs: receivedAtMs - hour,
    expected: receivedAtMs - 2_500,
  },
  { says: 'an offset that is no integer', offset: 2.5, timestamp: iso(receivedAtMs - hour), expected: receivedAtMs - hour },
  { says: 'an import of 2001', timestamp: '2001-09-09T01:46:40Z', expected: Date.UTC(2001, 8, 9, 1, 46, 40) },
  { says: 'a little ahead', timestamp: iso(receivedAtMs + 22 * hour), expected: receivedAtMs + 22 * hour },
  { says: 'far ahead', timestamp: iso(receivedAtMs + 24 * hour), expected: receivedAtMs, warning: 'timestamp_in_future' },
  { says: 'an offset far ahead', offset: -24 * hour, expected: receivedAtMs, warning: 'timestamp_in_future' },
  { says: 'the year 12026', timestamp: '+012026-01-01T00:00:00Z', expected: receivedAtMs, warning: 'timestamp_out_of_range' },
  { says: 'the year 1', timestamp: '0001-01-01T00:00:00Z', expected: 0, warning: 'timestamp_out_of_range' },
  { says: 'the year 1899', timestamp: '1899-12-31T23:59:59Z', expected: 0, warning: 'timestamp_out_of_range' },
  { says: 'an offset of a million years', offset: 3.2e16, expected: 0, warning: 'timestamp_out_of_range' },
  { says: 'nonsense', timestamp: 'last Tuesday', expected: receivedAtMs, warning: 'timestamp_unparseable' },
]

describe('an event happened when it says', () => {
  test.each(cases)('$says', ({ timestamp, offset, sentAtMs, properties, expected, warning }) => {
    const { draft, warnings, rejection } = runStep(resolveTimestamp, {
      ...(timestamp === undefined ? {} : { timestamp }),
      ...(offset === undefined ? {} : { offset }),
      properties: properties ?? {},
      entry: sentAtMs === undefined ? {} : { sentAtMs },
    })
    expect(rejection).toBeUndefined()
    expect(draft.timestampMs).toBe(expected)
    expect(warnings).toEqual(warning ? [warning] : [])
  })
})
