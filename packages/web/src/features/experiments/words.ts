import type { ExperimentStatusName } from '@hedgerow/protocol'
import type { ExperimentResults, ExperimentUnit, MetricResult, ShownEvents, VariantResult } from '../../api-client/experiments.ts'

export const statusLabels: Record<ExperimentStatusName, string> = { draft: 'Draft', running: 'Running', paused: 'Paused', stopped: 'Ended' }

const trustNames: Record<string, string> = {
  sample_ratio: 'Split as planned',
  exposures: 'Enough people',
  power: 'Power reached',
  peeking: 'Safe to look at',
  several_variants: 'One variant each',
  novelty: 'No novelty effect',
  bots: 'No bots',
}
export const trustName = (name: string): string => trustNames[name] ?? name

const stepNames: Record<string, string> = {
  without_group: 'Events without a group',
  before_start: 'Only before the start',
  after_end: 'Only after the end',
  not_in_a_variant: 'In no variant',
  test_account: 'Test accounts',
  several_variants: 'Saw several variants',
  not_activated: 'Never activated',
  excluded_variant: 'In a variant that was left out',
  analysed: 'Analysed',
}
export const stepName = (step: string): string => stepNames[step] ?? step

const failureNames: Record<string, string> = {
  'not-enough-exposures': 'fewer than 50 people',
  'not-enough-metric-data': 'fewer than 5 conversions',
  'baseline-mean-is-zero': 'nothing in the baseline',
  too_few_successes_or_failures: 'fewer than 5 that convert, or that do not',
  variance_must_be_positive: 'everybody has the same value',
  sample_size_below_minimum_5: 'fewer than 5 people',
  sample_size_must_be_positive: 'nobody yet',
}

/** Why a variant has no comparison yet. */
export function reasonText(reason: string | null | undefined): string {
  if (!reason) return ''
  return reason
    .split(', ')
    .map((one) => failureNames[one] ?? one.replaceAll(/[_-]/g, ' '))
    .join(', ')
}

const signedPercent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' })
const wholePercent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 })
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })
const signed = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, signDisplay: 'exceptZero' })

/** As everywhere else: a space before the sign of per cent, which stays on its line, and a minus that is as wide as a plus. */
const spaced = (text: string) => text.replace('%', '\u00a0%').replace('-', '−')
const percent = { format: (value: number) => spaced(signedPercent.format(value)) }
const plainPercent = { format: (value: number) => spaced(wholePercent.format(value)) }

/** What one unit is worth on average. */
export function valueText({ metric }: MetricResult, { value }: VariantResult): string {
  if (value === null) return '–'
  const isShare = metric.metric_type === 'funnel' || metric.metric_type === 'retention'
  return isShare ? plainPercent.format(value) : number.format(value)
}

export function effectText(effect: number | null | undefined, differenceType: 'relative' | 'absolute'): string {
  if (effect === null || effect === undefined) return '–'
  return differenceType === 'relative' ? percent.format(effect) : spaced(signed.format(effect))
}

/** What choosing the variant loses on average if it is not better; for the way that the metric should go. */
export function lossText({ expected_loss: loss }: VariantResult, differenceType: 'relative' | 'absolute', goal?: string | null): string {
  if (!loss) return '–'
  const lost = goal === 'decrease' ? loss.choose_control : loss.choose_treatment
  return differenceType === 'relative' ? plainPercent.format(lost) : number.format(lost)
}

/** Chance to win, or the p-value. */
export function certaintyText({ method, chance_to_win: chance, p_value: p }: VariantResult): string {
  if (method === 'bayesian') return chance === null || chance === undefined ? '–' : chanceText(chance)
  if (p === null || p === undefined) return '–'
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4)
}

/** Nothing is certain: the ends are said as what they are beyond. */
function chanceText(chance: number): string {
  if (chance > 0.9999) return '> 99.99\u00a0%'
  return chance < 0.0001 ? '< 0.01\u00a0%' : plainPercent.format(chance)
}

export const intervalOf = ({ credible_interval: credible, confidence_interval: confidence }: VariantResult): [number, number] | null =>
  credible ?? confidence ?? null

