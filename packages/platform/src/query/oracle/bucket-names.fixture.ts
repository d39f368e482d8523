import { addDays, hourOf, localDay, localText, monthOf, weekOf } from './local-time.fixture.ts'
import { streamNow } from './random-stream.fixture.ts'

export type NamedInterval = 'hour' | 'day' | 'week' | 'month'

export interface Zone {
  timezone: string
  weekStart: number
}

const hourMs = 3_600_000

/** The interval that an instant is in, by a name: of days and longer ones a date, of hours an instant. Names sort as time goes. */
export function nameOf(interval: NamedInterval, at: Date, { timezone, weekStart }: Zone): string {
  const day = localDay(at, timezone)
  switch (interval) {
    case 'hour':
      return hourOf(at, timezone).toISOString()
    case 'day':
      return day
    case 'week':
      return weekOf(day, weekStart)
    case 'month':
      return monthOf(day)
  }
}

export interface Dates {
  /** `-12d`, `-30h` or a date. */
  date_from: string
  date_to?: string
}

/** First and last day of a range in which there are no hours. */
export function daysOf({ date_from, date_to }: Dates, { timezone }: Zone): { first: string; last: string } {
  const today = localDay(streamNow, timezone)
  const days = /^-(\d+)d$/.exec(date_from)?.[1]
  return { first: days ? addDays(today, -Number(days)) : date_from, last: date_to ?? today }
}

/** Names of all intervals of a range, in their order. */
export function namesOf(interval: NamedInterval, dates: Dates, zone: Zone): string[] {
  if (interval === 'hour') return hoursOf(dates, zone)
  const { first, last } = daysOf(dates, zone)
  const names: string[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) {
    const name = interval === 'day' ? day : interval === 'week' ? weekOf(day, zone.weekStart) : monthOf(day)
    if (!names.includes(name)) names.push(name)
  }
  return names
}

function hoursOf(dates: Dates, zone: Zone): string[] {
  const last = dates.date_to ? startOfDay(dates.date_to, zone) : hourOf(streamNow, zone.timezone).getTime()
  const ago = /^-(\d+)h$/.exec(dates.date_from)?.[1]
  const first = ago
    ? hourOf(new Date(streamNow.getTime() - Number(ago) * hourMs), zone.timezone).getTime()
    : startOfDay(daysOf(dates, zone).first, zone)
  const names: string[] = []
  for (let at = first; at <= last; at += hourMs) names.push(new Date(at).toISOString())
  return names
}

/** The name of the interval before. */
export function nameBefore(interval: NamedInterval, name: string, zone: Zone): string {
  if (interval === 'hour') return new Date(Date.parse(name) - hourMs).toISOString()
  const day = addDays(name, -1)
  return interval === 'day' ? day : interval === 'week' ? weekOf(day, zone.weekStart) : monthOf(day)
}

/** The first instant of the day, found by trying. */
export function startOfDay(day: string, { timezone }: Zone): number {
  for (let at = Date.parse(`${day}T00:00:00Z`) - 15 * hourMs; ; at += hourMs / 4)
    if (localText(new Date(at), timezone).startsWith(day)) return at
}
