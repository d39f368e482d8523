import { shortMonths } from '../ui/time.ts'
import type { DateRange, Interval } from './nodes.ts'
import { rawOf, textOf } from './reading.ts'

export interface RangeChoice {
  id: string
  label: string
  range: DateRange
}

const choice = (label: string, from: string, to?: string): RangeChoice => ({
  id: `${from}:${to ?? ''}`,
  label,
  range: to === undefined ? { date_from: from } : { date_from: from, date_to: to },
})

/** Ranges on offer, shortest first. */
export const rangeChoices: readonly RangeChoice[] = [
  choice('Last hour', '-1h'),
  choice('Last 24 hours', '-24h'),
  choice('Today', 'dStart'),
  choice('Yesterday', '-1dStart', '-1dEnd'),
  choice('Last 7 days', '-7d'),
  choice('Last 14 days', '-14d'),
  choice('Last 30 days', '-30d'),
  choice('Last 90 days', '-90d'),
  choice('Last 180 days', '-180d'),
  choice('This month', 'mStart'),
  choice('Last month', '-1mStart', '-1mEnd'),
  choice('This year', 'yStart'),
  choice('All time', 'all'),
]

export const defaultRange: DateRange = { date_from: '-7d' }

const units: Record<string, string> = { s: 'second', M: 'minute', h: 'hour', d: 'day', w: 'week', m: 'month', q: 'quarter', y: 'year' }

/** `Last 7 days`, `Last 3 weeks`, `1 Mar – 7 Mar 2026`: what a range says. */
export function rangeWords(range: DateRange | undefined): string {
  const from = range?.date_from ?? '-7d'
  const to = range?.date_to ?? undefined
  const known = rangeChoices.find((each) => each.range.date_from === from && (each.range.date_to ?? undefined) === to)
  if (known) return known.label
  const relative = /^-?(\d+)([sMhdwmqy])$/.exec(from)
  if (relative && to === undefined) {
    const count = Number(relative[1])
    const unit = units[relative[2] ?? 'd'] ?? 'day'
    return `Last ${count === 1 ? unit : `${count} ${unit}s`}`
  }
  return `${endWords(from)} – ${to === undefined ? 'now' : endWords(to)}`
}

function endWords(end: string): string {
  const day = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{2}:\d{2}))?/.exec(end)
  if (!day) return end
  const date = new Date(Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])))
  const words = shortMonths(date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }))
  return day[4] && day[4] !== '00:00' ? `${words} ${day[4]}` : words
}

export function readRange(value: unknown): DateRange | undefined {
  const raw = rawOf(value)
  const from = textOf(raw.date_from)
  const to = textOf(raw.date_to)
  if (from === undefined && to === undefined) return undefined
  return { date_from: from, date_to: to, ...(raw.explicitDate === true ? { explicitDate: true } : {}) }
}

/** Days that a range spans, as far as its words tell; undefined for all time and for what is not known. */
export function spanDays(range: DateRange | undefined, today: string): number | undefined {
  const from = daysBack(range?.date_from ?? '-7d', today)
  const to = range?.date_to ? daysBack(range.date_to, today) : 0
  return from === undefined || to === undefined ? undefined : Math.max(0, from - to)
}

const unitDays: Record<string, number> = { s: 1 / 86_400, M: 1 / 1440, h: 1 / 24, d: 1, w: 7, m: 30.4, q: 91, y: 365 }

function daysBack(end: string, today: string): number | undefined {
  const absolute = /^\d{4}-\d{1,2}-\d{1,2}/.exec(end)
  if (absolute) return (Date.parse(today) - Date.parse(absolute[0])) / 86_400_000
  const relative = /^-?(\d*)([sMhdwmqy])(Start|End)?$/.exec(end)
  if (!relative) return undefined
  const back = Number(relative[1] || '0') * (unitDays[relative[2] ?? 'd'] ?? 1)
  return relative[3] === 'Start' ? back + (unitDays[relative[2] ?? 'd'] ?? 1) : back
}

/** The interval in which a range of so many days reads best. */
export function intervalFor(days: number | undefined): Interval {
  if (days === undefined || days > 400) return 'month'
  if (days <= 0.1) return 'minute'
  if (days <= 3) return 'hour'
  return days > 120 ? 'week' : 'day'
}

// limit: more points than this cannot be told apart, and cost much.
const mostPoints = 5000

/** The intervals that may be chosen for a range: not so short that there are thousands of points. */
export function intervalFits(interval: Interval, days: number | undefined): boolean {
  const perDay: Record<Interval, number> = { minute: 1440, hour: 24, day: 1, week: 1 / 7, month: 1 / 30 }
  return days === undefined ? interval === 'day' || interval === 'week' || interval === 'month' : days * perDay[interval] <= mostPoints
}
