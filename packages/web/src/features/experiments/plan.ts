import type { ExperimentMetricNode, NewExperiment } from '@hedgerow/protocol'

export interface VariantDraft {
  key: string
  share: number
}

/** What the form holds. */
export interface ExperimentDraft {
  name: string
  hypothesis: string
  flagKey: string
  variants: VariantDraft[]
  /** Whether people do it at all, or how often. */
  goal: 'conversion' | 'count' | 'sum'
  event: string
  property: string
  direction: 'increase' | 'decrease'
  windowDays: number
  effectPercent: number
  method: 'bayesian' | 'frequentist' | 'sequential'
  /** Whoever the flag is asked for, or whoever an event of the app's own names. */
  exposure: 'flag' | 'event'
  exposureEvent: string
  nameProperty: string
  variantProperty: string
}

export const emptyDraft: ExperimentDraft = {
  name: '',
  hypothesis: '',
  flagKey: '',
  variants: [
    { key: 'control', share: 50 },
    { key: 'test', share: 50 },
  ],
  goal: 'conversion',
  event: '',
  property: '',
  direction: 'increase',
  windowDays: 14,
  effectPercent: 20,
  method: 'bayesian',
  exposure: 'flag',
  exposureEvent: '$experiment_started',
  nameProperty: '$experiment_name',
  variantProperty: '$experiment_variant',
}

export type DraftProblem = { field: keyof ExperimentDraft; text: string }

/** What is still missing or wrong, in the order of the form. */
export function problemsOf(draft: ExperimentDraft): DraftProblem[] {
  const keys = draft.variants.map(({ key }) => key)
  const sum = draft.variants.reduce((total, { share }) => total + share, 0)
  return [
    ...(draft.name.trim() === '' ? [{ field: 'name' as const, text: 'Give it a name.' }] : []),
    ...(/^[a-zA-Z0-9_-]+$/.test(draft.flagKey) ? [] : [{ field: 'flagKey' as const, text: 'Letters, digits, - and _ only.' }]),
    ...(keys[0] === 'control' ? [] : [{ field: 'variants' as const, text: 'The first variant must be "control".' }]),
    ...(new Set(keys).size === keys.length && keys.every((key) => key !== '')
      ? []
      : [{ field: 'variants' as const, text: 'Each variant needs a name of its own.' }]),
    ...(Math.abs(sum - 100) < 1e-9 ? [] : [{ field: 'variants' as const, text: `The shares must sum to 100; they sum to ${sum}.` }]),
    ...(draft.exposure === 'event' && draft.exposureEvent === ''
      ? [{ field: 'exposureEvent' as const, text: 'Choose the event that says who is in it.' }]
      : []),
    ...(draft.event === '' ? [{ field: 'event' as const, text: 'Choose what people should do.' }] : []),
    ...(draft.goal === 'sum' && draft.property === '' ? [{ field: 'property' as const, text: 'Choose the property to add up.' }] : []),
  ]
}

/** Shares that sum to 100 exactly, the rest to the first. */
export function evenShares(variants: VariantDraft[]): VariantDraft[] {
  const share = Math.floor(100 / variants.length)
  return variants.map((variant, i) => ({ ...variant, share: i === 0 ? 100 - share * (variants.length - 1) : share }))
}

export function metricOf({ goal, event, property, direction, windowDays }: ExperimentDraft): ExperimentMetricNode {
  const common = { kind: 'ExperimentMetric' as const, goal: direction, conversion_window: windowDays, conversion_window_unit: 'day' }
  const source = { kind: 'EventsNode', event, name: event }
  switch (goal) {
    case 'conversion':
      return { ...common, metric_type: 'funnel', name: `Did ${event}`, series: [source] }
    case 'count':
      return { ...common, metric_type: 'mean', name: `${event} each`, source: { ...source, math: 'total' } }
    case 'sum':
      return {
        ...common,
        metric_type: 'mean',
        name: `Sum of ${property} of ${event}`,
        source: { ...source, math: 'sum', math_property: property },
        upper_bound_percentile: 0.99,
      }
  }
}

function exposureOf({ exposure, exposureEvent: event, nameProperty, variantProperty }: ExperimentDraft): object {
  if (exposure === 'flag') return {}
  const named = {
    ...(nameProperty.trim() === '' ? {} : { experiment_name_property: nameProperty.trim() }),
    ...(variantProperty.trim() === '' ? {} : { variant_property: variantProperty.trim() }),
  }
  return { exposure_config: { kind: 'ExperimentEventExposureConfig', event, properties: [], ...named } }
}

export function experimentOf(draft: ExperimentDraft): NewExperiment {
  const { method } = draft
  return {
    name: draft.name.trim(),
    description: draft.hypothesis.trim(),
    feature_flag_key: draft.flagKey,
    parameters: {
      feature_flag_variants: draft.variants.map(({ key, share }) => ({ key, rollout_percentage: share })),
      minimum_detectable_effect: draft.effectPercent,
    },
    exposure_criteria: { filterTestAccounts: true, ...exposureOf(draft) },
    metrics: [metricOf(draft)],
    stats_config:
      method === 'bayesian' ? { method } : { method: 'frequentist', frequentist: { sequential_testing_enabled: method === 'sequential' } },
  }
}

/** HogQL for the last four weeks of the goal: people a day, and mean and variance of what they came to. */
export function baselineQuery({ goal, event, property, windowDays }: ExperimentDraft): { query: string; values: Record<string, unknown> } {
  const value = {
    conversion: 'if(countIf(event = {event}) > 0, 1, 0)',
    count: 'countIf(event = {event})',
    sum: 'sumIf(toFloat(properties[{property}]), event = {event})',
  }[goal]
  return {
    query: `SELECT count(), avg(value), varSamp(value) FROM (
      SELECT person_id, ifNull(${value}, 0) AS value FROM events WHERE timestamp >= now() - toIntervalDay({days}) GROUP BY person_id)`,
    values: { event, days: Math.max(1, windowDays), ...(goal === 'sum' ? { property } : {}) },
  }
}

export interface Baseline {
  peoplePerDay: number
  mean: number
  variance: number
}

/** Of the row that {@link baselineQuery} answers; nothing where nobody was there. */
export function readBaseline(row: unknown[] | undefined, windowDays: number): Baseline | undefined {
  const [people, mean, variance] = (row ?? []).map(Number)
  if (!people || !Number.isFinite(mean) || !Number.isFinite(variance) || !mean) return undefined
  return { peoplePerDay: people / Math.max(1, windowDays), mean: mean ?? 0, variance: variance ?? 0 }
}
