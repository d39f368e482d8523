import type { MinuteCount } from '../../charts/minute-bars.ts'
import { countOf, formatCount } from '../../ui/numbers.ts'

const minuteMs = 60_000
const shownMinutes = 60

/** Counts events of the last hour by the minute. Minutes are numbers, so that no zone comes in between. */
export const lastHourQuery = (event: string | undefined) => ({
  query: `SELECT toUnixTimestamp(toStartOfMinute(timestamp)) AS minute, count() AS events
FROM events
WHERE timestamp >= now() - INTERVAL 1 HOUR AND timestamp <= now()${event === undefined ? '' : ' AND event = {event}'}
GROUP BY minute
ORDER BY minute
LIMIT 100`,
  values: event === undefined ? {} : { event },
})

export const activePersonsQuery = `SELECT count(DISTINCT person_id) AS persons
FROM events
WHERE timestamp >= now() - INTERVAL 5 MINUTE AND timestamp <= now()`

/** Sixty minutes up to the present one; minutes without events are zero. Rows are `[unix seconds, count]`. */
export function lastHourMinutes(rows: readonly unknown[][], nowMs: number): MinuteCount[] {
  const counts = new Map(rows.map(([minute, count]) => [Number(minute) * 1000, Number(count)]))
  const present = Math.floor(nowMs / minuteMs) * minuteMs
  return Array.from({ length: shownMinutes }, (_, index) => {
    const atMs = present - (shownMinutes - 1 - index) * minuteMs
    return { atMs, count: counts.get(atMs) ?? 0 }
  })
}

/** The chart in a sentence. */
export function describeMinutes(minutes: readonly MinuteCount[]): string {
  const total = minutes.reduce((sum, { count }) => sum + count, 0)
  const busiest = Math.max(0, ...minutes.map(({ count }) => count))
  return `${countOf(total, 'event')} in the last hour, at most ${formatCount(busiest)} in a minute.`
}
