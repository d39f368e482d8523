import { build, type syntax } from '@hedgerow/hogql'
import { bit, exposedAt, isRetained, reachedSteps, retentionSeconds, type Stretch, startOf, unitValue } from './per-unit.ts'
import type { ExperimentQuestion, FunnelMetric, MeanMetric, Metric, QuantileMetric } from './question.ts'
import type { Named, Streams } from './streams.ts'

const { call, constant, field } = build
type Expr = syntax.Expr

const micros = 1e6
const dayMicros = 86_400 * micros

/** Of a unit: `in_i` (whether it is analysed for metric i), `value_i`, and what else its sums need. */
export function metricValues(streams: Streams, metric: Metric, i: number, question: ExperimentQuestion, now: Date): Named[] {
  const after = stretchAfter(metric, question)
  const before = cupedStretch(metric, question)
  const value = `value_${i}`
  switch (metric.type) {
    case 'mean':
    case 'quantile':
      return [
        included(i, isMatured(exposedAt, metric.windowSeconds, question, now)),
        [value, unitValue(streams, metric.source, after)],
        ...(before && metric.type === 'mean' ? ([[`before_${i}`, unitValue(streams, metric.source, before)]] satisfies Named[]) : []),
      ]
    case 'ratio':
      return [
        included(i, isMatured(exposedAt, metric.windowSeconds, question, now)),
        [value, unitValue(streams, metric.numerator, after)],
        [`base_${i}`, unitValue(streams, metric.denominator, after)],
      ]
    case 'funnel':
      return [
        included(i, isMatured(exposedAt, metric.windowSeconds, question, now)),
        ...reachedSteps(streams, value, metric, after),
        ...(before ? reachedSteps(streams, `before_${i}`, metric, before) : []),
      ]
    case 'retention': {
      const start = field(`start_${i}`)
      const matured = isMatured(start, retentionSeconds(metric), question, now)
      return [
        [`start_${i}`, startOf(streams, metric, after)],
        included(i, [call('greater', start, constant(0)), ...matured]),
        ...isRetained(streams, value, start, metric),
      ]
    }
  }
}

const included = (i: number, conditions: Expr[]): Named => [`in_${i}`, both(conditions)]
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

/** Whether the window that begins then has passed by now, where only such units count. */
function isMatured(since: Expr, seconds: number | undefined, { maturedOnly }: ExperimentQuestion, now: Date): Expr[] {
  if (!maturedOnly || seconds === undefined) return []
  return [call('lessOrEquals', call('plus', since, constant(seconds * micros)), constant(now.getTime() * 1000))]
}

/** Whether a metric's values are pulled in to percentiles of all units, which are known only once all values are. */
export const isClamped = (metric: Metric): metric is MeanMetric =>
  metric.type === 'mean' && (metric.lowerBoundPercentile !== undefined || metric.upperBoundPercentile !== undefined)

/** Sums over the units of a variant, as columns `sum_i_j`; what each is, `readMetricSums` says. Of a clamped metric, the values themselves. */
export function metricSums(metric: Metric, i: number, question: ExperimentQuestion): Named[] {
  if (isClamped(metric)) return collectedValues(metric, i, question)
  const included = field(`in_${i}`)
  const sum = (expr: Expr) => call('sumIf', expr, included)
  const times = (a: Expr, b: Expr) => call('multiply', a, b)
  const x = whole(metric, field(`value_${i}`))
  const sums = [call('countIf', included), sum(x), sum(times(x, x))]
  return numbered(i, [...sums, ...otherSums()])

  function otherSums(): Expr[] {
    switch (metric.type) {
      case 'ratio': {
        const base = field(`base_${i}`)
        return [sum(base), sum(times(base, base)), sum(times(x, base))]
      }
      case 'retention':
        return []
      case 'quantile':
        return orderStatistics(metric, x, included)
      case 'mean':
      case 'funnel': {
        const before = whole(metric, field(`before_${i}`))
        const covariate = isCovaried(metric, question) ? [sum(before), sum(times(before, before)), sum(times(x, before))] : []
        return [...covariate, ...(metric.type === 'funnel' ? stepCounts(metric, i, included) : [])]
      }
    }
  }
}

