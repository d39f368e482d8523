import { build, findFunction, propertyFilters, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion, type QueryNode } from '../context.ts'
import { groupActor } from '../question/conditions.ts'
import { readChoice } from '../question/fields.ts'
import { readSeries } from '../question/series.ts'
import type { EventsOf, ExperimentQuestion, Exposure, Metric, Source } from './question.ts'

/** An experiment as far as its numbers depend on it. */
export interface ExperimentDefinition {
  name: string
  /** The key that events carry: of a renamed flag, the original one. */
  flagKey: string
  variants: string[]
  startedAt: Date
  /** Absent while it runs. */
  endedAt?: Date
  /** PostHog's `exposure_criteria`. */
  exposureCriteria: unknown
  holdoutId?: number
  groupTypeIndex?: number
  onlyCountMaturedUsers?: boolean
  excludedVariants?: string[]
  cupedLookbackDays?: number
  /** The event whose flag calls count; `$feature_flag_called` unless given. */
  exposureEvent?: string
}

const { call, compare, constant, field } = build
type Expr = syntax.Expr

/** What is asked of an experiment: its exposures, and PostHog's metric objects. @throws HogqlError for what is not understood */
export function resolveExperiment(
  definition: ExperimentDefinition,
  metrics: unknown[],
  context: InsightContext,
  breakdowns: unknown[] = [],
): ExperimentQuestion {
  const criteria = record(definition.exposureCriteria ?? {}, 'exposure_criteria')
  const holdout = definition.holdoutId === undefined ? [] : [`holdout-${definition.holdoutId}`]
  return {
    variants: [...definition.variants, ...holdout],
    from: definition.startedAt,
    to: definition.endedAt ?? context.now,
    ...(definition.groupTypeIndex === undefined
      ? {}
      : { groupTypeIndex: groupActor(definition.groupTypeIndex, 'aggregation_group_type_index').groupTypeIndex }),
    exposure: readExposure(definition, criteria, context),
    multipleVariants: readChoice(criteria.multiple_variant_handling ?? 'exclude', ['exclude', 'first_seen'], 'multiple_variant_handling'),
    excludedVariants: definition.excludedVariants ?? [],
    maturedOnly: definition.onlyCountMaturedUsers === true,
    cupedLookbackDays: definition.cupedLookbackDays ?? null,
    breakdowns: breakdowns.map((breakdown, i) => readBreakdown(breakdown, i)),
    metrics: metrics.map((metric, i) => readMetric(record(metric, `metrics[${i}]`), `metrics[${i}]`, context)),
  }
}

function readExposure(definition: ExperimentDefinition, criteria: QueryNode, context: InsightContext): Exposure {
  const real = criteria.filterTestAccounts === true ? { realPeople: propertyFilters(context.testAccountFilters, context.filters) } : {}
  const config = criteria.exposure_config
  if (config !== undefined && config !== null) return { ...customExposure(record(config, 'exposure_config'), definition, context), ...real }
  const event = compare('=', field('event'), constant(definition.exposureEvent ?? '$feature_flag_called'))
  const flag = compare('=', field('properties', '$feature_flag'), constant(definition.flagKey))
  const activation = criteria.activation_config
  return {
    condition: build.and([event, flag]),
    ...real,
    variant: field('properties', '$feature_flag_response'),
    ...(activation === undefined || activation === null
      ? {}
      : { activation: eventsOf(record(activation, 'activation_config'), 'activation_config', context) }),
  }
}

/** An event of the app's own; it may name the experiment and the variant in properties of its choice. */
function customExposure(config: QueryNode, definition: ExperimentDefinition, context: InsightContext): Exposure {
  const { experiment_name_property: nameProperty, variant_property: variantProperty } = config
  const names = [definition.name, definition.flagKey].map(constant)
  const named =
    typeof nameProperty === 'string' && nameProperty !== ''
      ? [compare('in', call('toString', field('properties', nameProperty)), build.tuple(names))]
      : []
  // compat: flag calls that are named as the event, with filters of their own, tell the variant as flag calls do.
  const isFlagCall = config.kind !== 'ActionsNode' && config.event === '$feature_flag_called'
  const ofFlag = isFlagCall ? [compare('=', field('properties', '$feature_flag'), constant(definition.flagKey))] : []
  const told = isFlagCall ? '$feature_flag_response' : `$feature/${definition.flagKey}`
  const variant = typeof variantProperty === 'string' && variantProperty !== '' ? variantProperty : told
  return {
    condition: build.and([eventsOf(config, 'exposure_config', context), ...ofFlag, ...named]),
    variant: call('toString', field('properties', variant)),
  }
}

