import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { type DateRange, resolveDateRange } from '../dates/date-range.ts'
import { bucketStarts, type Interval, readInterval } from '../dates/interval.ts'
import { previousRange } from '../dates/previous-range.ts'
import { questionFilters, readActor, samplingFactor } from '../question/conditions.ts'
import { readObject, readWhole } from '../question/fields.ts'
import { sampledPersons } from '../question/sampling.ts'
import { readAllSeries, type Series } from '../question/series.ts'
import { type Breakdown, readBreakdown } from './breakdown.ts'
import { type Display, readDisplay } from './display.ts'
import { type Formula, parseFormula } from './formula.ts'
import { readMath, type SeriesMath } from './math.ts'

export interface TrendsSeries extends Series {
  math: SeriesMath
}

/** The range asked for, or the one that it is compared with. */
export interface Period {
  /** Absent where nothing is compared. */
  label?: 'current' | 'previous'
  range: DateRange
  /** Of its buckets; empty for one number over the whole range. */
  starts: Date[]
}

/** A TrendsQuery, checked. */
export interface TrendsQuestion {
  /** Those that exist, each with its place among all in `index`. */
  series: TrendsSeries[]
  interval: Interval
  display: Display
  /** Points that a moving average takes in; 1 for none. */
  smoothing: number
  formulas: { label: string; formula: Formula }[]
  breakdown?: Breakdown
  periods: Period[]
  /** That every event has to satisfy, whichever series it is of. */
  filters: syntax.Expr[]
  samplingFactor: number
}

/** limit: a letter each. */
const maxSeries = 26
/** limit: of one answer without breakdown. */
const maxPoints = 100_000
const maxSmoothing = 1000

type Json = Record<string, unknown>

/** @throws HogqlError */
export function resolveTrends(node: QueryNode, context: InsightContext): TrendsQuestion {
  const given = Array.isArray(node.series) ? node.series.length : 0
  if (given > maxSeries) throw invalidQuestion(`series has at most ${maxSeries} entries, one for each letter; there are ${given}`)
  const filter = readObject(node.trendsFilter, 'trendsFilter')
  const display = readDisplay(filter.display)
  const interval = readInterval(node.interval)
  const person = readActor(node)
  const series = readAllSeries(node.series, context).map(
    (each): TrendsSeries => ({ ...each, math: plainer(readMath(each.node, person, `series[${each.index}]`, context), interval, display) }),
  )
  const breakdown = readBreakdown(node.breakdownFilter, filter, display.breakdownLimit, context)
  if (breakdown && display.shape !== 'series') throw invalidQuestion(`The display ${display.name} cannot be broken down`)
  const periods = periodsOf(node, interval, display, context)
  const points = periods.reduce((all, { starts }) => all + starts.length, 0) * series.length
  if (!breakdown && points > maxPoints)
    throw invalidQuestion(`The question has ${points} points, more than ${maxPoints}; choose a longer interval, or fewer series`)
  const sampled = sampledPersons(node)
  return {
    series,
    interval,
    display,
    smoothing: readWhole(filter.smoothingIntervals, [1, maxSmoothing], 'smoothingIntervals') ?? 1,
    formulas: display.shape === 'series' ? formulasOf(filter, given) : [],
    ...(breakdown ? { breakdown } : {}),
    periods,
    filters: [...questionFilters(node, context), ...(sampled ? [sampled] : [])],
    samplingFactor: samplingFactor(node),
  }
}

/** A week's active people by the week are its people: no window reaches beyond the bucket. */
function plainer(math: SeriesMath, interval: Interval, { shape, isTotal }: Display): SeriesMath {
  if (math.kind !== 'active') return math
  const whole = !isTotal && (interval === 'month' || (interval === 'week' && math.days === 7))
  return whole || shape !== 'series' ? { kind: 'unique', actor: math.actor } : math
}

function periodsOf(node: QueryNode, interval: Interval, display: Display, context: InsightContext): Period[] {
  const range = resolveDateRange(node.dateRange, interval, context)
  if (range.from > range.to) throw invalidQuestion(`date_from (${range.from.toISOString()}) is after date_to (${range.to.toISOString()})`)
  const startsOf = ({ from, to }: DateRange) =>
    display.isTotal || display.shape === 'calendar' ? [] : bucketStarts(interval, from, to, context)
  const compare = readObject(node.compareFilter, 'compareFilter')
  if (compare.compare !== true) return [{ range, starts: startsOf(range) }]
  const previous = previousRange(range, node.dateRange, compare.compare_to, interval, context)
  return [
    { label: 'current', range, starts: startsOf(range) },
    { label: 'previous', range: previous, starts: startsOf(previous) },
  ]
}

function formulasOf(filter: Json, seriesCount: number): TrendsQuestion['formulas'] {
  const { formulaNodes, formulas, formula } = filter
  const nodes = Array.isArray(formulaNodes) && formulaNodes.length ? formulaNodes : undefined
  const texts =
    Array.isArray(formulas) && formulas.length ? formulas : formula === undefined || formula === null || formula === '' ? [] : [formula]
  return (nodes ?? texts.map((text) => ({ formula: text }))).flatMap((each: unknown) => {
    const { formula: text, custom_name: name } = readObject(each, 'formulaNodes[…]')
    if (text === '') return []
    if (typeof text !== 'string') throw invalidQuestion(`A formula must be text like "A / B", not ${JSON.stringify(text)}`)
    const label = typeof name === 'string' && name !== '' ? name : `Formula (${text})`
    return [{ label, formula: parseFormula(text, seriesCount) }]
  })
}

/** What an event of the series has to satisfy, whenever it was. */
export function conditionsOf(question: TrendsQuestion, series: TrendsSeries): syntax.Expr[] {
  return [...(isTrue(series.condition) ? [] : [series.condition]), ...question.filters]
}

export const isTrue = (expr: syntax.Expr): boolean => expr.kind === 'constant' && expr.value === true

/** Events without the actor that is counted are left out. */
export function actorConditions({ math }: TrendsSeries): syntax.Expr[] {
  const condition = 'actor' in math ? math.actor.condition : undefined
  if (condition) return [condition]
  return math.kind === 'sessions' || math.kind === 'session-property' ? [build.isNotNull(build.field('$session_id'))] : []
}
