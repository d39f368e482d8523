/** Clocks and calendars by the platform alone, so that what is tested is not tested by itself. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** `2024-10-31 23:05:09` as clocks in the zone show it. */
export function localText(at: Date, zone: string): string {
  let format = formats.get(zone)
  if (!format) {
    const two = '2-digit'
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
    formats.set(zone, format)
  }
  return format.format(at)
}

export const localDay = (at: Date, zone: string): string => localText(at, zone).slice(0, 10)

/** A calendar day, days later. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

export const daysBetween = (first: string, last: string): number => (Date.parse(last) - Date.parse(first)) / 86_400_000

/** The first day of the week that the day is in. */
export const weekOf = (day: string, weekStart: number): string =>
  addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() - weekStart + 7) % 7))

export const monthOf = (day: string): string => `${day.slice(0, 7)}-01`

/** The instant at which the hour began that the clock shows. */
export function hourOf(at: Date, zone: string): Date {
  const [minutes = 0, seconds = 0] = localText(at, zone).slice(14).split(':').map(Number)
  return new Date(at.getTime() - (minutes * 60 + seconds) * 1000 - at.getUTCMilliseconds())
}