/** Better, worse, or neither; for the way that the metric should go. */
export function toneOf({ metric }: MetricResult, { significant, effect }: VariantResult): 'better' | 'worse' | 'open' {
  if (!significant || !effect) return 'open'
  return effect > 0 === (metric.goal !== 'decrease') ? 'better' : 'worse'
}

/** One axis for all intervals: about zero, wide enough for those that are known well, never wider than ± 100 %. */
export function axisOf(results: Pick<ExperimentResults, 'metrics' | 'metrics_secondary'>): number {
  const ends = [...results.metrics, ...results.metrics_secondary]
    .flatMap(({ variant_results: variants }) => variants.flatMap((variant) => intervalOf(variant) ?? []))
    .map(Math.abs)
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  const most = ends[Math.floor(ends.length * 0.9)] ?? ends.at(-1) ?? 0.1
  return Math.max(0.02, Math.min(1, most * 1.15))
}

/** `2026-03-01` and `14`: how long it has run, or ran. */
export function daysRun(start: string | null, end: string | null, nowMs: number): number | null {
  if (start === null) return null
  return Math.max(0, Math.floor(((end === null ? nowMs : Date.parse(end)) - Date.parse(start)) / 86_400_000))
}

/** A flag's key out of a name: lower case, with dashes. */
export function keyFrom(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/[^a-zA-Z0-9-]/g, '')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 100)
}

/** The name of the events that a metric looks at. */
export const eventText = ({ event, name }: ShownEvents): string => name || event || 'any event'

function sourceText(source: ShownEvents = {}): string {
  const { math, math_property: property } = source
  const of = eventText(source)
  if (property) return `${math ?? 'sum'} of ${property} of ${of}`
  if (math === 'dau') return `whether ${of} happened`
  if (math === 'unique_session') return `sessions with ${of}`
  return math === 'unique_group' || math === 'hogql' ? `a count over ${of}` : `how often ${of} happened`
}

function measuredText({ metric_type: type, ...metric }: MetricResult['metric']): string {
  switch (type) {
    case 'funnel':
      return `The share of people who did ${(metric.series ?? []).map(eventText).join(', then ')}`
    case 'ratio':
      return `${sourceText(metric.numerator)}, divided by ${sourceText(metric.denominator)}`
    case 'retention':
      return `The share of people with ${eventText(metric.start_event ?? {})} who came back for ${eventText(metric.completion_event ?? {})}`
    case 'quantile':
      return `A quantile over people of ${sourceText(metric.source)}`
    default:
      return `The mean over people of ${sourceText(metric.source)}`
  }
}

/** What a metric measures, in one or two sentences. */
export function metricWords(metric: MetricResult['metric']): string {
  const {
    conversion_window: window,
    conversion_window_unit: unit = 'day',
    lower_bound_percentile: low,
    upper_bound_percentile: high,
  } = metric
  const time = window
    ? `within ${window} ${unit}${window === 1 ? '' : 's'} after they first saw a variant`
    : 'from when they first saw a variant to the end'
  const bounds = [low, high].filter((bound) => typeof bound === 'number').map((bound) => `${Number((100 * (bound ?? 0)).toFixed(2))} %`)
  const measured = measuredText(metric)
  return `${measured[0]?.toUpperCase()}${measured.slice(1)}, ${time}.${bounds.length > 0 ? ` Values beyond the percentile of ${bounds.join(' and ')} are pulled in to it.` : ''}`
}

/** What a metric's sum is of. */
export const sumName = (type: string): string => (type === 'retention' ? 'Came back' : type === 'ratio' ? 'Sum above' : 'Sum')

/** What one person adds. */
export function unitText({ metric_type: type, series = [] }: MetricResult['metric'], { value, denominator }: ExperimentUnit): string {
  if (type === 'funnel') return series.length === 1 ? (value >= 1 ? 'did it' : '–') : `step ${value} of ${series.length}`
  if (type === 'retention') return value >= 1 ? 'came back' : '–'
  return denominator === undefined ? number.format(value) : `${number.format(value)} / ${number.format(denominator)}`
}
