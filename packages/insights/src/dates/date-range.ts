import { build, resolveDate, type syntax, toClickhouseInstant } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion } from '../context.ts'
import { type Interval, startOf, step } from './interval.ts'

/** The time that a question is about. Buckets go from `from` to `to`; which events count, `lower` and `until` say. */
export interface DateRange {
  from: Date
  /** Inclusive; where it was stretched, the last millisecond of its day, hour or minute. */
  to: Date
  /** `timestamp >= lower`. */
  lower: Date
  /** `timestamp < at`, or `<=` where the end was given exactly. */
  until: { at: Date; inclusive: boolean }
}

/** `2020-01-31 13:00:00`, UTC, as an instant. */
export function instant(at: Date): syntax.Expr {
  return build.call('toDateTime', build.constant(toClickhouseInstant(at)), build.constant('UTC'))
}

/** The events of the range: a condition on `timestamp`, or another expression of the same type. */
export function within({ lower, until }: DateRange, timestamp: syntax.Expr = build.field('timestamp')): syntax.Expr {
  return build.and([
    build.compare('>=', timestamp, instant(lower)),
    build.compare(until.inclusive ? '<=' : '<', timestamp, instant(until.at)),
  ])
}

/** For `resolved_date_range`. */
export const shownRange = ({ from, to }: DateRange) => ({ date_from: from.toISOString(), date_to: to.toISOString() })

/**
 * The query's `dateRange`, resolved (queries.md 2.4). @throws HogqlError for what is no date.
 * `defaultFrom` stands in where `date_from` is missing: the last seven days, if nothing else is said.
 */
export function resolveDateRange(given: unknown, interval: Interval, context: InsightContext, defaultFrom = '-7d'): DateRange {
  const range = readRange(given)
  const explicit = range.explicitDate === true
  const exact = explicit || interval === 'minute' || interval === 'second'
  const fromText = text(range.date_from, 'date_from') ?? defaultFrom
  const found = fromText === 'all' ? { at: startOf('day', earliest(context), context) } : date(fromText, 'date_from', exact, context)
  const from = found.at
  const end = endOf(text(range.date_to, 'date_to'), explicit, interval, context)
  const lower = explicit ? from : lowerOf(from, 'unit' in found ? found.unit : undefined, interval, context)
  return { from, lower, ...end }
}

function lowerOf(from: Date, unit: string | undefined, interval: Interval, context: InsightContext): Date {
  const short = interval === 'hour' || interval === 'minute' || interval === 'second'
  if (unit !== undefined && short) return from
  if (unit === 'h' && interval === 'day') return from
  return startOf(interval === 'week' ? 'day' : interval, from, context)
}

function endOf(given: string | undefined, explicit: boolean, interval: Interval, context: InsightContext): Pick<DateRange, 'to' | 'until'> {
  const resolved = given === undefined ? { at: context.now, unit: 'd' as const } : date(given, 'date_to', true, context)
  const isAbsolute = !('unit' in resolved)
  if (explicit || (interval === 'hour' && isAbsolute)) return { to: resolved.at, until: { at: resolved.at, inclusive: true } }
  const stretched = interval === 'hour' ? 'hour' : interval === 'minute' || interval === 'second' ? 'minute' : 'day'
  const next = step(stretched, startOf(stretched, resolved.at, context), 1, context)
  return { to: new Date(next.getTime() - 1), until: { at: next, inclusive: false } }
}

function date(value: string, name: string, exact: boolean, { now, timezone }: InsightContext) {
  const resolved = resolveDate(value, { now, timezone, exact })
  if (!resolved) throw invalidQuestion(`${name} must be a date like 2024-01-31 or -7d; it is "${value}"`)
  // The engine knows no others.
  const year = resolved.at.getUTCFullYear()
  if (!(year >= 1900 && year < 2299)) throw invalidQuestion(`${name} must lie between the years 1900 and 2299; it is "${value}"`)
  return resolved
}

const weekMs = 7 * 86_400_000
const earliest = ({ earliestEventAt, now }: InsightContext): Date => earliestEventAt ?? new Date(now.getTime() - weekMs)

function text(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw invalidQuestion(`${name} must be a date like 2024-01-31 or -7d; it is ${JSON.stringify(value)}`)
  return value
}

function readRange(given: unknown): Record<string, unknown> {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given)) throw invalidQuestion('dateRange must be an object with date_from and date_to')
  return given as Record<string, unknown>
}