/** Events or an action, as a condition. */
function eventsOf(node: QueryNode, place: string, context: InsightContext): Expr {
  const kind = node.kind === 'ActionsNode' ? 'ActionsNode' : 'EventsNode'
  if (kind === 'EventsNode' && (typeof node.event !== 'string' || node.event === ''))
    throw invalidQuestion(`${place}.event must be the name of an event, not ${JSON.stringify(node.event)}`)
  const series = readSeries({ ...node, kind }, 0, context)
  if (!series) throw invalidQuestion(`${place}.id: there is no action ${JSON.stringify(node.id)}`)
  return series.condition
}

function readBreakdown(given: unknown, i: number): Expr {
  const { property, type = 'event' } = record(given, `breakdowns[${i}]`)
  if (typeof property !== 'string' || property === '') throw invalidQuestion(`breakdowns[${i}].property must be the name of a property`)
  return type === 'person' ? field('person', 'properties', property) : field('properties', property)
}

const units = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 }
const unitNames = ['second', 'minute', 'hour', 'day', 'week', 'month'] as const

function readMetric(metric: QueryNode, place: string, context: InsightContext): Metric {
  const window = readWindow(metric, place)
  const events = (given: unknown, name: string): EventsOf => {
    const node = record(given, `${place}.${name}`)
    const named = node.kind !== 'ActionsNode' && typeof node.event === 'string' && node.event !== '' ? { event: node.event } : {}
    return { condition: eventsOrAll(node, `${place}.${name}`, context), ...named }
  }
  switch (metric.metric_type) {
    case 'mean':
      return { type: 'mean', ...window, source: readSource(metric.source, `${place}.source`, context), ...readOutliers(metric, place) }
    case 'quantile':
      return {
        type: 'quantile',
        ...window,
        source: readSource(metric.source, `${place}.source`, context),
        level: share(metric.quantile ?? 0.5, `${place}.quantile`),
      }
    case 'ratio':
      return {
        type: 'ratio',
        ...window,
        numerator: readSource(metric.numerator, `${place}.numerator`, context),
        denominator: readSource(metric.denominator, `${place}.denominator`, context),
      }
    case 'funnel': {
      const series = Array.isArray(metric.series) ? metric.series : []
      if (series.length === 0 || series.length > 30) throw invalidQuestion(`${place}.series must be a list of 1 to 30 steps`)
      const order = readChoice(metric.funnel_order_type ?? 'ordered', ['ordered', 'unordered'], `${place}.funnel_order_type`)
      return { type: 'funnel', ...window, order, steps: series.map((node, i) => events(node, `series[${i}]`)) }
    }
    case 'retention': {
      const from = count(metric.retention_window_start ?? 0, `${place}.retention_window_start`)
      const to = count(metric.retention_window_end ?? from, `${place}.retention_window_end`)
      if (to < from) throw invalidQuestion(`${place}.retention_window_end (${to}) is before retention_window_start (${from})`)
      return {
        type: 'retention',
        ...window,
        start: events(metric.start_event, 'start_event'),
        completion: events(metric.completion_event, 'completion_event'),
        fromUnits: from,
        toUnits: to,
        unit: readChoice(metric.retention_window_unit ?? 'day', unitNames, `${place}.retention_window_unit`),
        startHandling: readChoice(metric.start_handling ?? 'first_seen', ['first_seen', 'last_seen'], `${place}.start_handling`),
      }
    }
    default:
      throw invalidQuestion(
        `${place}.metric_type must be mean, funnel, ratio, retention or quantile, not ${JSON.stringify(metric.metric_type)}`,
      )
  }
}

function readWindow(metric: QueryNode, place: string): { windowSeconds?: number } {
  const { conversion_window: window, conversion_window_unit: unit } = metric
  if (window === undefined || window === null) return {}
  const seconds = units[readChoice(unit ?? 'day', unitNames, `${place}.conversion_window_unit`)]
  return { windowSeconds: count(window, `${place}.conversion_window`) * seconds }
}

/** Any event, a named one, or an action. */
function eventsOrAll(node: QueryNode, place: string, context: InsightContext): Expr {
  if (node.kind === 'ActionsNode') return eventsOf(node, place, context)
  const series = readSeries({ ...node, kind: 'EventsNode' }, 0, context)
  if (!series) throw invalidQuestion(`${place} is not understood`)
  return series.condition
}

