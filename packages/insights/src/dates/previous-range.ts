import { instantOfWallClock, offsetMs, resolveDate, wallClockAt } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion } from '../context.ts'
import type { DateRange } from './date-range.ts'
import { type Interval, startOf, step } from './interval.ts'

/**
 * The period that a range is compared with (queries.md 3.6): both ends shifted by `compareTo`, or the period of the same length directly
 * before. @throws HogqlError
 */
export function previousRange(
  range: DateRange,
  given: unknown,
  compareTo: unknown,
  interval: Interval,
  context: InsightContext,
): DateRange {
  const dates = (given ?? {}) as { date_from?: unknown; date_to?: unknown; explicitDate?: unknown }
  const explicit = dates.explicitDate === true
  if (compareTo !== undefined && compareTo !== null && compareTo !== '') return shiftedBy(compareTo, range, explicit, interval, context)
  const days = wholeWeeks(dates, interval)
  if (days !== undefined) {
    const back = (at: Date) => step('day', at, -days, context)
    return withEnds(back(range.from), back(range.to), range, explicit, interval, context)
  }
  const unit = interval === 'hour' || interval === 'minute' || interval === 'second' ? interval : 'day'
  // why: days are days, however many hours clocks made of them.
  const clock = unit === 'day' ? wallTimes(context.timezone) : instants
  const lengthMs = clock.read(range.to) - clock.read(range.from)
  const before = clock.at(clock.read(range.from) - lengthMs)
  const from = explicit ? before : startOf(unit, before, context)
  const end = clock.at(clock.read(from) + lengthMs)
  const to = explicit ? end : new Date(step(unit, startOf(unit, end, context), 1, context).getTime() - 1)
  return withEnds(from, to, explicit ? range : { ...range, until: { ...range.until, inclusive: false } }, explicit, interval, context)
}

/** Times as milliseconds, to reckon with. */
interface Times {
  read(at: Date): number
  at(ms: number): Date
}

const instants: Times = { read: (at) => at.getTime(), at: (ms) => new Date(ms) }

/** As clocks of the zone show them. */
const wallTimes = (timezone: string): Times => ({
  read: (at) => at.getTime() + offsetMs(at, timezone),
  at: (ms) => instantOfWallClock(wallClockAt(new Date(ms), 'UTC'), timezone),
})

/** `-14d` by day and up to now: weekdays shall line up. */
function wholeWeeks({ date_from, date_to }: { date_from?: unknown; date_to?: unknown }, interval: Interval): number | undefined {
  if (interval !== 'day' || (date_to !== undefined && date_to !== null && date_to !== '')) return undefined
  const text = date_from === undefined || date_from === null || date_from === '' ? '-7d' : String(date_from)
  const days = Number(/^-?(\d+)d$/.exec(text)?.[1])
  return days > 0 && days % 7 === 0 ? days : undefined
}

function shiftedBy(by: unknown, range: DateRange, explicit: boolean, interval: Interval, context: InsightContext): DateRange {
  const { timezone } = context
  const shift = (now: Date): Date => {
    const found = typeof by === 'string' ? resolveDate(by, { now, timezone, exact: true }) : undefined
    if (found?.unit === undefined) throw invalidQuestion(`compare_to must be a length of time like -1w or -1y, not ${JSON.stringify(by)}`)
    return found.at
  }
  return withEnds(shift(range.from), shift(range.to), range, explicit, interval, context)
}

/** As the current range was: its end exact or stretched, its first bucket whole or not. */
function withEnds(from: Date, to: Date, current: DateRange, explicit: boolean, interval: Interval, context: InsightContext): DateRange {
  const { inclusive } = current.until
  const unit = interval === 'week' ? 'day' : interval
  const isWhole = startOf(unit, current.lower, context).getTime() === current.lower.getTime()
  const lower = explicit || !isWhole ? from : startOf(unit, from, context)
  return { from, to, lower, until: { at: inclusive ? to : new Date(to.getTime() + 1), inclusive } }
}
