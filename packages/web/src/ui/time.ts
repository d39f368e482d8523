/** Instants as text. Every function takes the IANA zone to speak in; none reads the clock. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** A zone this browser does not know must not take a page down with it: it is read as UTC. */
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}|${JSON.stringify(options)}`
  let found = formats.get(key)
  if (!found) {
    const timeZone = isKnownZone(zone) ? zone : 'UTC'
    found = new Intl.DateTimeFormat('en-GB', { hourCycle: 'h23', ...options, timeZone })
    formats.set(key, found)
  }
  return found
}

export function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone })
    return zone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The browser's zone, `UTC` where it will not say. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

export type InstantStyle = 'time' | 'minute' | 'short' | 'full'

const styles: Record<InstantStyle, Intl.DateTimeFormatOptions> = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  short: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
}

/** `formatInstant('2026-03-01T22:00:05Z', 'Europe/Vienna', 'time')` is `23:00:05`; text that is no instant comes back as it is. */
export function formatInstant(instant: string | number, zone: string, style: InstantStyle): string {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return String(instant)
  return shortMonths(format(zone, styles[style]).format(date))
}

/** Every short month in three letters: British English, as browsers know it, has one of four. */
export const shortMonths = (text: string): string => text.replace(/\bSept\b/, 'Sep')

/** The calendar day in a zone, `2026-03-01`, which sorts as text. */
export function dayOf(instant: string | number, zone: string): string {
  const parts = new Map(
    format(zone, { year: 'numeric', month: '2-digit', day: '2-digit' })
      .formatToParts(new Date(instant))
      .map((part) => [part.type, part.value]),
  )
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
}

/** `Today`, `Yesterday`, else `Sunday 1 March`, with the year where it is not this one. */
export function dayLabel(day: string, today: string): string {
  if (day === today) return 'Today'
  const date = new Date(`${day}T00:00:00Z`)
  const todayDate = new Date(`${today}T00:00:00Z`)
  if (todayDate.getTime() - date.getTime() === 86_400_000) return 'Yesterday'
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  const named = format('UTC', { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(date)
  // why: whether a comma follows the weekday depends on the browser's locale data.
  return named.replace(',', '')
}

/** `now`, `12 s ago`, `4 min ago`, `3 h ago`, `6 d ago`; from 30 days on the date says more. Instants ahead of `nowMs`: `in 12 s`. */
export function relativeTime(instant: string | number, nowMs: number): string {
  const elapsedMs = nowMs - new Date(instant).getTime()
  if (Number.isNaN(elapsedMs)) return String(instant)
  const text = formatDuration(Math.abs(elapsedMs))
  if (Math.abs(elapsedMs) < 1000) return 'now'
  return elapsedMs < 0 ? `in ${text}` : `${text} ago`
}

/** One unit, rounded down: `850 ms`, `12 s`, `4 min`, `3 h`, `6 d`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}

/** A session's length: `0 s`, `42 s`, `3 min 5 s`, `1 h 12 min`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`
}

/** `GMT+5:45`, as the zone stands at that instant. */
export function zoneOffset(instant: string | number, zone: string): string {
  const part = format(zone, { timeZoneName: 'shortOffset' })
    .formatToParts(new Date(instant))
    .find(({ type }) => type === 'timeZoneName')
  return part?.value ?? 'GMT'
}

/** The same instant for the project, the viewer and UTC; zones that read the same are named once. */
export function zoneReadings(instant: string | number, projectZone: string, viewerZone: string): { label: string; text: string }[] {
  const readings = [
    { label: `Project · ${projectZone}`, text: formatInstant(instant, projectZone, 'full') },
    { label: `You · ${viewerZone}`, text: formatInstant(instant, viewerZone, 'full') },
    { label: 'UTC', text: formatInstant(instant, 'UTC', 'full') },
  ]
  return readings.filter(
    (reading, index) =>
      index === 0 || !readings.slice(0, index).some((earlier) => earlier.label.endsWith(reading.label) || earlier.text === reading.text),
  )
}

/** Noon of a calendar day in a zone, as an instant: within that day whatever the clocks did at night. */
export function instantOfDay(day: string, zone: string): string {
  const noonUtc = Date.parse(`${day}T12:00:00Z`)
  const local = Date.parse(`${dayOf(noonUtc, zone)}T${formatInstant(noonUtc, zone, 'time')}Z`)
  return new Date(noonUtc - (local - noonUtc)).toISOString()
}