function readSource(given: unknown, place: string, context: InsightContext): Source {
  const node = record(given, place)
  if (node.kind === 'ExperimentDataWarehouseNode')
    throw invalidQuestion(`${place}.kind cannot be ExperimentDataWarehouseNode: there is no data warehouse here; use events or actions`)
  const condition = eventsOrAll(node, place, context)
  const math = node.math ?? 'total'
  switch (math) {
    case 'total':
      return { condition, combine: 'count' }
    case 'dau':
      return { condition, combine: 'any' }
    case 'unique_session':
      return { condition, combine: 'distinct', value: field('$session_id') }
    case 'unique_group':
      return { condition, combine: 'distinct', value: groupActor(node.math_group_type_index, `${place}.math_group_type_index`).id }
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return { condition, combine: math as 'sum' | 'avg' | 'min' | 'max', ...readValue(node, place) }
    case 'hogql':
      return { condition, ...readAggregate(node.math_hogql, place, context) }
    default:
      throw invalidQuestion(
        `${place}.math must be total, sum, avg, min, max, unique_session, dau, unique_group or hogql, not ${JSON.stringify(math)}`,
      )
  }
}

function readValue(
  { math_property: property, math_property_type: type }: QueryNode,
  place: string,
): Pick<Source, 'value' | 'oncePerSession'> {
  if (typeof property !== 'string' || property === '') throw invalidQuestion(`${place}.math_property must be the name of a property`)
  if (type === 'session_properties' || property === '$session_duration') return { value: field('session', property), oncePerSession: true }
  return { value: type === 'person_properties' ? field('person', 'properties', property) : field('properties', property) }
}

const aggregates: Record<string, Source['combine']> = {
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  uniq: 'distinct',
  uniqExact: 'distinct',
  countDistinct: 'distinct',
}

/** Of one aggregate of an expression of each event, what a unit's events come to; undefined for any other. */
export function unitAggregate(expr: Expr): Pick<Source, 'combine' | 'value'> | undefined {
  if (expr.kind !== 'call' || expr.over || expr.orderBy) return undefined
  const { name, distinct, filter } = expr
  const [argument] = expr.args
  const kept = (value: Expr): Expr => (filter ? call('if', filter, value, constant(0)) : value)
  if (name === 'count' && !distinct) {
    if (!argument && !filter) return { combine: 'count' }
    return { combine: 'sum', value: kept(argument ? call('if', call('isNotNull', argument), constant(1), constant(0)) : constant(1)) }
  }
  const combine = name === 'count' ? 'distinct' : Object.hasOwn(aggregates, name) ? aggregates[name] : undefined
  // What is left out of a sum adds nothing; out of all others it would have to be no event at all.
  if (!combine || !argument || (filter && combine !== 'sum')) return undefined
  return { combine, value: kept(argument) }
}

export const unitAggregateNames: readonly string[] = ['count', ...Object.keys(aggregates)]

/** One aggregate of an expression of each event: `sum(properties.a * 2)`, `count()`, `count(distinct properties.b)`. An expression alone is added up. */
function readAggregate(given: unknown, place: string, context: InsightContext): Pick<Source, 'combine' | 'value'> {
  if (typeof given !== 'string' || given.trim() === '')
    throw invalidQuestion(`${place}.math_hogql must be an aggregate like sum(properties.amount)`)
  const expr = context.parseExpr(given)
  if (expr.kind !== 'call' || findFunction(expr.name)?.kind !== 'aggregate') return { combine: 'sum', value: expr }
  const read = unitAggregate(expr)
  if (read) return read
  throw invalidQuestion(`${place}.math_hogql must be one of ${unitAggregateNames.join(', ')} of an expression, not "${given}"`)
}

function readOutliers(metric: QueryNode, place: string) {
  const lower = metric.lower_bound_percentile
  const upper = metric.upper_bound_percentile
  const { threshold } = metric
  if (threshold !== undefined && threshold !== null && typeof threshold !== 'number')
    throw invalidQuestion(`${place}.threshold must be a number, not ${JSON.stringify(threshold)}`)
  return {
    ...(isGiven(lower) ? { lowerBoundPercentile: share(lower, `${place}.lower_bound_percentile`) } : {}),
    ...(isGiven(upper) ? { upperBoundPercentile: share(upper, `${place}.upper_bound_percentile`) } : {}),
    ...(metric.ignore_zeros === true ? { ignoreZeros: true } : {}),
    ...(typeof threshold === 'number' ? { threshold } : {}),
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

function share(value: unknown, place: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw invalidQuestion(`${place} must be a number from 0 to 1, not ${JSON.stringify(value)}`)
}

const mostUnits = 100_000
function count(value: unknown, place: string): number {
  if (typeof value === 'number' && value >= 0 && value <= mostUnits) return value
  throw invalidQuestion(`${place} must be a number from 0 to ${mostUnits}, not ${JSON.stringify(value)}`)
}

function record(value: unknown, place: string): QueryNode {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as QueryNode
  throw invalidQuestion(`${place} must be an object, not ${JSON.stringify(value)}`)
}
