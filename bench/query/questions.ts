import { cellsOf, edgesOf, type Line, pointsOf, reachable, rowsOf, statusesOf, stepsOf, totalsOf } from './answers.ts'
import { firstDay, funnelSteps, lastDay } from './generate.ts'

export interface Question {
  name: string
  /** What the API is asked. */
  query: Record<string, unknown>
  /** The API's results as lines, in the form of those of `sql`. */
  lines: (results: unknown) => Line[]
  /** The best SQL known for the same answer: its rows are compared with those lines. */
  sql: string
  /** What is left to be done with the rows of `sql`, where that is no work for an engine. */
  handLines?: (rows: Line[]) => Line[]
  /** SQL that answers less, and is as quick as the engine can be. */
  floor?: string
  /** What 10 million events may take, milliseconds. */
  targetMs?: number
}

/** What the hand-written SQL can rely on in this run. */
export interface Facts {
  /** Events of merged ids still carry the person that they were stored with. */
  isUnfolded: boolean
  /** Of those who did "upgraded plan" at least twice in the last 30 days. */
  cohortId: number
}

const dateRange = { date_from: firstDay, date_to: lastDay }
const instant = (day: string) => `toDateTime64('${day}', 6, 'UTC')`
const since = (from: string, until: string) => `project_id = 1 AND timestamp >= ${instant(from)} AND timestamp < ${instant(until)}`
const inRange = since(firstDay, '2026-06-01')
const isPageview = "event = '$pageview'"
const pageviews = { kind: 'EventsNode', event: '$pageview' }
const steps = funnelSteps.map((event) => ({ kind: 'EventsNode', event }))
const stepNames = funnelSteps.map((event) => `'${event}'`).join(', ')
const day = `toDate(timestamp) - toDate('${firstDay}')`
const week = `intDiv(toDate(timestamp) - toDate('${firstDay}'), 7)`
const text = (name: string) => `properties.\`${name}\`::Nullable(String)`

/** One integer an event: the time, then the step in two bits. Sorted and walked as docs/decisions/0004-funnels.md has it. */
const exactFunnel = (source: string, person: string) => {
  const step = (number: number) => `bitAnd(m, 3) = ${number - 1}`
  const next = (number: number) =>
    `arrayMap((m, c) -> if(${step(number)} AND c != 0 AND bitShiftRight(m, 2) - c <= 1209600000000, c, 0), seen, arrayFill(c -> c != 0, own_${number - 1}))`
  const times = [1, 2, 3, 4].map((each) => `if(depth < ${each}, 0, bitShiftRight(seen[indexOf(own_${each}, start)], 2)) AS time_${each}`)
  const took = (each: number) => `(time_${each} - time_${each - 1}) / 1000000`
  const passed = (each: number) => `depth >= ${each} AND time_${each} > time_${each - 1}`
  const columns = [1, 2, 3, 4].map((each) => {
    const average = each === 1 ? '0' : `ifNull(avgOrNullIf(${took(each)}, ${passed(each)}), 0)`
    const median = each === 1 ? '0' : `ifNull(quantileExactInclusiveOrNullIf(0.5)(${took(each)}, ${passed(each)}), 0)`
    return `(${each - 1}, countIf(depth >= ${each}), ${average}, ${median})`
  })
  const moment = `bitShiftLeft(toUnixTimestamp64Micro(timestamp), 2) + multiIf(${funnelSteps.map((event, i) => (i < 3 ? `event = '${event}', ${i}, ` : `${i}`)).join('')})`
  const layers = [
    'seen, arrayMap(m -> if(bitAnd(m, 3) = 0, bitShiftRight(m, 2), 0), seen) AS own_1',
    `seen, own_1, ${next(2)} AS own_2`,
    `seen, own_1, own_2, ${next(3)} AS own_3`,
    `seen, own_1, own_2, own_3, ${next(4)} AS own_4`,
    `seen, own_1, own_2, own_3, own_4, ${[1, 2, 3, 4].map((each) => `arrayFirst(c -> c != 0, own_${each}) AS has_${each}`).join(', ')}`,
    'seen, own_1, own_2, own_3, own_4, multiIf(has_4 != 0, 4, has_3 != 0, 3, has_2 != 0, 2, has_1 != 0, 1, 0) AS depth, multiIf(has_4 != 0, has_4, has_3 != 0, has_3, has_2 != 0, has_2, has_1) AS start',
    `depth, ${times.join(', ')}`,
    `arrayJoin([${columns.join(', ')}]) AS step`,
    'step.1, step.2, step.3, step.4',
  ]
  const histories = `SELECT arraySort(groupArray(${moment})) AS seen FROM ${source} WHERE ${inRange} AND event IN (${stepNames}) GROUP BY ${person}`
  return layers.reduce((inner, columns) => `SELECT ${columns} FROM (\n${inner})`, histories)
}

