import { localDate, offsetMs, type WallClock, wallClockAt } from '@hedgerow/hogql'
import { type Calendar, type Interval, step } from './interval.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number) => String(value).padStart(2, '0')
const monthOf = ({ month }: WallClock) => months[month - 1] ?? ''

/** A bucket in `days`: `2020-01-31`, with the time of day for intervals under a day. */
export function dayText(interval: Interval, start: Date, timezone: string): string {
  const date = localDate(start, timezone)
  if (interval === 'day' || interval === 'week' || interval === 'month') return date
  const { hour, minute, second } = wallClockAt(start, timezone)
  return `${date} ${two(hour)}:${two(minute)}:${two(second)}`
}

/** A bucket in `labels`: `1-Jan-2020`, `1-Jan 14:00`, `Jan 2020`, `24–30 Nov`. */
export function labelText(interval: Interval, start: Date, range: { from: Date; to: Date }, calendar: Calendar): string {
  const clock = wallClockAt(start, calendar.timezone)
  switch (interval) {
    case 'second':
    case 'minute':
    case 'hour':
      return `${clock.day}-${monthOf(clock)} ${two(clock.hour)}:${two(clock.minute)}`
    case 'day':
      return `${clock.day}-${monthOf(clock)}-${clock.year}`
    case 'month':
      return `${monthOf(clock)} ${clock.year}`
    case 'week':
      return weekText(start, range, calendar)
  }
}

/** An instant as clocks in the zone show it, with their offset: `2020-06-10T00:00:00-07:00`, `…Z` in UTC. */
export function instantText(at: Date, timezone: string): string {
  const { hour, minute, second } = wallClockAt(at, timezone)
  const offset = Math.round(offsetMs(at, timezone) / 60_000)
  const ahead = Math.abs(offset)
  const shift = timezone === 'UTC' ? 'Z' : `${offset < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`
  return `${localDate(at, timezone)}T${two(hour)}:${two(minute)}:${two(second)}${shift}`
}

/** A week, cut to the range. */
function weekText(start: Date, range: { from: Date; to: Date }, calendar: Calendar): string {
  const lastDay = step('day', start, 6, calendar)
  const clockAt = (ms: number) => wallClockAt(new Date(ms), calendar.timezone)
  const first = clockAt(Math.max(start.getTime(), range.from.getTime()))
  const last = clockAt(Math.min(lastDay.getTime(), range.to.getTime()))
  if (first.year !== last.year) return `${first.day}-${monthOf(first)}-${first.year} – ${last.day}-${monthOf(last)}-${last.year}`
  if (first.month !== last.month) return `${first.day}-${monthOf(first)} – ${last.day}-${monthOf(last)}`
  if (first.day === last.day) return `${first.day}-${monthOf(first)}-${first.year}`
  return `${first.day}–${last.day} ${monthOf(first)}`
}
