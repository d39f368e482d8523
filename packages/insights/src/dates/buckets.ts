import { build, localDate, type syntax } from '@hedgerow/hogql'
import { type Calendar, type Interval, startOf } from './interval.ts'

/** How events are put into buckets, and how the engine's keys are read. */
export interface Buckets {
  count: number
  key(timestamp: syntax.Expr): syntax.Expr
  /** Place of a key among the buckets; undefined for one that is none of them. */
  indexOf(key: unknown): number | undefined
}

const { call, constant } = build
const seconds: Partial<Record<Interval, number>> = { second: 1, minute: 60, hour: 3600 }
const starting: Partial<Record<Interval, string>> = { second: 'toStartOfSecond', minute: 'toStartOfMinute', hour: 'toStartOfHour' }

/**
 * Keys that people can read: a date from days on, else the instant at which the bucket starts.
 * why: dates, since a day need not have a midnight; they are also the quickest to group by.
 */
export function calendarBuckets(interval: Interval, starts: Date[], calendar: Calendar): Buckets {
  const { timezone } = calendar
  const isShort = seconds[interval] !== undefined
  const places = new Map(starts.map((start, i) => [isShort ? start.getTime() : localDate(start, timezone), i]))
  return {
    count: starts.length,
    key: (timestamp) => calendarKey(interval, timestamp),
    indexOf: (key) => {
      if (!isShort) return places.get(String(key).slice(0, 10))
      const at = new Date(String(key))
      return places.get(at.getTime()) ?? places.get(startOf(interval, at, calendar).getTime())
    },
  }
}

function calendarKey(interval: Interval, timestamp: syntax.Expr): syntax.Expr {
  const start = starting[interval]
  if (start !== undefined) return call(start, timestamp)
  if (interval === 'day') return call('toDate', timestamp)
  return call(interval === 'week' ? 'toStartOfWeek' : 'toStartOfMonth', timestamp)
}

/** Keys that count from 0 at the first bucket; nothing before it may be asked for. */
export function numberedBuckets(interval: Interval, starts: Date[], { timezone }: Calendar): Buckets {
  const first = starts[0] ?? new Date(0)
  return {
    count: starts.length,
    key: (timestamp) => bucketNumber(interval, first, timestamp, timezone),
    indexOf: (key) => (Number(key) < starts.length ? Number(key) : undefined),
  }
}

/** How many buckets lie between the one that starts at `first` and the one that `timestamp` is in. */
export function bucketNumber(interval: Interval, first: Date, timestamp: syntax.Expr, timezone: string): syntax.Expr {
  const length = seconds[interval]
  if (length !== undefined) {
    const passed = build.arithmetic('-', call('toUnixTimestamp', timestamp), constant(first.getTime() / 1000))
    return length === 1 ? passed : call('intDiv', passed, constant(length))
  }
  const firstDay = call('_toDate', constant(localDate(first, timezone)))
  const day = call('toDate', timestamp)
  if (interval === 'month') return call('dateDiff', constant('month'), firstDay, day)
  const days = call('dateDiff', constant('day'), firstDay, day)
  return interval === 'week' ? call('intDiv', days, constant(7)) : days
}