const windowFunnel = (source: string, person: string) => `SELECT level, count() FROM (
SELECT windowFunnel(1209600000000)(toUInt64(toUnixTimestamp64Micro(timestamp)), ${funnelSteps.map((event) => `event = '${event}'`).join(', ')}) AS level
FROM ${source} WHERE ${inRange} AND event IN (${stepNames}) GROUP BY ${person}) GROUP BY level`

/** An event is one number until the heaviest edges are known: its time, then the hash of its address. */
const pathEdges = (source: string, person: string) => {
  const url = `ifNull(${text('$current_url')}, '')`
  const item = `if(endsWith(${url}, '/') AND length(${url}) > 1, substring(${url}, 1, length(${url}) - 1), ${url})`
  const ofMay = `${since('2026-05-01', '2026-06-01')} AND ${isPageview}`
  const moment = `bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp)), 64) + toUInt128(cityHash64(${item}))`
  const micros = (of: string) => `toInt64(bitShiftRight(${of}, 64))`
  return `SELECT concat(toString(place), '_', anyIf(item, hash = source)), concat(toString(place + 1), '_', anyIf(item, hash = target)), n, average FROM (
SELECT cityHash64(${item}) AS hash, any(${item}) AS item FROM events WHERE ${ofMay} GROUP BY hash) AS texts
JOIN (SELECT place, source, target, n, average, arrayJoin([source, target]) AS hash FROM (
  SELECT place, toUInt64(one) AS source, toUInt64(other) AS target, count() AS n, avg(${micros('other')} - ${micros('one')}) / 1000 AS average FROM (
    SELECT arraySlice(arrayFilter((moment, next) -> toUInt64(moment) != toUInt64(next), session, arrayPushBack(arrayPopFront(session), toUInt128(0))), 1, 5) AS path FROM (
      SELECT arrayJoin(arraySplit((moment, gap) -> gap >= 1800000000, sorted, arrayDifference(arrayMap(moment -> ${micros('moment')}, sorted)))) AS session FROM (
        SELECT arraySort(groupArray(${moment})) AS sorted FROM ${source} WHERE ${ofMay} GROUP BY ${person})))
  ARRAY JOIN arrayPopBack(path) AS one, arrayPopFront(path) AS other, arrayEnumerate(arrayPopBack(path)) AS place
  GROUP BY place, source, target ORDER BY n DESC LIMIT 50 WITH TIES)) AS ends USING (hash)
GROUP BY place, source, target, n, average ORDER BY n DESC, 1, 2 LIMIT 50`
}

/** The days or weeks of a person as bits: persons with the same ones are counted together before anything is done with them. */
const bits = (number: string) => `groupBitOr(bitShiftLeft(toUInt64(1), toUInt8(${number})))`
const weeksOfPersons = (source: string, person: string, more = '') =>
  `SELECT mask${more ? ', more' : ''}, count() AS persons FROM (SELECT ${bits(week)} AS mask${more && `, ${more} AS more`}
FROM ${source} WHERE ${inRange} AND ${isPageview} GROUP BY ${person}) GROUP BY mask${more ? ', more' : ''}`

const retention = (source: string, person: string) => `SELECT start, week - start AS after, sum(persons) FROM (
SELECT bitPositionsToArray(mask) AS weeks, persons FROM (${weeksOfPersons(source, person)}))
ARRAY JOIN weeks AS start ARRAY JOIN arrayFilter(w -> w >= start AND w < start + 13, weeks) AS week GROUP BY start, after`

const stickiness = (source: string, person: string) => {
  const half = (condition: string) => `bitCount(groupBitOr(if(${condition}, bitShiftLeft(toUInt64(1), toUInt8(bitAnd(${day}, 63))), 0)))`
  return `SELECT 0, '', days - 1, count() FROM (SELECT ${half(`${day} < 64`)} + ${half(`${day} >= 64`)} AS days
FROM ${source} WHERE ${inRange} AND ${isPageview} GROUP BY ${person}) GROUP BY days`
}

