import { intervalFits, intervalFor, spanDays } from '../../query-model/date-range.ts'
import type { DateRange, InsightQuery } from '../../query-model/nodes.ts'

/** The question over another range; the interval follows where it would give one point, or thousands. */
export function withRange(query: InsightQuery, range: DateRange, today: string): InsightQuery {
  const changed = { ...query, dateRange: range }
  if (!('series' in changed)) return changed
  const days = spanDays(range, today)
  const before = spanDays(query.dateRange, today)
  const interval = 'interval' in query && query.interval ? query.interval : 'day'
  const wasUsual = interval === intervalFor(before) || interval === 'day'
  const isTooFew = days !== undefined && { minute: 1 / 1440, hour: 1 / 24, day: 1, week: 7, month: 30 }[interval] * 2 > days
  if (intervalFits(interval, days) && !isTooFew && !wasUsual) return changed
  const next = intervalFor(days)
  return { ...changed, interval: next === 'day' ? undefined : next }
}
