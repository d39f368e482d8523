import { build, localDate, type syntax, wallClockAt } from '@hedgerow/hogql'
import type { Calendar, Interval } from './interval.ts'

/** The intervals that buckets can be numbered for; the engine counts in whole seconds. */
export type NumberedInterval = Exclude<Interval, 'second' | 'minute'>

const dayMs = 86_400_000

/**
 * Which bucket a timestamp is in, counted from the bucket that starts at `first`: as a number, since arrays and sets of small numbers cost
 * a fraction of those of date-times. Right for timestamps from `first` on; the same buckets as `startOf` and `step`.
 */
export function bucketNumber(interval: NumberedInterval, timestamp: syntax.Expr, first: Date, calendar: Calendar): syntax.Expr {
  const since = (count: syntax.Expr, from: number) => build.arithmetic('-', count, build.constant(from))
  switch (interval) {
    case 'hour':
      return build.call('intDiv', since(build.call('toUnixTimestamp', timestamp), first.getTime() / 1000), build.constant(3600))
    case 'day':
      return since(build.call('toRelativeDayNum', timestamp), localDay(first, calendar))
    case 'week':
      return build.call('intDiv', since(build.call('toRelativeDayNum', timestamp), localDay(first, calendar)), build.constant(7))
    case 'month': {
      const { year, month } = wallClockAt(first, calendar.timezone)
      return since(build.call('toRelativeMonthNum', timestamp), year * 12 + month)
    }
  }
}

/** Days of the calendar since 1970. */
const localDay = (at: Date, { timezone }: Calendar): number => Date.parse(`${localDate(at, timezone)}T00:00:00Z`) / dayMs