const lifecycle = (
  source: string,
  person: string,
) => `SELECT state.2 AS status, state.1 AS week, sum(persons) FROM (SELECT persons, arrayJoin(arrayConcat(
    arrayMap(week -> (week, multiIf(more = week, 'new', week > 0 AND bitTest(mask, toUInt8(greatest(week, 1) - 1)), 'returning', 'resurrecting')), weeks),
    arrayMap(week -> (week + 1, 'dormant'), arrayFilter(week -> NOT bitTest(mask, toUInt8(week + 1)), weeks)))) AS state
  FROM (SELECT mask, more, persons, arrayMap(week -> toInt32(week), bitPositionsToArray(mask)) AS weeks FROM (
    ${weeksOfPersons(source, person, `intDiv(toDate(min(person_created_at)) - toDate('${firstDay}'), 7)`)})))
WHERE week < 14 GROUP BY status, week`

/** Windows that overlap, joined: how many persons' begin on a day, less those that ended. */
const weeklyActive = (source: string, person: string) => `SELECT 0, '', at, sum(sum(change)) OVER (ORDER BY at) FROM (
SELECT arrayConcat(arrayFilter((day, before) -> day - before >= 7, days, arrayPushFront(arrayPopBack(days), toInt32(-100))) AS begins,
    arrayMap(day -> day + 7, arrayFilter((day, next) -> next - day >= 7, days, arrayPushBack(arrayPopFront(days), toInt32(1000))))) AS places,
  length(begins) AS count FROM (SELECT arraySort(groupUniqArray(toInt32(${day}))) AS days FROM ${source} WHERE ${inRange} AND ${isPageview} GROUP BY ${person}))
ARRAY JOIN places AS at, arrayMap(i -> if(i <= count, 1, -1), arrayEnumerate(places)) AS change WHERE at < 92 GROUP BY at`

