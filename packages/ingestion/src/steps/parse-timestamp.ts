const iso =
  /^([+-]?\d{4,6})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i
const rfc2822 =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun),?\s+)?(\d{1,2})\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+(\d{4})\s+(\d{2}):(\d{2})(?::(\d{2}))?\s*(Z|UT|UTC|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|[+-]\d{4})?$/i
const numeric = /^[+-]?\d+(?:\.\d+)?$/
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const zoneHours: Record<string, number> = { EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 }

/** Numbers from here on are milliseconds, below it seconds: in seconds it is the year 5138, in milliseconds 1973. */
const millisecondsFrom = 1e11

/**
 * Milliseconds since 1970 (with microseconds as a fraction), or undefined if it is no timestamp.
 *
 * Reads RFC 3339 (`Z`, `±hh:mm`, `±hhmm`, `±hh`), a date alone, `YYYY-MM-DD hh:mm[:ss[.f]]`, RFC 2822, and
 * seconds or milliseconds since 1970 as a number or as text. A time without a zone is UTC.
 *
 *     parseTimestamp('2026-01-31 08:00:00+05:45') // 1769825700000
 */
export function parseTimestamp(value: string | number): number | undefined {
  if (typeof value === 'number') return fromNumber(value)
  const text = value.trim()
  // why: what every SDK sends; the engine's own parser is several times quicker than the pattern.
  if (text.length === 24 && text.charCodeAt(23) === 0x5a && text.charCodeAt(10) === 0x54) {
    const ms = Date.parse(text)
    if (!Number.isNaN(ms)) return ms
  }
  const isoParts = iso.exec(text)
  if (isoParts) return fromIso(isoParts)
  const mailParts = rfc2822.exec(text)
  if (mailParts) return fromRfc2822(mailParts)
  return numeric.test(text) ? fromNumber(Number(text)) : undefined
}

function fromNumber(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined
  return Math.abs(value) < millisecondsFrom ? value * 1_000 : value
}

function fromIso(parts: RegExpExecArray): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts
  const ms = utcMs(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  if (ms === undefined) return undefined
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6))
  return ms + micros / 1_000 - zoneOffsetMs(zone)
}

function fromRfc2822(parts: RegExpExecArray): number | undefined {
  const [, day, month = '', year, hour, minute, second = '0', zone = 'Z'] = parts
  const monthNumber = monthNames.indexOf(month.toLowerCase()) + 1
  const ms = utcMs(Number(year), monthNumber, Number(day), Number(hour), Number(minute), Number(second))
  return ms === undefined ? undefined : ms - zoneOffsetMs(zone)
}

/** Undefined where the calendar has no such day or the clock no such time (24:00:00 and a leap second are read). */
function utcMs(year: number, month: number, day: number, hour: number, minute: number, second: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && (minute > 0 || second > 0))) return undefined
  const date = new Date(0)
  // tricky: Date.UTC reads the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  return date.getTime()
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function zoneOffsetMs(zone: string): number {
  const named = zoneHours[zone.toUpperCase()]
  if (named !== undefined) return named * 3_600_000
  const sign = zone[0] === '-' ? -1 : zone[0] === '+' ? 1 : 0
  if (sign === 0) return 0
  const digits = zone.slice(1).replace(':', '')
  return sign * (Number(digits.slice(0, 2)) * 3_600_000 + Number(digits.slice(2) || '0') * 60_000)
}
