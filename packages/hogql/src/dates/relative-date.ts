import { instantOfWallClock, parseInstant, type WallClock, wallClockAt } from './zoned-time.ts'

export type DateUnit = 's' | 'M' | 'h' | 'd' | 'w' | 'm' | 'q' | 'y'

export interface ResolvedDate {
  at: Date
  /** Absent for an absolute date. */
  unit?: DateUnit
}

export interface DateOptions {
  now: Date
  timezone: string
  /** Keeps the time of day of `now`; only `dStart`, `hEnd` and the like still change it. */
  exact?: boolean
}

const hourMs = 3_600_000
const relative = /^-?(\d*)([sMhdwmqy])(Start|End)?$/

/**
 * A date as filters have it: `-7d`, `-1mStart`, `dStart`, `2024-01-31`, `2024-01-31T10:00:00Z`. A relative date always lies in
 * the past; its time of day is that of `now`, cut to the start of the day, or of the hour for hours (minutes and seconds are not cut).
 * An absolute one without offset is read in the time zone. Undefined for anything else.
 *
 *     resolveDate('-1m', { now: 2020-03-31T10:00Z, timezone: 'UTC' })  // 2020-02-29T00:00:00Z
 */
export function resolveDate(text: string, { now, timezone, exact = false }: DateOptions): ResolvedDate | undefined {
  const found = relative.exec(text.trim())
  if (!found) {
    const at = parseInstant(text, timezone)
    return at && { at }
  }
  const unit = found[2] as DateUnit
  const count = Number(found[1] ?? 0)
  if (count > 100_000) return undefined
  const clock = anchored(shifted(wallClockAt(now, timezone), unit, count), unit, found[3] as 'Start' | 'End' | undefined)
  if (exact) return { at: exactly(now, clock, unit, count, found[3] as 'Start' | 'End' | undefined, timezone), unit }
  if (unit === 's' || unit === 'M' || unit === 'h') return { at: cutHours(now, unit, count, timezone), unit }
  return { at: instantOfWallClock({ ...clock, hour: 0, minute: 0, second: 0, millisecond: 0 }, timezone), unit }
}

/** As {@link resolveDate}, for a bound that is compared with and not stretched: hours are lengths of time too, and not cut. */
export function resolveBound(text: string, { now, timezone }: Omit<DateOptions, 'exact'>): ResolvedDate | undefined {
  const found = resolveDate(text, { now, timezone })
  return found?.unit === 'h' ? resolveDate(text, { now, timezone, exact: true }) : found
}

/** Hours and shorter are lengths of time, whatever clocks do. */
function cutHours(now: Date, unit: 's' | 'M' | 'h', count: number, timezone: string): Date {
  const lengths = { s: 1000, M: 60_000, h: 3_600_000 }
  const at = new Date(now.getTime() - count * lengths[unit])
  if (unit !== 'h') return at
  const { minute, second, millisecond } = wallClockAt(at, timezone)
  return new Date(at.getTime() - minute * 60_000 - second * 1000 - millisecond)
}

/** `dStart`, `dEnd`, `hStart` and `hEnd` say a time of day themselves; the rest keeps that of now. */
function exactly(now: Date, clock: WallClock, unit: DateUnit, count: number, edge: 'Start' | 'End' | undefined, timezone: string): Date {
  const day = edge === 'Start' ? { hour: 0, minute: 0, second: 0, millisecond: 0 } : { hour: 23, minute: 59, second: 59, millisecond: 999 }
  if (unit === 'd' || unit === 'w') return instantOfWallClock(edge ? { ...clock, ...day } : clock, timezone)
  if (unit !== 'h' && unit !== 'M' && unit !== 's') return instantOfWallClock(clock, timezone)
  const at = cutHours(now, 'h', 0, timezone)
  if (unit === 'h' && edge) return new Date(at.getTime() - (count - (edge === 'End' ? 1 : 0)) * hourMs - (edge === 'End' ? 1 : 0))
  return new Date(now.getTime() - count * { h: hourMs, M: 60_000, s: 1000 }[unit])
}

function shifted(clock: WallClock, unit: DateUnit, count: number): WallClock {
  switch (unit) {
    case 's':
    case 'M':
    case 'h':
      return clock
    case 'd':
      return daysBefore(clock, count)
    case 'w':
      return daysBefore(clock, 7 * count)
    case 'q':
      return daysBefore(clock, 91 * count)
    case 'm':
      return monthsBefore(clock, count)
    case 'y':
      return monthsBefore(clock, 12 * count)
  }
}

function daysBefore(clock: WallClock, days: number): WallClock {
  const date = new Date(Date.UTC(clock.year, clock.month - 1, clock.day - days))
  return { ...clock, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function monthsBefore(clock: WallClock, months: number): WallClock {
  const index = clock.year * 12 + clock.month - 1 - months
  const [year, month] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1]
  return { ...clock, year, month, day: Math.min(clock.day, lastDayOf(year, month)) }
}

const lastDayOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

function anchored(clock: WallClock, unit: DateUnit, edge: 'Start' | 'End' | undefined): WallClock {
  if (!edge) return clock
  if (unit === 'm') return { ...clock, day: edge === 'Start' ? 1 : lastDayOf(clock.year, clock.month) }
  if (unit === 'y') return edge === 'Start' ? { ...clock, month: 1, day: 1 } : { ...clock, month: 12, day: 31 }
  return clock
}
