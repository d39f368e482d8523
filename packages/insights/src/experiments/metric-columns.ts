import { build, type syntax } from '@hedgerow/hogql'
import {
  collected,
  collectedEvents,
  collectedSteps,
  exposedAt,
  hasEvents,
  isRetained,
  reachedSteps,
  retentionSeconds,
  type Stretch,
  startOf,
  unitValue,
} from './per-unit.ts'
import type { ExperimentQuestion, FunnelMetric, MeanMetric, Metric, QuantileMetric } from './question.ts'

const { call, constant, field } = build
type Expr = syntax.Expr
type Named = [name: string, expr: Expr]

/** What one metric needs at each step of the query; names end in the metric's number. */
interface MetricColumns {
  /** Of the events, for each unit. */
  collected: Named[]
  /** Of a unit: `in` (whether it is analysed), `value`, and what else its sums need. */
  values: Named[]
  clamps: { column: string; expr: Expr }[]
}

const micros = 1e6
const dayMicros = 86_400 * micros

export function metricColumns(metric: Metric, i: number, question: ExperimentQuestion, now: Date): MetricColumns {
  const after = stretchAfter(metric, question)
  const before = cupedStretch(metric, question)
  const matured = isMatured(metric, i, question, now)
  const included = (own: Expr[] = []): Named => [`in_${i}`, both([...matured, ...own])]
  switch (metric.type) {
    case 'mean':
    case 'quantile':
      return {
        collected: [[`events_${i}`, collected(metric.source)]],
        values: [
          included(),
          [`value_${i}`, unitValue(`events_${i}`, metric.source, after)],
          ...(before ? ([[`before_${i}`, unitValue(`events_${i}`, metric.source, before)]] satisfies Named[]) : []),
        ],
        clamps: metric.type === 'mean' ? clampsOf(metric, i) : [],
      }
    case 'ratio':
      return {
        collected: [
          [`events_${i}`, collected(metric.numerator)],
          [`base_events_${i}`, collected(metric.denominator)],
        ],
        values: [
          included(),
          [`value_${i}`, unitValue(`events_${i}`, metric.numerator, after)],
          [`base_${i}`, unitValue(`base_events_${i}`, metric.denominator, after)],
        ],
        clamps: [],
      }
    case 'funnel':
      return {
        collected: [[`events_${i}`, collectedSteps(metric)]],
        values: [
          included(),
          [`value_${i}`, reachedSteps(`events_${i}`, metric, after)],
          ...(before ? ([[`before_${i}`, reachedSteps(`events_${i}`, metric, before)]] satisfies Named[]) : []),
        ],
        clamps: [],
      }
    case 'retention': {
      const start = startOf(`starts_${i}`, metric, after)
      return {
        collected: [
          [`starts_${i}`, collectedEvents(metric.start)],
          [`events_${i}`, collectedEvents(metric.completion)],
        ],
        values: [included([hasEvents(`starts_${i}`, after)]), [`value_${i}`, isRetained(`events_${i}`, start, metric)]],
        clamps: [],
      }
    }
  }
}

const both = (conditions: Expr[]): Expr =>
  conditions.length === 0 ? constant(1) : conditions.length === 1 && conditions[0] ? conditions[0] : call('and', ...conditions)

function stretchAfter(metric: Metric, { to }: ExperimentQuestion): Stretch {
  if (metric.windowSeconds !== undefined)
    return { from: exposedAt, until: call('plus', exposedAt, constant(metric.windowSeconds * micros)) }
  return { from: exposedAt, last: constant(to.getTime() * 1000) }
}

/** The time before the exposure that CUPED compares with; undefined for metrics that it is not for. */
function cupedStretch(metric: Metric, { cupedLookbackDays }: ExperimentQuestion): Stretch | undefined {
  if (cupedLookbackDays === null || !hasCovariate(metric)) return undefined
  return { from: call('minus', exposedAt, constant(cupedLookbackDays * dayMicros)), until: exposedAt }
}

/** Means, less session properties, and ordered funnels. */
export function hasCovariate(metric: Metric): metric is MeanMetric | FunnelMetric {
  return (metric.type === 'mean' && metric.source.oncePerSession !== true) || (metric.type === 'funnel' && metric.order === 'ordered')
}

