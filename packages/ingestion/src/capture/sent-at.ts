const isoInstant = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i
const earliestQueryMs = Date.UTC(2021, 0, 1)
const secondsBelow = 1e11
const longestInstant = 100

/**
 * The client's clock when it sent the request, ISO in UTC, or undefined if it did not say so readably.
 * Text without an offset is UTC; numbers are milliseconds, or seconds if small.
 */
export function parseSentAt(value: unknown): string | undefined {
  if (typeof value === 'number') return instant(Math.abs(value) < secondsBelow ? value * 1000 : value)
  if (typeof value !== 'string' || value.length > longestInstant) return undefined
  const text = value.trim()
  if (/^\d{9,14}(?:\.\d+)?$/.test(text)) return parseSentAt(Number(text))
  const iso = isoInstant.exec(text)
  if (iso !== null) {
    const [, date, time = '00:00:00', offset = 'Z'] = iso
    const zone = offset.toUpperCase() === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.replace(':', '').slice(3) || '00'}`
    return instant(Date.parse(`${date}T${time}${zone}`))
  }
  // RFC 2822, which names its zone; anything else Date.parse would read in the server's own zone.
  return /(?:GMT|UTC?|Z|[+-]\d{4})(?:\s*\(.*\))?$/.test(text) ? instant(Date.parse(text)) : undefined
}

/** The `_` parameter of posthog-js: milliseconds since 1970. Other clients use it as a cache-buster, hence the check. */
export function parseSentAtQuery(value: unknown): string | undefined {
  const ms = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  return ms >= earliestQueryMs ? instant(ms) : undefined
}

function instant(ms: number): string | undefined {
  const date = new Date(ms)
  const year = date.getUTCFullYear()
  return year >= 1 && year <= 9999 ? date.toISOString() : undefined
}
