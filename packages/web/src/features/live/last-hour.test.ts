import { expect, test } from 'vitest'
import { describeMinutes, lastHourMinutes, lastHourQuery } from './last-hour.ts'

const nowMs = Date.UTC(2026, 2, 1, 12, 0, 30)

test('there are sixty minutes, the present one last, those without events empty', () => {
  const minutes = lastHourMinutes(
    [
      [Date.UTC(2026, 2, 1, 11, 59) / 1000, 7],
      [Date.UTC(2026, 2, 1, 12, 0) / 1000, '2'],
      [Date.UTC(2026, 2, 1, 9, 0) / 1000, 99],
    ],
    nowMs,
  )
  expect(minutes).toHaveLength(60)
  expect(minutes.at(-1)).toEqual({ atMs: Date.UTC(2026, 2, 1, 12, 0), count: 2 })
  expect(minutes.at(-2)?.count).toBe(7)
  expect(minutes[0]).toEqual({ atMs: Date.UTC(2026, 2, 1, 11, 1), count: 0 })
  expect(describeMinutes(minutes)).toBe('9 events in the last hour, at most 7 in a minute.')
})

test("an event's name goes beside the query, not into it", () => {
  const name = "x' OR 1=1 --"
  expect(lastHourQuery(name).query).not.toContain(name)
  expect(lastHourQuery(name).values).toEqual({ event: name })
  expect(lastHourQuery(undefined).values).toEqual({})
})
