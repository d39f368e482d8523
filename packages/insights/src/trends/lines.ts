import { build, propertyFilters, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { type Buckets, calendarBuckets, numberedBuckets } from '../dates/buckets.ts'
import { within } from '../dates/date-range.ts'
import { type Breakdown, type Dimension, nullValue } from './breakdown.ts'
import { actorConditions, conditionsOf, type Period, type TrendsQuestion, type TrendsSeries } from './resolve.ts'

/** One series in one period: what is told apart in the engine's rows. */
export interface Line {
  number: number
  series: TrendsSeries
  period: Period
  /** Absent: one number over the whole range. */
  buckets?: Buckets
  /** How often the engine's numbers have to be added up from the left to be those of the chart. */
  integrations: number
  /** Edges of the bins of each dimension; absent for one that has none. */
  edges: (readonly number[] | undefined)[]
}

export function linesOf(question: TrendsQuestion, context: InsightContext): Line[] {
  const { periods, series, display, breakdown } = question
  const numbered = needsNumbers(question)
  const bucketsOf = ({ starts }: Period): Buckets | undefined => {
    if (display.shape === 'calendar') return hoursOfWeek
    if (display.isTotal) return undefined
    return numbered ? numberedBuckets(question.interval, starts, context) : calendarBuckets(question.interval, starts, context)
  }
  return periods.flatMap((period, p) => {
    const buckets = bucketsOf(period)
    return series.map((each, s) => ({
      number: p * series.length + s,
      series: each,
      period,
      ...(buckets ? { buckets } : {}),
      integrations: buckets ? Number(display.isCumulative) + Number(each.math.kind === 'active' && breakdown !== undefined) : 0,
      edges: [],
    }))
  })
}

/** Where the engine has to know how far a bucket is from the end. */
function needsNumbers({ series, breakdown, display, smoothing }: TrendsQuestion): boolean {
  if (display.isTotal) return false
  return series.some(({ math }) => math.kind === 'active') || (breakdown !== undefined && (display.isCumulative || smoothing > 1))
}

/** The hours of a week, from Sunday's first on. */
export const hoursOfWeek: Buckets = {
  count: 7 * 24,
  key: (timestamp) =>
    build.arithmetic(
      '+',
      build.arithmetic('*', build.call('modulo', build.call('toDayOfWeek', timestamp), build.constant(7)), build.constant(24)),
      build.call('toHour', timestamp),
    ),
  indexOf: Number,
}

/** The events of a line. */
export function eventsOf(question: TrendsQuestion, { series, period }: Pick<Line, 'series' | 'period'>): syntax.Expr[] {
  return [within(period.range), ...conditionsOf(question, series), ...actorConditions(series)]
}

/** The values that an event counts under, one expression for each dimension. `events` says what else events have to satisfy for it. */
export function breakdownValues(
  breakdown: Breakdown | undefined,
  line: Pick<Line, 'edges'>,
  context: InsightContext,
): { values: syntax.Expr[]; events: syntax.Expr[] } {
  if (!breakdown) return { values: [], events: [] }
  if (breakdown.cohorts) return cohortValues(breakdown.cohorts, context)
  return { values: breakdown.dimensions.map((dimension, i) => dimensionValue(dimension, line.edges[i])), events: [] }
}

export const cohortText = (id: number | null): string => (id === null ? 'all' : String(id))

export const inCohort = (id: number, context: InsightContext): syntax.Expr =>
  propertyFilters([{ type: 'cohort', key: 'id', operator: 'in', value: id }], context.filters)

function cohortValues(ids: (number | null)[], context: InsightContext): { values: syntax.Expr[]; events: syntax.Expr[] } {
  const [only] = ids
  if (ids.length === 1 && only !== undefined)
    return { values: [build.constant(cohortText(only))], events: only === null ? [] : [inCohort(only, context)] }
  const none = build.constant('')
  const texts = ids.map((id) =>
    id === null ? build.constant(cohortText(id)) : build.call('if', inCohort(id, context), build.constant(cohortText(id)), none),
  )
  const isOne: syntax.Expr = { kind: 'lambda', params: ['cohort'], body: build.compare('!=', build.field('cohort'), none) }
  return { values: [build.call('arrayJoin', build.call('arrayFilter', isOne, build.array(texts)))], events: [] }
}

function dimensionValue({ value, bins }: Dimension, edges: readonly number[] | undefined): syntax.Expr {
  const none = build.constant(nullValue)
  if (!bins) return build.call('ifNull', value, none)
  if (!edges) return none
  const texts = edges.slice(1).flatMap((edge, i) => [build.compare('<', bins.number, build.constant(edge)), binText(edges[i] ?? 0, edge)])
  return build.call('multiIf', build.isNull(bins.number), none, ...texts, none)
}

const binText = (low: number, high: number): syntax.Expr => build.constant(`[${low},${high}]`)
