import type { syntax } from '@hedgerow/hogql'

/** What an experiment's result is computed from; every window in seconds. */
export interface ExperimentQuestion {
  /** Variants that count, in the flag's order; a holdout's is one of them. Empty: whatever the events tell. */
  variants: string[]
  /** First and last instant of the exposures, both inclusive. */
  from: Date
  to: Date
  /** Units are groups of this type; persons unless given. */
  groupTypeIndex?: number
  exposure: Exposure
  /** A unit seen with several variants is `$multiple`, or counts for the one it saw first. */
  multipleVariants: 'exclude' | 'first_seen'
  /** Left out altogether: a setting of the experiment. */
  excludedVariants: string[]
  maturedOnly: boolean
  /** Null: CUPED is off. */
  cupedLookbackDays: number | null
  /** On `events`; the value is the one of a unit's first exposure. */
  breakdowns: syntax.Expr[]
  metrics: Metric[]
}

export interface Exposure {
  /** Which events expose, their own filters included. */
  condition: syntax.Expr
  /** The project's test accounts left out, where the experiment asks for that. */
  realPeople?: syntax.Expr
  /** The variant that such an event tells. */
  variant: syntax.Expr
  /** With it, a unit is exposed at its first such event at or after its first exposure event. */
  activation?: syntax.Expr
}

export type Metric = MeanMetric | FunnelMetric | RatioMetric | RetentionMetric | QuantileMetric

interface Windowed {
  /** From the exposure; absent: until the experiment's end. */
  windowSeconds?: number
}

export interface MeanMetric extends Windowed {
  type: 'mean'
  source: Source
  lowerBoundPercentile?: number
  upperBoundPercentile?: number
  ignoreZeros?: boolean
  /** The value is 1 from it on, else 0: a proportion. */
  threshold?: number
}

export interface FunnelMetric extends Windowed {
  type: 'funnel'
  order: 'ordered' | 'unordered'
  steps: EventsOf[]
}

export interface RatioMetric extends Windowed {
  type: 'ratio'
  numerator: Source
  denominator: Source
}

export interface RetentionMetric extends Windowed {
  type: 'retention'
  start: EventsOf
  completion: EventsOf
  fromUnits: number
  toUnits: number
  unit: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month'
  startHandling: 'first_seen' | 'last_seen'
}

export interface QuantileMetric extends Windowed {
  type: 'quantile'
  source: Source
  /** 0…1. */
  level: number
}

/** Which events are meant. */
export interface EventsOf {
  condition: syntax.Expr
  /** Where all of them have one name; absent for actions, and for any event. */
  event?: string
}

/** Events and what is made of them for one unit. */
export interface Source {
  condition: syntax.Expr
  combine: 'count' | 'sum' | 'avg' | 'min' | 'max' | 'distinct' | 'any'
  /** Of one event; for `distinct`, what is counted. */
  value?: syntax.Expr
  /** The value belongs to the session and is taken once for each. */
  oncePerSession?: boolean
}

/** Why a unit that the flag was called for is not analysed, in the order in which it is decided. */
export const waterfallSteps = [
  'without_group',
  'before_start',
  'after_end',
  'not_in_a_variant',
  'test_account',
  'several_variants',
  'not_activated',
  'excluded_variant',
  'analysed',
] as const
export type WaterfallStep = (typeof waterfallSteps)[number]

/** Sums over the units of one variant. */
export interface MetricSums {
  numberOfSamples: number
  sum: number
  sumSquares: number
  denominatorSum?: number
  denominatorSumSquares?: number
  sumProduct?: number
  covariateSum?: number
  covariateSumSquares?: number
  covariateSumProduct?: number
  stepCounts?: number[]
  /** Of quantile metrics: the quantile, and the order statistics around it. */
  quantile?: { value: number; lower: number; upper: number }
}

export interface VariantSums {
  variant: string
  /** Start of the day of the exposure, ISO 8601, where sums are asked for by day. */
  day?: string
  /** Texts, null where missing; in the order of the breakdowns. */
  breakdown: (string | null)[]
  /** All exposed units, matured or not. */
  exposures: number
  /** One for each metric, in their order. */
  metrics: MetricSums[]
}
