import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { type DateRange, resolveDateRange } from '../dates/date-range.ts'
import { bucketStarts, type Interval, startOf, step } from '../dates/interval.ts'
import { type Actor, questionFilters, readActor } from '../question/conditions.ts'
import { readChoice, readFlag, readObject, readText, readWhole } from '../question/fields.ts'
import { sampledPersons, scaleOfSample } from '../question/sampling.ts'
import { readSeries, type Series } from '../question/series.ts'
import { type Breakdown, readBreakdown } from '../trends/breakdown.ts'

/** Which target events place an actor in a row: each, the first that matches, or the first of that name if it matches. */
export type Placement = 'each' | 'first_matching' | 'first_ever'

/** What a property adds up to beside the counts. */
export interface Aggregation {
  type: 'sum' | 'avg'
  /** On an event; a number, 0 where there is none. */
  value: syntax.Expr
}

export interface RetentionQuestion {
  period: Interval
  range: DateRange
  /** Starts of the rows. */
  rows: Date[]
  /** Start of the first row. */
  from: Date
  /** End of the last one. */
  end: Date
  target: Series
  returning: Series
  placement: Placement
  /** Column of the interval k after the row's, at place k - 1; nothing is counted later than the last. */
  columnOf: number[]
  /** Labels of the columns, the first of which is interval 0. */
  labels: string[]
  minimumOccurrences: number
  isCumulative: boolean
  /** Length of an interval, where each actor's are counted from its own first event. */
  windowMs?: number
  aggregation?: Aggregation
  actor: Actor
  breakdown?: Breakdown
  /** What every event has to meet. */
  conditions: syntax.Expr[]
  /** A count of actors, made up for sampling. */
  scale(count: number): number
}

const periods = { Day: 'day', Hour: 'hour', Week: 'week', Month: 'month' } as const
const lengthsMs = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 }
const placements = {
  retention_recurring: 'each',
  retention_first_time: 'first_matching',
  retention_first_ever_occurrence: 'first_ever',
} as const

/** limit: beyond these a question is refused. */
const limits = { intervals: 1000, brackets: 100, cells: 1_000_000, occurrences: 1_000_000 }
const defaults = { intervals: 8, breakdownValues: 25 }

/** @throws HogqlError */
export function resolveRetention(node: QueryNode, context: InsightContext): RetentionQuestion {
  const filter = readObject(node.retentionFilter, 'retentionFilter')
  const unit = readChoice(filter.period, ['Day', 'Hour', 'Week', 'Month'], 'retentionFilter.period')
  const period = periods[unit]
  const intervals = readWhole(filter.totalIntervals, [1, limits.intervals], 'retentionFilter.totalIntervals') ?? defaults.intervals
  const span = spanOf(node, period, intervals, context)
  const columns = readColumns(filter.retentionCustomBrackets, intervals, unit)
  if (span.rows.length * columns.labels.length > limits.cells)
    throw invalidQuestion(
      `${span.rows.length} rows of ${columns.labels.length} columns are too many; choose a longer period or a shorter date range`,
    )
  const isWindowed =
    readChoice(filter.timeWindowMode, ['strict_calendar_dates', '24_hour_windows'], 'retentionFilter.timeWindowMode') === '24_hour_windows'
  const isCumulative = readFlag(filter.cumulative, 'retentionFilter.cumulative')
  if (isCumulative && isWindowed) throw invalidQuestion('retentionFilter.cumulative cannot be used with timeWindowMode "24_hour_windows"')
  const type = readChoice(
    filter.retentionType,
    ['retention_recurring', 'retention_first_time', 'retention_first_ever_occurrence'],
    'retentionFilter.retentionType',
  )
  const actor = readActor(node)
  const breakdown = readBreakdown(node.breakdownFilter, {}, defaults.breakdownValues, context)
  const aggregation = readAggregation(filter)
  const conditions = [actor.condition, ...questionFilters(node, context), sampledPersons(node)].filter((part) => part !== undefined)
  return {
    ...span,
    period,
    target: readEntity(filter.targetEntity, 'targetEntity', context),
    returning: readEntity(filter.returningEntity, 'returningEntity', context),
    placement: placements[type],
    ...columns,
    minimumOccurrences: readWhole(filter.minimumOccurrences, [1, limits.occurrences], 'retentionFilter.minimumOccurrences') ?? 1,
    isCumulative,
    ...(isWindowed ? { windowMs: lengthsMs[period] } : {}),
    ...(aggregation ? { aggregation } : {}),
    actor,
    ...(breakdown ? { breakdown } : {}),
    conditions,
    scale: scaleOfSample(node),
  }
}

