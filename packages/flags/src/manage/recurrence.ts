import { instantInZone, wallInZone } from '../properties/zone.ts'

const dayMs = 86_400_000
/** limit: how far ahead the next time of a cron expression is looked for: 29 February may be eight years away. */
const maxDays = 9 * 366

export type RecurrenceInterval = 'daily' | 'weekly' | 'monthly' | 'yearly'

/** When something that recurs comes next, by the clocks of a time zone; undefined where it never does. */
export function nextOccurrence(
  at: { previousMs: number; firstMs: number },
  rule: { interval: RecurrenceInterval } | { cron: string },
  timezone: string,
): number | undefined {
  if ('cron' in rule) {
    const cron = parseCron(rule.cron)
    return cron && nextOfCron(cron, at.previousMs, timezone)
  }
  const first = new Date(wallInZone(at.firstMs, timezone))
  for (let count = 1; count <= 100_000; count += 1) {
    const next = instantInZone(later(first, rule.interval, count).getTime(), timezone)
    if (next > at.previousMs) return next
  }
  return undefined
}

/** The n-th time after the first; the last day of a month that is too short. */
function later(first: Date, interval: RecurrenceInterval, count: number): Date {
  const next = new Date(first)
  switch (interval) {
    case 'daily':
      next.setUTCDate(first.getUTCDate() + count)
      return next
    case 'weekly':
      next.setUTCDate(first.getUTCDate() + 7 * count)
      return next
    case 'monthly':
    case 'yearly': {
      const months = interval === 'monthly' ? count : 12 * count
      next.setUTCDate(1)
      next.setUTCMonth(first.getUTCMonth() + months)
      const lastDay = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate()
      next.setUTCDate(Math.min(first.getUTCDate(), lastDay))
      return next
    }
  }
}

interface Cron {
  minutes: readonly number[]
  hours: readonly number[]
  isDay(day: Date): boolean
}

const fields = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const

/** A cron expression of five fields; undefined for what is none. */
export function parseCron(text: string): Cron | undefined {
  const parts = text.trim().toLowerCase().split(/\s+/)
  if (parts.length !== fields.length) return undefined
  const lists = fields.map((field, index) => parseField(parts[index] as string, field))
  if (lists.some((list) => list === undefined)) return undefined
  const [minutes, hours, days, months, weekdays] = lists as [number[], number[], number[], number[], number[]]
  const isAnyDay = parts[2] === '*'
  const isAnyWeekday = parts[4] === '*'
  return {
    minutes,
    hours,
    isDay(day) {
      if (!months.includes(day.getUTCMonth() + 1)) return false
      const byDay = days.includes(day.getUTCDate())
      const byWeekday = weekdays.some((weekday) => weekday % 7 === day.getUTCDay())
      // compat: where both are restricted, either will do.
      return isAnyDay || isAnyWeekday ? byDay && byWeekday : byDay || byWeekday
    },
  }
}

function parseField(text: string, { min, max, names }: (typeof fields)[number]): number[] | undefined {
  const numberOf = (word: string): number => {
    const index = (names as readonly string[]).indexOf(word)
    if (index >= 0) return index + min
    return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN
  }
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,2}))?$/.exec(part)
    if (!match) return undefined
    const [, first = '', last, step = '1'] = match
    const from = first === '*' ? min : numberOf(first)
    const to = first === '*' ? max : last !== undefined ? numberOf(last) : match[3] === undefined ? from : max
    if (!(from >= min && to <= max && from <= to && Number(step) > 0)) return undefined
    for (let value = from; value <= to; value += Number(step)) found.add(value)
  }
  return [...found].sort((a, b) => a - b)
}

function nextOfCron(cron: Cron, afterMs: number, timezone: string): number | undefined {
  const firstDay = Math.floor(wallInZone(afterMs, timezone) / dayMs)
  for (let day = firstDay; day <= firstDay + maxDays; day += 1) {
    if (!cron.isDay(new Date(day * dayMs))) continue
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const at = instantInZone(day * dayMs + hour * 3_600_000 + minute * 60_000, timezone)
        if (at > afterMs) return at
      }
    }
  }
  return undefined
}
