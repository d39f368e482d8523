/** A wall clock reading; months 1–12. */
export interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond: number
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timezone, made)
  return made
}

/** What clocks in the zone show at that instant. */
export function wallClockAt(instant: Date, timezone: string): WallClock {
  const ms = instant.getTime()
  if (ms < firstRegularMs || Number.isNaN(ms)) return readClock(instant, timezone)
  const local = new Date(ms + quarterOffsetMs(Math.floor(ms / quarterMs), timezone))
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  }
}

const quarterMs = 900_000
/** Since 1980 clocks have been changed at quarters of an hour only, and by whole minutes. */
const firstRegularMs = Date.UTC(1980, 0, 1)
/** limit: of one zone; 7 months of every quarter of an hour. */
const mostQuarters = 20_000
const offsets = new Map<string, Map<number, number>>()

/** Asking the platform costs 30 µs; a result has one instant a cell, most of them near each other. */
function quarterOffsetMs(quarter: number, timezone: string): number {
  if (timezone === 'UTC') return 0
  const known = offsets.get(timezone) ?? new Map<number, number>()
  if (known.size === 0) offsets.set(timezone, known)
  const found = known.get(quarter)
  if (found !== undefined) return found
  if (known.size >= mostQuarters) known.clear()
  const instant = new Date(quarter * quarterMs)
  const offset = utcMs(readClock(instant, timezone)) - instant.getTime()
  known.set(quarter, offset)
  return offset
}

function readClock(instant: Date, timezone: string): WallClock {
  const parts: Record<string, string> = {}
  for (const { type, value } of formatterOf(timezone).formatToParts(instant)) parts[type] = value
  const year = Number(parts.year)
  return {
    year: parts.era === 'BC' ? 1 - year : year,
    month: Number(parts.month),
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    second: Number(parts.second),
    millisecond: ((instant.getTime() % 1000) + 1000) % 1000,
  }
}

function utcMs(clock: WallClock): number {
  const { year, month, day } = clock
  if (year >= 100 && (month !== 2 || day <= 29))
    return Date.UTC(year, month - 1, day, clock.hour, clock.minute, clock.second, clock.millisecond)
  // tricky: Date.UTC takes a year below 100 for one of the 20th century.
  const date = new Date(Date.UTC(2000, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second, clock.millisecond))
  date.setUTCFullYear(clock.year + (date.getUTCFullYear() - 2000), date.getUTCMonth(), date.getUTCDate())
  return date.getTime()
}

/** Milliseconds that the zone is ahead of UTC at that instant. */
export function offsetMs(instant: Date, timezone: string): number {
  const ms = instant.getTime()
  return ms >= firstRegularMs ? quarterOffsetMs(Math.floor(ms / quarterMs), timezone) : utcMs(wallClockAt(instant, timezone)) - ms
}

/**
 * The instant at which clocks in the zone show this. A reading that a change of clocks skips is taken as if they had not been changed yet;
 * of one that comes twice, the first.
 */
export function instantOfWallClock(clock: WallClock, timezone: string): Date {
  const asUtc = utcMs(clock)
  const before = offsetMs(new Date(asUtc - 86_400_000), timezone)
  const guess = asUtc - before
  if (offsetMs(new Date(guess), timezone) === before) return new Date(guess)
  const after = asUtc - offsetMs(new Date(asUtc + 86_400_000), timezone)
  return utcMs(wallClockAt(new Date(after), timezone)) === asUtc ? new Date(after) : new Date(guess)
}

const isoLike =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?\s*$/i

/**
 * An ISO 8601 date or date-time, also `2024-1-5` and with a blank for the T. Without an offset it is read in `timezone`.
 * Undefined where it is none. Milliseconds are the finest that is kept.
 */
export function parseInstant(text: string, timezone: string): Date | undefined {
  const found = isoLike.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = found
  const clock: WallClock = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, '0')),
  }
  const lastDay = new Date(Date.UTC(clock.year, clock.month, 0)).getUTCDate()
  if (
    clock.month < 1 ||
    clock.month > 12 ||
    clock.day < 1 ||
    clock.day > lastDay ||
    clock.hour > 23 ||
    clock.minute > 59 ||
    clock.second > 59
  )
    return undefined
  if (offset === undefined) return instantOfWallClock(clock, timezone)
  if (/z/i.test(offset)) return new Date(utcMs(clock))
  const [sign, digits] = [offset.startsWith('-') ? -1 : 1, offset.slice(1).replace(':', '').padEnd(4, '0')]
  return new Date(utcMs(clock) - sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000)
}

/** `2024-01-31 13:30:00.000000`, UTC. */
export function toClickhouseInstant(instant: Date): string {
  return instant.toISOString().replace('T', ' ').replace('Z', '000')
}

/** The instant of {@link parseInstant} as the engine reads it, with all its digits of a second, up to six. */
export function parseEngineInstant(text: string, timezone: string): string | undefined {
  const instant = parseInstant(text, timezone)
  const digits = isoLike.exec(text)?.[7] ?? ''
  return instant && `${toClickhouseInstant(instant).slice(0, 20)}${digits.slice(0, 6).padEnd(6, '0')}`
}

/** `2024-01-31` in the zone. */
export function localDate(instant: Date, timezone: string): string {
  const { year, month, day } = wallClockAt(instant, timezone)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
