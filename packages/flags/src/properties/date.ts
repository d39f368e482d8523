import { numberOf } from './number.ts'
import { instantInZone } from './zone.ts'

const relative = /^-?(\d{1,4})([hdwmy])$/
const iso =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i
const rfc2822 = /^(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\s+\d{2}:\d{2}(?::\d{2})?\s+(?:GMT|UTC|Z|[+-]\d{4})$/
const hourMs = 3_600_000

/** A filter's date, as a function of now: `-7d` and `7d` both mean a week ago. Undefined where it is no date. */
export function filterDate(value: unknown, timezone: string): ((nowMs: number) => number) | undefined {
  const match = typeof value === 'string' ? relative.exec(value) : null
  if (match) {
    const count = Number(match[1])
    const unit = match[2] as Unit
    return (nowMs) => before(nowMs, count, unit)
  }
  const instant = typeof value === 'string' ? textDate(value, timezone) : undefined
  return instant === undefined ? undefined : () => instant
}

/** A property's date: text, or a number of seconds since 1970. */
export function propertyDate(value: unknown, timezone: string): number | undefined {
  const seconds = numberOf(value)
  if (seconds !== undefined) return seconds * 1000
  return typeof value === 'string' ? textDate(value, timezone) : undefined
}

type Unit = 'h' | 'd' | 'w' | 'm' | 'y'

function before(nowMs: number, count: number, unit: Unit): number {
  switch (unit) {
    case 'h':
      return nowMs - count * hourMs
    case 'd':
      return nowMs - count * 24 * hourMs
    case 'w':
      return nowMs - count * 7 * 24 * hourMs
    case 'm':
      return monthsBefore(nowMs, count)
    case 'y':
      return monthsBefore(nowMs, count * 12)
  }
}

/** The same day of an earlier month, or that month's last. */
function monthsBefore(nowMs: number, months: number): number {
  const now = new Date(nowMs)
  const first = new Date(nowMs)
  first.setUTCDate(1)
  first.setUTCMonth(first.getUTCMonth() - months)
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(now.getUTCDate(), lastDay))
  return first.getTime()
}

function textDate(text: string, timezone: string): number | undefined {
  const trimmed = text.trim()
  const match = iso.exec(trimmed)
  if (!match) return rfc2822.test(trimmed) ? numberOrNone(Date.parse(trimmed)) : undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number]
  const millis = Number(`${fraction}000`.slice(0, 3))
  const asUtc = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5], millis)
  const check = new Date(asUtc)
  const isReal = check.getUTCMonth() === parts[1] - 1 && check.getUTCDate() === parts[2] && parts[3] < 24 && parts[4] < 60 && parts[5] < 60
  if (!isReal) return undefined
  return zone === undefined ? instantInZone(asUtc, timezone) : asUtc - offsetMs(zone)
}

function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}

const numberOrNone = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value)
