import { build, localDate, type syntax, wallClockAt } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { type DateRange, resolveDateRange } from '../dates/date-range.ts'
import { bucketStarts, type Calendar, type Interval, readInterval, startOf, step } from '../dates/interval.ts'
import { previousRange } from '../dates/previous-range.ts'
import { type Actor, groupActor, questionFilters, readActor } from '../question/conditions.ts'
import { readChoice, readFlag, readObject, readWhole } from '../question/fields.ts'
import { sampledPersons, scaleOfSample } from '../question/sampling.ts'
import { readAllSeries, type Series } from '../question/series.ts'

/** How many events an actor needs in an interval for it to count. */
export interface Criteria {
  operator: '>=' | '<=' | '='
  value: number
}

/** One row of the results: a series in one of the periods. */
export interface StickinessLine {
  series: Series
  actor: Actor
  /** All that an event has to meet but its time. */
  condition: syntax.Expr
  period: Period
}

interface LabelledRange {
  /** Only where periods are compared. */
  label?: 'current' | 'previous'
  range: DateRange
}

export interface Period extends LabelledRange {
  /** Start of the first interval: `intervalCount` of the question's intervals make one. */
  first: Date
  /** How many intervals the range touches. */
  intervals: number
}

export interface StickinessQuestion {
  interval: Interval
  intervalCount: number
  isCumulative: boolean
  criteria?: Criteria
  /** A count of actors, made up for sampling. */
  scale(count: number): number
  lines: StickinessLine[]
  periods: Period[]
}

const intervals: Interval[] = ['hour', 'day', 'week', 'month']
const limits = { intervalCount: 1000, events: 1_000_000_000 }

/** @throws HogqlError */
export function resolveStickiness(node: QueryNode, context: InsightContext): StickinessQuestion {
  const interval = readInterval(node.interval, intervals)
  const intervalCount = readWhole(node.intervalCount, [1, limits.intervalCount], 'intervalCount') ?? 1
  const filter = readObject(node.stickinessFilter, 'stickinessFilter')
  const range = resolveDateRange(node.dateRange, interval, context)
  const periods = comparedRanges(range, node, interval, context).map((each) => periodOf(each, interval, intervalCount, context))
  const criteria = readCriteria(filter.stickinessCriteria)
  const series = readAllSeries(node.series, context)
  const shared = [...questionFilters(node, context), sampledPersons(node)]
  return {
    interval,
    intervalCount,
    isCumulative: readChoice(filter.computedAs, ['non_cumulative', 'cumulative'], 'stickinessFilter.computedAs') === 'cumulative',
    ...(criteria ? { criteria } : {}),
    scale: scaleOfSample(node),
    periods,
    lines: periods.flatMap((period) =>
      series.map((each) => {
        const actor = seriesActor(each, node, context)
        const conditions = [each.condition, actor.condition, ...shared].filter((part) => part !== undefined)
        return { series: each, actor, condition: build.and(conditions), period }
      }),
    ),
  }
}

/** The range, and the one that it is compared with where the question asks for that. */
function comparedRanges(range: DateRange, node: QueryNode, interval: Interval, context: InsightContext): LabelledRange[] {
  const { compare, compare_to } = readObject(node.compareFilter, 'compareFilter')
  if (!readFlag(compare, 'compareFilter.compare')) return [{ range }]
  return [
    { range, label: 'current' },
    { range: previousRange(range, node.dateRange, compare_to, interval, context), label: 'previous' },
  ]
}

function periodOf(given: LabelledRange, interval: Interval, intervalCount: number, context: InsightContext): Period {
  const { range } = given
  const buckets = bucketStarts(interval, range.from, range.to, context)
  const start = buckets[0] ?? startOf(interval, range.from, context)
  // why: several days in one are counted from 1970 on, so that the same days fall together whatever range is asked for.
  const into = positionOf(interval, start, context) % intervalCount
  return {
    ...given,
    first: step(interval, start, -into, context),
    intervals: Math.floor((into + Math.max(1, buckets.length) - 1) / intervalCount) + 1,
  }
}

/** Which bucket since 1970 starts there. */
function positionOf(interval: Interval, start: Date, { timezone }: Calendar): number {
  const hourMs = 3_600_000
  const days = Date.parse(`${localDate(start, timezone)}T00:00:00Z`) / (24 * hourMs)
  if (interval === 'hour') return Math.floor(start.getTime() / hourMs)
  if (interval === 'week') return Math.floor(days / 7)
  const { year, month } = wallClockAt(start, timezone)
  return interval === 'month' ? year * 12 + month - 1 : days
}

/** compat: any other `math` counts persons. */
function seriesActor({ node, index }: Series, question: QueryNode, context: InsightContext): Actor {
  if (node.math === 'unique_group') return groupActor(node.math_group_type_index, `series[${index}].math_group_type_index`)
  if (node.math !== 'hogql') return readActor(question)
  if (typeof node.math_hogql !== 'string' || node.math_hogql.trim() === '')
    throw invalidQuestion(`series[${index}].math_hogql must be a HogQL expression that tells the actors apart`)
  const id = context.parseExpr(node.math_hogql)
  return { id, condition: build.isNotNull(id) }
}

const operators: Record<string, Criteria['operator']> = { gte: '>=', lte: '<=', exact: '=' }

function readCriteria(given: unknown): Criteria | undefined {
  if (given === undefined || given === null) return undefined
  const { operator, value: events } = readObject(given, 'stickinessFilter.stickinessCriteria')
  const found = typeof operator === 'string' && Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (!found) throw invalidQuestion(`stickinessCriteria.operator must be gte, lte or exact, not ${JSON.stringify(operator)}`)
  const value = readWhole(events, [0, limits.events], 'stickinessCriteria.value')
  if (value === undefined) throw invalidQuestion('stickinessCriteria needs a value, a number of events')
  return { operator: found, value }
}
