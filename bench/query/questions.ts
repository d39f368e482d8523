import { firstDay, funnelSteps, lastDay } from './generate.ts'

export interface Question {
  name: string
  /** What the API is asked. */
  query: Record<string, unknown>
  /** The best SQL known for the same answer. */
  sql: string
  /** What 10 million events may take, milliseconds. */
  targetMs?: number
}

const dateRange = { date_from: firstDay, date_to: lastDay }
const inRange = `project_id = 1 AND timestamp >= toDateTime64('${firstDay}', 6, 'UTC') AND timestamp < toDateTime64('${lastDay}', 6, 'UTC') + INTERVAL 1 DAY`
const ofMay = `project_id = 1 AND timestamp >= toDateTime64('2026-05-01', 6, 'UTC') AND timestamp < toDateTime64('2026-06-01', 6, 'UTC')`
const pageviews = { kind: 'EventsNode', event: '$pageview' }
const steps = funnelSteps.map((event) => ({ kind: 'EventsNode', event }))
const stepNames = funnelSteps.map((event) => `'${event}'`).join(', ')

/** Each standard insight, over all 92 days but for paths. */
export const questions: Question[] = [
  {
    name: 'trend, total',
    query: { kind: 'TrendsQuery', dateRange, series: [pageviews] },
    sql: `SELECT toDate(timestamp) AS day, count() FROM events WHERE ${inRange} AND event = '$pageview' GROUP BY day ORDER BY day`,
    targetMs: 250,
  },
  {
    name: 'trend, unique persons',
    query: { kind: 'TrendsQuery', dateRange, series: [{ ...pageviews, math: 'dau' }] },
    sql: `SELECT toDate(timestamp) AS day, uniqExact(person_id) FROM events WHERE ${inRange} AND event = '$pageview' GROUP BY day ORDER BY day`,
    targetMs: 500,
  },
  {
    name: 'trend, breakdown',
    query: { kind: 'TrendsQuery', dateRange, series: [pageviews], breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' } },
    sql: `SELECT toDate(timestamp) AS day, properties.\`$browser\` AS browser, count() FROM events WHERE ${inRange} AND event = '$pageview' GROUP BY day, browser ORDER BY day`,
    targetMs: 600,
  },
  {
    name: 'trend, sum of a property, filtered',
    query: {
      kind: 'TrendsQuery',
      dateRange,
      series: [{ ...pageviews, math: 'sum', math_property: 'amount' }],
      properties: [{ key: 'plan', value: 'pro', operator: 'exact', type: 'event' }],
    },
    sql: `SELECT toDate(timestamp) AS day, sum(toFloat64OrNull(properties.amount::Nullable(String))) FROM events WHERE ${inRange} AND event = '$pageview' AND properties.plan::Nullable(String) = 'pro' GROUP BY day ORDER BY day`,
  },
  {
    name: 'funnel, four steps, 14 days',
    query: { kind: 'FunnelsQuery', dateRange, series: steps, funnelsFilter: { funnelWindowInterval: 14, funnelWindowIntervalUnit: 'day' } },
    sql: `SELECT level, count() FROM (SELECT person_id, windowFunnel(1209600000000)(toUInt64(toUnixTimestamp64Micro(timestamp)), ${funnelSteps.map((event) => `event = '${event}'`).join(', ')}) AS level
FROM events WHERE ${inRange} AND event IN (${stepNames}) GROUP BY person_id) GROUP BY level`,
    targetMs: 800,
  },
  {
    name: 'retention, 13 weeks',
    query: {
      kind: 'RetentionQuery',
      dateRange,
      retentionFilter: {
        period: 'Week',
        totalIntervals: 13,
        targetEntity: { id: '$pageview', type: 'events' },
        returningEntity: { id: '$pageview', type: 'events' },
        retentionType: 'retention_recurring',
      },
    },
    sql: `SELECT start, week - start AS after, count() FROM (SELECT person_id, groupUniqArray(toRelativeWeekNum(timestamp)) AS weeks
FROM events WHERE ${inRange} AND event = '$pageview' GROUP BY person_id) ARRAY JOIN weeks AS start ARRAY JOIN arrayFilter(w -> w >= start, weeks) AS week GROUP BY start, after`,
    targetMs: 800,
  },
  {
    name: 'paths, one month',
    query: {
      kind: 'PathsQuery',
      dateRange: { date_from: '2026-05-01', date_to: '2026-05-31' },
      pathsFilter: { includeEventTypes: ['$pageview'], stepLimit: 5 },
    },
    sql: `SELECT edge, count() AS n FROM (SELECT arrayJoin(arrayZip(arrayPopBack(five), arrayPopFront(five))) AS edge FROM (
  SELECT arrayMap((page, i) -> (i, page), arraySlice(arrayCompact(session), 1, 5) AS first, arrayEnumerate(first)) AS five FROM (
    SELECT arrayJoin(arraySplit((page, gap) -> gap > 1800000000, arrayMap(pair -> pair.2, sorted), arrayDifference(arrayMap(pair -> toUnixTimestamp64Micro(pair.1), sorted)))) AS session
    FROM (SELECT arraySort(groupArray((timestamp, properties.\`$pathname\`))) AS sorted FROM events WHERE ${ofMay} AND event = '$pageview' GROUP BY person_id))))
GROUP BY edge ORDER BY n DESC LIMIT 50`,
    targetMs: 800,
  },
  {
    name: 'lifecycle, weeks',
    query: { kind: 'LifecycleQuery', dateRange, interval: 'week', series: [pageviews] },
    sql: `SELECT week, status, count() FROM (SELECT arrayJoin(arrayConcat(
    arrayMap((week, i) -> (week, multiIf(i = 1, if(toStartOfWeek(created) = week, 'new', 'resurrecting'), weeks[i - 1] = week - 7, 'returning', 'resurrecting')), weeks, arrayEnumerate(weeks)),
    arrayMap(week -> (week + 7, 'dormant'), arrayFilter(week -> NOT has(weeks, week + 7), weeks)))) AS state, state.1 AS week, state.2 AS status
  FROM (SELECT person_id, arraySort(groupUniqArray(toStartOfWeek(timestamp))) AS weeks, min(person_created_at) AS created FROM events WHERE ${inRange} AND event = '$pageview' GROUP BY person_id))
GROUP BY week, status`,
  },
  {
    name: 'stickiness, days',
    query: { kind: 'StickinessQuery', dateRange, interval: 'day', series: [pageviews] },
    sql: `SELECT days, count() FROM (SELECT person_id, uniqExact(toDate(timestamp)) AS days FROM events WHERE ${inRange} AND event = '$pageview' GROUP BY person_id) GROUP BY days ORDER BY days`,
  },
  {
    name: 'SQL, events by name',
    query: {
      kind: 'HogQLQuery',
      query: 'select event, count(), count(distinct person_id) from events group by event order by count() desc',
    },
    sql: 'SELECT event, count(), uniqExact(person_id) FROM events WHERE project_id = 1 GROUP BY event ORDER BY count() DESC LIMIT 101',
  },
]
