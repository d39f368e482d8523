import type { Random } from './random.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** The demo's days: whole UTC days, the last of which holds `now`. */
export interface Calendar {
  days: number
  /** Where the last day is cut off. */
  nowMs: number
  /** UTC midnight at the start of day `day`, which may lie outside the demo's days. */
  dayStartMs(day: number): number
}

export function createCalendar(now: Date, days: number): Calendar {
  const nowMs = now.getTime()
  const todayMs = Math.floor(nowMs / dayMs) * dayMs
  return { days, nowMs, dayStartMs: (day) => todayMs - (days - 1 - day) * dayMs }
}

/** Sunday first. People work from Monday to Friday, a little less on Friday. */
const weekdayFactors = [0.28, 1, 1.06, 1.05, 1.02, 0.88, 0.34]

/** How busy a day is, compared with a Monday. */
export function weekdayFactor(calendar: Calendar, day: number): number {
  return weekdayFactors[new Date(calendar.dayStartMs(day)).getUTCDay()] ?? 1
}

/** Of each local hour: a morning and an afternoon at work, an evening at home. */
const hourWeights = [1, 0.5, 0.3, 0.2, 0.3, 0.8, 2, 5, 11, 17, 18, 15, 10, 13, 17, 17, 14, 10, 6, 5, 6, 6, 4, 2]
const weightedHours = hourWeights.map((weight, hour) => [hour, weight] as const)

/** When on a local day somebody who lives `utcOffsetHours` east of Greenwich begins to work, Unix milliseconds. */
export function startOfSession(calendar: Calendar, day: number, utcOffsetHours: number, random: Random): number {
  const hour = random.weighted(weightedHours)
  return calendar.dayStartMs(day) + (hour - utcOffsetHours) * hourMs + random.integer(0, hourMs - 1)
}
