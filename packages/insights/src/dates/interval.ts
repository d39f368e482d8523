import { instantOfWallClock, type WallClock, wallClockAt } from '@hedgerow/hogql'
import { invalidQuestion } from '../context.ts'

export type Interval = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month'

const intervals: readonly Interval[] = ['second', 'minute', 'hour', 'day', 'week', 'month']

export interface Calendar {
  timezone: string
  weekStartDay: 0 | 1
}

/** The query's interval; `among` says which the kind of insight knows. @throws HogqlError */
export function readInterval(value: unknown, among: readonly Interval[] = intervals): Interval {
  if (value === undefined || value === null) return 'day'
  const found = among.find((interval) => interval === value)
  if (!found) throw invalidQuestion(`interval must be one of ${among.join(', ')}, not ${JSON.stringify(value)}`)
  return found
}

const lengths = { second: 1000, minute: 60_000, hour: 3_600_000 }
const midnight = { hour: 0, minute: 0, second: 0, millisecond: 0 }

/** The start of the bucket that the instant is in: calendar steps from a day on, in the project's zone. */
export function startOf(interval: Interval, at: Date, { timezone, weekStartDay }: Calendar): Date {
  const clock = wallClockAt(at, timezone)
  switch (interval) {
    case 'second':
      return new Date(at.getTime() - clock.millisecond)
    case 'minute':
      return new Date(at.getTime() - clock.second * 1000 - clock.millisecond)
    case 'hour':
      return new Date(at.getTime() - clock.minute * 60_000 - clock.second * 1000 - clock.millisecond)
    case 'day':
      return instantOfWallClock({ ...clock, ...midnight }, timezone)
    case 'week':
      return instantOfWallClock({ ...daysLater(clock, -((weekday(clock) - weekStartDay + 7) % 7)), ...midnight }, timezone)
    case 'month':
      return instantOfWallClock({ ...clock, day: 1, ...midnight }, timezone)
  }
}

/** A bucket's start, moved by whole buckets. */
export function step(interval: Interval, start: Date, count: number, { timezone }: Pick<Calendar, 'timezone'>): Date {
  switch (interval) {
    case 'second':
    case 'minute':
    case 'hour':
      return new Date(start.getTime() + count * lengths[interval])
    case 'day':
      return instantOfWallClock(daysLater(wallClockAt(start, timezone), count), timezone)
    case 'week':
      return instantOfWallClock(daysLater(wallClockAt(start, timezone), 7 * count), timezone)
    case 'month': {
      const clock = wallClockAt(start, timezone)
      const index = clock.year * 12 + clock.month - 1 + count
      const [year, month] = [Math.floor(index / 12), (index % 12) + 1]
      return instantOfWallClock({ ...clock, year, month, day: Math.min(clock.day, lastDayOf(year, month)) }, timezone)
    }
  }
}

const limits = { buckets: 50_000 }

/** Starts of the buckets from the one that `from` is in to the one that `to` is in. limit: 50 000 of them. */
export function bucketStarts(interval: Interval, from: Date, to: Date, calendar: Calendar): Date[] {
  const first = startOf(interval, from, calendar)
  const starts: Date[] = []
  for (let start = first; start <= to; start = step(interval, first, starts.length, calendar)) {
    if (starts.length >= limits.buckets)
      throw invalidQuestion(`The date range has more than ${limits.buckets} intervals of a ${interval}; choose a longer interval`)
    starts.push(start)
  }
  return starts
}

const weekday = ({ year, month, day }: WallClock) => new Date(Date.UTC(year, month - 1, day)).getUTCDay()
const lastDayOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

function daysLater(clock: WallClock, days: number): WallClock {
  const date = new Date(Date.UTC(clock.year, clock.month - 1, clock.day + days))
  return { ...clock, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
