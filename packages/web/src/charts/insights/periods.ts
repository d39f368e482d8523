import type { Interval } from '../../query-model/nodes.ts'
import { dayOf, formatInstant } from '../../ui/time.ts'

/** The index from which on buckets (by their beginnings in project time, as the API writes them) had not ended at `asOf`: the length when none is. */
export function firstUnfinished(days: readonly string[], interval: Interval, asOf: string | number | undefined, zone: string): number {
  if (asOf === undefined) return days.length
  const now = wallClock(asOf, zone)
  const index = days.findIndex((day) => now >= beginningOf(day) && now < endOf(day, interval))
  return index < 0 ? days.length : index
}

const unitMs: Record<string, number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  // compat: a conversion window of a month has 31 days.
  month: 31 * 86_400_000,
}

/** The first period in which someone who began may still go on: its conversion window reaches beyond the moment of the answer. */
export function firstOpenWindow(
  days: readonly string[],
  interval: Interval,
  window: { length: number; unit: string },
  asOf: string | number | undefined,
  zone: string,
): number {
  if (asOf === undefined) return days.length
  const closedBefore = wallClock(new Date(asOf).getTime() - window.length * (unitMs[window.unit] ?? 0), zone)
  const index = days.findIndex((day) => endOf(day, interval) > closedBefore)
  return index < 0 ? days.length : index
}

/** `2026-03-01 23:15:00` in the zone. */
const wallClock = (instant: string | number, zone: string): string => `${dayOf(instant, zone)} ${formatInstant(instant, zone, 'time')}`

const beginningOf = (day: string): string => day.padEnd(19, ' 00:00:00').slice(0, 19)

/** Calendar arithmetic on wall clock text, for which any one zone will do: UTC has no gaps. */
function endOf(day: string, interval: Interval): string {
  const date = new Date(`${day.slice(0, 10)}T${day.slice(11, 19) || '00:00:00'}Z`)
  switch (interval) {
    case 'minute':
      date.setUTCMinutes(date.getUTCMinutes() + 1)
      break
    case 'hour':
      date.setUTCHours(date.getUTCHours() + 1)
      break
    case 'day':
      date.setUTCDate(date.getUTCDate() + 1)
      break
    case 'week':
      date.setUTCDate(date.getUTCDate() + 7)
      break
    case 'month':
      date.setUTCMonth(date.getUTCMonth() + 1)
      break
  }
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** The bucket of an instant: the last one that begins at or before it; undefined when it is outside. */
export function bucketOf(instant: string, days: readonly string[], zone: string): number | undefined {
  const at = wallClock(instant, zone)
  const first = days[0]
  if (first === undefined || at < first.slice(0, 10)) return undefined
  const after = days.findIndex((day) => beginningOf(day) > at)
  return after < 0 ? days.length - 1 : Math.max(0, after - 1)
}

/** Notes at the buckets that they fall into. */
export function marksOf(
  notes: readonly { at: string; text: string }[],
  days: readonly string[],
  zone: string,
): { index: number; label: string }[] {
  return notes.flatMap(({ at, text }) => {
    const index = bucketOf(at, days, zone)
    return index === undefined ? [] : [{ index, label: text }]
  })
}