type Span = Pick<RetentionQuestion, 'range' | 'rows' | 'from' | 'end'>

/** Whole intervals: up to the end of the one that `date_to` is in, from that of `date_from` or as many as there are columns. */
function spanOf(node: QueryNode, period: Interval, intervals: number, context: InsightContext): Span {
  const dates = readObject(node.dateRange, 'dateRange')
  const given = resolveDateRange(dates, period, context)
  const end = step(period, startOf(period, given.to, context), 1, context)
  const isOpen = dates.date_from === undefined || dates.date_from === null || dates.date_from === ''
  const from = isOpen ? step(period, end, -intervals, context) : startOf(period, given.from, context)
  if (from >= end) throw invalidQuestion('dateRange: date_from must not be later than date_to')
  const to = new Date(end.getTime() - 1)
  const range = { from, to, lower: from, until: { at: end, inclusive: false } }
  return { range, rows: bucketStarts(period, from, to, context), from, end }
}

/** With brackets of widths 1, 2, 4: interval 0, then the intervals 1, 2 to 3, 4 to 7. */
function readColumns(given: unknown, intervals: number, unit: string): Pick<RetentionQuestion, 'columnOf' | 'labels'> {
  const brackets = readBrackets(given)
  if (brackets.length === 0) {
    const columnOf = Array.from({ length: intervals - 1 }, (_, i) => i + 1)
    return { columnOf, labels: [0, ...columnOf].map((interval) => `${unit} ${interval}`) }
  }
  const columnOf = brackets.flatMap((width, i) => Array.from({ length: width }, () => i + 1))
  const labels = brackets.map((width, i) => {
    const first = columnOf.indexOf(i + 1) + 1
    return width === 1 ? `${unit} ${first}` : `${unit} ${first}-${first + width - 1}`
  })
  return { columnOf, labels: [`${unit} 0`, ...labels] }
}

function readBrackets(given: unknown): number[] {
  if (given === undefined || given === null) return []
  const name = 'retentionFilter.retentionCustomBrackets'
  if (!Array.isArray(given)) throw invalidQuestion(`${name} must be a list of widths like [1, 2, 4], not ${JSON.stringify(given)}`)
  if (given.length > limits.brackets) throw invalidQuestion(`${name} can have ${limits.brackets} widths at most; there are ${given.length}`)
  const widths = given.map((width, i) => readWhole(width, [1, limits.intervals], `${name}[${i}]`) ?? 1)
  const sum = widths.reduce((all, width) => all + width, 0)
  if (sum > limits.intervals) throw invalidQuestion(`${name} adds up to ${sum} intervals; there can be ${limits.intervals}`)
  return widths
}

/** An event or action as retention names it; page views where it names none. */
function readEntity(given: unknown, name: string, context: InsightContext): Series {
  if (given === undefined || given === null) return series({ kind: 'EventsNode', event: '$pageview' }, name, context)
  const { id, type, kind, ...rest } = readObject(given, `retentionFilter.${name}`)
  const isAction = readChoice(type, ['events', 'actions'], `retentionFilter.${name}.type`) === 'actions' || kind === 'ActionsNode'
  if (isAction) return series({ ...rest, kind: 'ActionsNode', id }, name, context)
  return series({ ...rest, kind: 'EventsNode', event: readText(id, `retentionFilter.${name}.id`) ?? null }, name, context)
}

function series(node: QueryNode, name: string, context: InsightContext): Series {
  const found = readSeries(node, 0, context)
  if (!found) throw invalidQuestion(`The action ${JSON.stringify(node.id)} of retentionFilter.${name} does not exist`)
  return found
}

function readAggregation(filter: QueryNode): Aggregation | undefined {
  const type = readChoice(filter.aggregationType, ['count', 'sum', 'avg'], 'retentionFilter.aggregationType')
  const property = readText(filter.aggregationProperty, 'retentionFilter.aggregationProperty')
  if (type === 'count') return undefined
  if (property === undefined) throw invalidQuestion(`retentionFilter.aggregationType "${type}" needs an aggregationProperty`)
  const of = readChoice(filter.aggregationPropertyType, ['event', 'person'], 'retentionFilter.aggregationPropertyType')
  const value = of === 'person' ? build.field('person', 'properties', property) : build.field('properties', property)
  return { type, value: build.call('ifNull', build.call('toFloat', value), build.call('_toFloat64', build.constant(0))) }
}