/** Each standard insight over all 92 days but for paths, then shapes that take other ways through the engine. */
export function questionsOf({ isUnfolded, cohortId }: Facts): Question[] {
  const overrides =
    '(SELECT distinct_id, person_id AS owner FROM person_distinct_id_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS overrides'
  const source = isUnfolded ? `events LEFT ANY JOIN ${overrides} USING (distinct_id)` : 'events'
  const person = isUnfolded ? "if(owner = toUUID('00000000-0000-0000-0000-000000000000'), person_id, owner)" : 'person_id'
  const byDay = (count: string, more: { from?: string; where?: string; order?: number; value?: string } = {}) =>
    `SELECT ${more.order ?? 0}, ${more.value ? `${more.value} AS value` : "''"}, ${day} AS day, ${count} FROM ${more.from ?? 'events'} WHERE ${inRange} AND ${more.where ?? isPageview} GROUP BY day${more.value ? ', value' : ''}`
  const trend = (more: object, series: object[] = [pageviews]) => ({ kind: 'TrendsQuery', dateRange, series, ...more })
  const personsWith = (condition: string) => `(SELECT id FROM persons FINAL WHERE project_id = 1 AND is_deleted = 0 AND ${condition})`
  const standard: Question[] = [
    { name: 'trend, total', query: trend({}), lines: pointsOf, sql: byDay('count()'), targetMs: 250 },
    {
      name: 'trend, unique persons',
      query: trend({}, [{ ...pageviews, math: 'dau' }]),
      lines: pointsOf,
      sql: byDay(`uniqExact(${person})`, { from: source }),
      targetMs: 500,
    },
    {
      name: 'trend, breakdown',
      query: trend({ breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' } }),
      lines: pointsOf,
      sql: byDay('count()', { value: 'properties.`$browser`' }),
      targetMs: 600,
    },
    {
      name: 'funnel, four steps, 14 days',
      query: {
        kind: 'FunnelsQuery',
        dateRange,
        series: steps,
        funnelsFilter: { funnelWindowInterval: 14, funnelWindowIntervalUnit: 'day' },
      },
      lines: stepsOf,
      sql: exactFunnel(source, person),
      floor: windowFunnel(source, person),
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
      lines: cellsOf,
      sql: retention(source, person),
      targetMs: 800,
    },
    {
      name: 'paths, one month',
      query: {
        kind: 'PathsQuery',
        dateRange: { date_from: '2026-05-01', date_to: '2026-05-31' },
        pathsFilter: { includeEventTypes: ['$pageview'], stepLimit: 5 },
      },
      lines: edgesOf,
      sql: pathEdges(source, person),
      handLines: reachable,
      targetMs: 800,
    },
    {
      name: 'lifecycle, weeks',
      query: { kind: 'LifecycleQuery', dateRange, interval: 'week', series: [pageviews] },
      lines: statusesOf,
      sql: lifecycle(source, person),
    },
    {
      name: 'stickiness, days',
      query: { kind: 'StickinessQuery', dateRange, interval: 'day', series: [pageviews] },
      lines: pointsOf,
      sql: stickiness(source, person),
    },
    {
      name: 'SQL, events by name',
      query: {
        kind: 'HogQLQuery',
        query: 'select event, count(), count(distinct person_id) from events group by event order by count() desc',
      },
      lines: rowsOf,
      sql: `SELECT event, count(), uniqExact(${person}) FROM ${source} WHERE project_id = 1 GROUP BY event ORDER BY count() DESC LIMIT 101`,
    },
  ]
  const amount = `toFloat64OrNull(${text('amount')})`
  const others: Question[] = [
    {
      name: 'sum of a free property',
      query: trend({}, [{ ...pageviews, math: 'sum', math_property: 'amount' }]),
      lines: pointsOf,
      sql: byDay(`sum(${amount})`),
    },
    {
      name: 'filtered by a free property',
      query: trend({ properties: [{ key: 'plan', value: 'pro', operator: 'exact', type: 'event' }] }),
      lines: pointsOf,
      sql: byDay('count()', { where: `${isPageview} AND ${text('plan')} = 'pro'` }),
    },
    {
      name: 'broken down by a free property',
      query: trend({ breakdownFilter: { breakdown: 'plan', breakdown_type: 'event' } }),
      lines: pointsOf,
      sql: byDay('count()', { value: text('plan') }),
    },
    {
      name: 'unique persons, broken down',
      query: trend({ breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' } }, [{ ...pageviews, math: 'dau' }]),
      lines: pointsOf,
      sql: byDay(`uniqExact(${person})`, { from: source, value: 'properties.`$browser`' }),
    },
    {
      name: 'unique persons, one number',
      query: trend({ trendsFilter: { display: 'BoldNumber' } }, [{ ...pageviews, math: 'dau' }]),
      lines: totalsOf,
      sql: `SELECT uniqExact(${person}) FROM ${source} WHERE ${inRange} AND ${isPageview}`,
    },
    {
      name: 'filtered by a property of the person',
      query: trend({ properties: [{ key: 'plan', value: 'pro', operator: 'exact', type: 'person' }] }),
      lines: pointsOf,
      sql: byDay('count()', { from: source, where: `${isPageview} AND ${person} IN ${personsWith(`${text('plan')} = 'pro'`)}` }),
    },
    {
      name: 'filtered by a cohort of doers',
      query: trend({ properties: [{ key: 'id', value: cohortId, type: 'cohort' }] }),
      lines: pointsOf,
      sql: byDay('count()', {
        from: source,
        where: `${isPageview} AND ${person} IN (SELECT ${person} AS who FROM ${source} WHERE ${since('2026-05-01 23:59:59', '2026-06-01')} AND event = 'upgraded plan' GROUP BY who HAVING count() >= 2)`,
      }),
    },
    {
      name: 'HogQL as math',
      query: trend({}, [{ ...pageviews, math: 'hogql', math_hogql: 'count() / count(distinct person_id)' }]),
      lines: pointsOf,
      sql: byDay(`count() / uniqExact(${person})`, { from: source }),
    },
    {
      name: 'four series',
      query: trend({}, [pageviews, { kind: 'EventsNode', event: '$autocapture' }, ...steps.slice(0, 2)]),
      lines: pointsOf,
      sql: `SELECT multiIf(event = '$pageview', 0, event = '$autocapture', 1, event = '${funnelSteps[0]}', 2, 3) AS number, '', ${day} AS day, count() FROM events
WHERE ${inRange} AND event IN ('$pageview', '$autocapture', '${funnelSteps[0]}', '${funnelSteps[1]}') GROUP BY number, day`,
    },
    {
      name: 'weekly active persons',
      query: trend({}, [{ ...pageviews, math: 'weekly_active' }]),
      lines: pointsOf,
      sql: weeklyActive(source, person),
    },
    {
      name: 'first time, weeks',
      query: trend({ interval: 'week' }, [{ ...pageviews, math: 'first_time_for_user' }]),
      lines: pointsOf,
      sql: `SELECT 0, '', intDiv(first - toDate('${firstDay}'), 7) AS week, count() FROM (SELECT toDate(min(timestamp)) AS first FROM ${source}
WHERE project_id = 1 AND timestamp < ${instant('2026-06-01')} AND ${isPageview} GROUP BY ${person}) GROUP BY week`,
    },
    {
      name: 'latest hundred events',
      query: {
        kind: 'HogQLQuery',
        query: 'select uuid, event, distinct_id, properties.$current_url from events order by timestamp desc limit 100',
      },
      lines: rowsOf,
      sql: `SELECT uuid, event, distinct_id, ${text('$current_url')} FROM events WHERE project_id = 1 ORDER BY timestamp DESC LIMIT 100`,
    },
  ]
  return [...standard, ...others]
}