/** A unit's whole window has passed by now. */
function isMatured(metric: Metric, i: number, { maturedOnly }: ExperimentQuestion, now: Date): Expr[] {
  if (!maturedOnly) return []
  const passed = (since: Expr, seconds: number) =>
    call('lessOrEquals', call('plus', since, constant(seconds * micros)), constant(now.getTime() * 1000))
  if (metric.type !== 'retention') return metric.windowSeconds === undefined ? [] : [passed(exposedAt, metric.windowSeconds)]
  const first: Expr = { kind: 'tuple-access', base: call('arrayElement', call('arraySort', field(`starts_${i}`)), constant(1)), index: 1 }
  return [passed(first, retentionSeconds(metric))]
}

/** Bounds over all analysed units of all variants, by a window over the whole result. */
function clampsOf(metric: MeanMetric, i: number): MetricColumns['clamps'] {
  const { lowerBoundPercentile: lower, upperBoundPercentile: upper, ignoreZeros } = metric
  if (lower === undefined && upper === undefined) return []
  const value = field(`value_${i}`)
  const analysed = call('and', field(`in_${i}`), call('notEquals', field('variant'), constant('$multiple')))
  const bound = (level: number, condition: Expr): Expr => ({
    kind: 'call',
    name: 'quantileExactIf',
    params: [constant(level)],
    args: [value, condition],
    over: { partitionBy: [], orderBy: [] },
  })
  const upperCondition = ignoreZeros ? call('and', analysed, call('notEquals', value, constant(0))) : analysed
  const capped = upper === undefined ? value : call('least', value, bound(upper, upperCondition))
  return [{ column: `value_${i}`, expr: lower === undefined ? capped : call('greatest', capped, bound(lower, analysed)) }]
}

/** The sums of a metric over the units of a variant; what each is, {@link readMetricSums} says. */
export function metricSums(metric: Metric, i: number, question: ExperimentQuestion): Expr[] {
  const included = field(`in_${i}`)
  const sum = (expr: Expr) => call('sumIf', expr, included)
  const times = (a: Expr, b: Expr) => call('multiply', a, b)
  const x = summedValue(metric, i)
  const sums = [call('countIf', included), sum(x), sum(times(x, x))]
  switch (metric.type) {
    case 'ratio': {
      const base = field(`base_${i}`)
      return [...sums, sum(base), sum(times(base, base)), sum(times(x, base))]
    }
    case 'retention':
      return sums
    case 'quantile':
      return [...sums, ...orderStatistics(metric, x, included)]
    case 'mean':
    case 'funnel': {
      const before = question.cupedLookbackDays === null || !hasCovariate(metric) ? [] : covariateSums(metric, i, x, sum)
      const steps = metric.type === 'funnel' ? stepCounts(metric, i, included) : []
      return [...sums, ...before, ...steps]
    }
  }
}

function covariateSums(metric: MeanMetric | FunnelMetric, i: number, x: Expr, sum: (expr: Expr) => Expr): Expr[] {
  const before = whole(metric, field(`before_${i}`))
  return [sum(before), sum(call('multiply', before, before)), sum(call('multiply', x, before))]
}

const stepCounts = (metric: FunnelMetric, i: number, included: Expr): Expr[] =>
  metric.steps.map((_, step) => call('countIf', call('and', included, call('greater', field(`value_${i}`), constant(step)))))

/** The value that is summed: of a funnel, whether the last step was reached; with a threshold, whether it was. */
const summedValue = (metric: Metric, i: number): Expr => whole(metric, field(`value_${i}`))

function whole(metric: Metric, value: Expr): Expr {
  if (metric.type === 'funnel') return call('toInt', call('greaterOrEquals', value, constant(metric.steps.length)))
  if (metric.type === 'mean' && metric.threshold !== undefined)
    return call('toInt', call('greaterOrEquals', value, constant(metric.threshold)))
  return value
}

const z = 1.959963984540054

/** The quantile, and the order statistics that enclose it with 95 %: ranks n·q ± z·√(n·q(1 − q)). */
function orderStatistics({ level }: QuantileMetric, x: Expr, included: Expr): Expr[] {
  const sorted = call('arraySort', call('groupArrayIf', x, included))
  const n = call('countIf', included)
  const margin = call('multiply', constant(z), call('sqrt', call('multiply', n, constant(level * (1 - level)))))
  const middle = call('multiply', n, constant(level))
  const at = (rank: Expr) => call('arrayElement', sorted, call('_toInt64', call('greatest', constant(1), call('least', rank, n))))
  return [
    at(call('plus', call('floor', middle), constant(1))),
    at(call('floor', call('minus', middle, margin))),
    at(call('ceil', call('plus', middle, margin))),
  ]
}