const numbered = (i: number, exprs: Expr[]): Named[] => exprs.map((expr, j) => [`sum_${i}_${j}`, expr])
const isCovaried = (metric: Metric, { cupedLookbackDays }: ExperimentQuestion) => cupedLookbackDays !== null && hasCovariate(metric)

const stepCounts = (metric: FunnelMetric, i: number, included: Expr): Expr[] =>
  metric.steps.map((_, step) => call('countIf', call('and', included, call('greater', field(`value_${i}`), constant(step)))))

/** The value that is summed: of a funnel, whether the last step was reached; with a threshold, whether it was. */
function whole(metric: Metric, value: Expr): Expr {
  if (metric.type === 'funnel') return bit(call('greaterOrEquals', value, constant(metric.steps.length)))
  if (metric.type === 'mean' && metric.threshold !== undefined) return bit(call('greaterOrEquals', value, constant(metric.threshold)))
  return value
}

function collectedValues(metric: MeanMetric, i: number, question: ExperimentQuestion): Named[] {
  const included = field(`in_${i}`)
  const before = isCovaried(metric, question)
    ? ([[`befores_${i}`, call('groupArrayIf', whole(metric, field(`before_${i}`)), included)]] satisfies Named[])
    : []
  return [[`values_${i}`, call('groupArrayIf', field(`value_${i}`), included)], ...before]
}

const lambda = (params: string[], body: Expr): Expr => ({ kind: 'lambda', params, body })
const v = field('v')

/** The bounds of a clamped metric: exact quantiles over the units of all variants together. */
export function clampBounds(metric: MeanMetric, i: number): Named[] {
  const { lowerBoundPercentile: lower, upperBoundPercentile: upper, ignoreZeros } = metric
  const bound = (level: number, conditions: Expr[]): Expr => ({
    kind: 'call',
    name: 'quantileExactArray',
    params: [constant(level)],
    args: [
      call(
        'arrayFilter',
        lambda(['v'], both([call('notEquals', field('variant'), constant('$multiple')), ...conditions])),
        field(`values_${i}`),
      ),
    ],
    over: { partitionBy: [], orderBy: [] },
  })
  return [
    ...(lower === undefined ? [] : ([[`lower_${i}`, bound(lower, [])]] satisfies Named[])),
    ...(upper === undefined
      ? []
      : ([[`upper_${i}`, bound(upper, ignoreZeros ? [call('notEquals', v, constant(0))] : [])]] satisfies Named[])),
  ]
}

/** A metric's values after clamping; where a bound was found of no values at all, there is nothing beyond it. */
export function clampedValues(metric: MeanMetric, i: number): Named {
  const [lower, upper] = [field(`lower_${i}`), field(`upper_${i}`)]
  const raised = metric.lowerBoundPercentile === undefined ? v : call('greatest', v, lower)
  const lowered =
    metric.upperBoundPercentile === undefined ? raised : call('if', call('isNaN', upper), raised, call('least', raised, upper))
  return [`clamped_${i}`, call('arrayMap', lambda(['v'], whole(metric, lowered)), field(`values_${i}`))]
}

export function clampedSums(metric: MeanMetric, i: number, question: ExperimentQuestion): Named[] {
  const [values, befores] = [field(`clamped_${i}`), field(`befores_${i}`)]
  const squares = (array: Expr) => call('arraySum', lambda(['v'], call('multiply', v, v)), array)
  return numbered(i, [
    call('length', values),
    call('arraySum', values),
    squares(values),
    ...(isCovaried(metric, question)
      ? [
          call('arraySum', befores),
          squares(befores),
          call('arraySum', lambda(['v', 'b'], call('multiply', v, field('b'))), values, befores),
        ]
      : []),
  ])
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
