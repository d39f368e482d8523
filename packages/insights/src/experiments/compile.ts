import { build, type syntax } from '@hedgerow/hogql'
import { instant } from '../dates/date-range.ts'
import { metricColumns, metricSums } from './metric-columns.ts'
import { exposedAt, micros, retentionSeconds } from './per-unit.ts'
import type { ExperimentQuestion, Metric } from './question.ts'

const { alias, call, compare, constant, field } = build
type Expr = syntax.Expr

/** Seen with several variants. */
const multipleVariants = '$multiple'
const dayMs = 86_400_000

/**
 * All metrics of an experiment in one scan of the events, in three steps: each unit's exposure and events; each unit's values; sums over the units of each
 * variant. Columns: variant, one for each breakdown, exposures, then what {@link metricSums} names, metric by metric.
 */
export function compileExperiment(question: ExperimentQuestion, now: Date): syntax.Select {
  const breakdowns = question.breakdowns.map((_, i) => `breakdown_${i}`)
  const metrics = question.metrics.map((metric, i) => metricColumns(metric, i, question, now))
  const values = build.select(
    [
      field('variant'),
      ...breakdowns.map((name) => field(name)),
      ...metrics.flatMap(({ values }) => values.map(([name, expr]) => alias(name, expr))),
    ],
    { from: from(units(question, now)), where: question.exposure.activation ? compare('>', exposedAt, constant(0)) : constant(true) },
  )
  const clamped = metrics.some(({ clamps }) => clamps.length > 0) ? clamp(values, metrics) : values
  return build.select(
    [
      field('variant'),
      ...breakdowns.map((name) => field(name)),
      alias('exposures', call('count')),
      ...question.metrics.flatMap((metric, i) => metricSums(metric, i, question).map((sum, j) => alias(`sum_${i}_${j}`, sum))),
    ],
    {
      from: from(clamped),
      groupBy: { mode: 'plain', exprs: [field('variant'), ...breakdowns.map((name) => field(name))] },
      orderBy: [build.orderBy(field('variant')), ...breakdowns.map((name) => build.orderBy(field(name)))],
      limit: constant(50_000),
    },
  )
}

const from = (query: syntax.Query): syntax.From => ({ table: { kind: 'subquery', query }, joins: [] })

/** Values beyond the percentiles of all units are pulled in; the percentiles are found by a window over all of them. */
function clamp(values: syntax.Select, metrics: ReturnType<typeof metricColumns>[]): syntax.Select {
  const clamps = metrics.flatMap((metric) => metric.clamps)
  const names = values.items.map((item) => (item.kind === 'alias' ? item.name : item.kind === 'field' ? (item.chain.at(-1) ?? '') : ''))
  return build.select(
    names.map((name) => {
      const found = clamps.find((one) => one.column === name)
      return found ? alias(name, found.expr) : field(name)
    }),
    { from: from(values) },
  )
}

/** Each exposed unit: variant, instant of its exposure, breakdowns, and its events by metric. */
function units(question: ExperimentQuestion, now: Date): syntax.Select {
  const { exposure, metrics } = question
  const isExposure = exposureCondition(question)
  const scan = scanned(question, now)
  const collections = metrics.flatMap((metric, i) => metricColumns(metric, i, question, now).collected)
  const inner = build.select(
    [
      alias('variant', variantOf(question, isExposure)),
      alias('first_exposed_at', micros(call('minIf', field('timestamp'), isExposure))),
      ...question.breakdowns.map((expr, i) =>
        alias(`breakdown_${i}`, call('argMinIf', call('toString', expr), field('timestamp'), isExposure)),
      ),
      ...(exposure.activation ? [alias('activations', call('groupArrayIf', micros(field('timestamp')), exposure.activation))] : []),
      ...collections.map(([name, expr]) => alias(name, expr)),
    ],
    {
      from: { table: build.table('events'), joins: [] },
      where: build.and([
        compare('>=', field('timestamp'), instant(scan.from)),
        compare('<=', field('timestamp'), instant(scan.to)),
        ...(question.groupTypeIndex === undefined ? [] : [compare('!=', unitOf(question), constant(''))]),
        build.or([isExposure, ...(exposure.activation ? [exposure.activation] : []), ...metrics.flatMap(eventConditions)]),
      ]),
      groupBy: { mode: 'plain', exprs: [unitOf(question)] },
      having: call('greater', call('countIf', isExposure), constant(0)),
    },
  )
  return build.select([{ kind: 'columns', exclude: [] }, alias('exposed_at', exposed(question))], {
    from: from(inner),
    where: question.excludedVariants.length
      ? compare('not in', field('variant'), build.tuple(question.excludedVariants.map(constant)))
      : constant(true),
  })
}

/** Who is counted: the person, or the group of the event. */
export const unitOf = ({ groupTypeIndex }: Pick<ExperimentQuestion, 'groupTypeIndex'>): Expr =>
  groupTypeIndex === undefined ? field('person_id') : field(`$group_${groupTypeIndex}`)

/** Events that expose: the condition, within the experiment's time, with one of its variants. */
function exposureCondition({ exposure, variants, from, to, exposedUntil }: ExperimentQuestion): Expr {
  return build.and([
    exposure.condition,
    ...(exposure.realPeople ? [exposure.realPeople] : []),
    compare('>=', field('timestamp'), instant(from)),
    compare('<=', field('timestamp'), instant(to)),
    ...(exposedUntil ? [compare('<', field('timestamp'), instant(exposedUntil))] : []),
    ...(variants.length > 0 ? [compare('in', exposure.variant, build.tuple(variants.map(constant)))] : []),
  ])
}

/** A unit's variant over its exposure events. */
function variantOf({ exposure, multipleVariants: handling }: ExperimentQuestion, isExposure: Expr): Expr {
  const variant = call('ifNull', call('toString', exposure.variant), constant(''))
  if (handling === 'first_seen') return call('argMinIf', variant, field('timestamp'), isExposure)
  const [least, most] = [call('minIf', variant, isExposure), call('maxIf', variant, isExposure)]
  return call('if', call('equals', least, most), least, constant(multipleVariants))
}

/** In microseconds; 0 for a unit that was never activated. */
function exposed({ exposure }: ExperimentQuestion): Expr {
  if (!exposure.activation) return field('first_exposed_at')
  const later = call('greaterOrEquals', field('at'), field('first_exposed_at'))
  const found = call('arrayFilter', { kind: 'lambda', params: ['at'], body: later }, field('activations'))
  return call('if', call('empty', found), constant(0), call('arrayMin', found))
}

function eventConditions(metric: Metric): Expr[] {
  switch (metric.type) {
    case 'mean':
    case 'quantile':
      return [metric.source.condition]
    case 'funnel':
      return metric.steps
    case 'ratio':
      return [metric.numerator.condition, metric.denominator.condition]
    case 'retention':
      return [metric.start, metric.completion]
  }
}

/** The events that any metric could need: from CUPED's look back to the end of the longest window, never beyond now. */
function scanned({ from, to, metrics, cupedLookbackDays }: ExperimentQuestion, now: Date): { from: Date; to: Date } {
  const longest = Math.max(
    0,
    ...metrics.map((metric) => (metric.windowSeconds ?? 0) + (metric.type === 'retention' ? retentionSeconds(metric) : 0)),
  )
  return {
    from: new Date(from.getTime() - (cupedLookbackDays ?? 0) * dayMs),
    to: new Date(Math.max(to.getTime(), Math.min(now.getTime(), to.getTime() + longest * 1000))),
  }
}

/**
 * Units by variant and day of their first exposure (`days` in the project's zone), for the course of exposures. Columns: variant, day, units.
 */
export function compileExposures(question: ExperimentQuestion, now: Date): syntax.Select {
  const at = call('fromUnixTimestamp64Milli', call('intDiv', exposedAt, constant(1000)))
  return build.select([field('variant'), alias('day', call('toStartOfDay', at)), alias('units', call('count'))], {
    from: from(units({ ...question, metrics: [], breakdowns: [], cupedLookbackDays: null }, now)),
    where: compare('>', exposedAt, constant(0)),
    groupBy: { mode: 'plain', exprs: [field('variant'), field('day')] },
    orderBy: [build.orderBy(field('day')), build.orderBy(field('variant'))],
    limit: constant(50_000),
  })
}

/**
 * Every unit that the exposure event was ever sent for, by the one reason why it is not analysed. Columns: step, units, events; the
 * steps are {@link waterfallSteps}, and their counts sum to all units and all events.
 */
export function compileWaterfall(question: ExperimentQuestion): syntax.Select {
  const { exposure, variants, from: start, to, excludedVariants } = question
  const inTime = call('and', compare('>=', field('timestamp'), instant(start)), compare('<=', field('timestamp'), instant(to)))
  const inVariant = call('and', inTime, compare('in', exposure.variant, build.tuple(variants.map(constant))))
  const isExposure = exposureCondition(question)
  const activated = exposure.activation
    ? [
        alias('activations', call('groupArrayIf', micros(field('timestamp')), exposure.activation)),
        alias('first_exposed_at', micros(call('minIf', field('timestamp'), isExposure))),
      ]
    : []
  const inner = build.select(
    [
      alias('calls', call('countIf', exposure.condition)),
      alias('calls_in_time', call('countIf', call('and', exposure.condition, inTime))),
      alias('calls_in_variant', call('countIf', call('and', exposure.condition, inVariant))),
      alias('exposures', call('countIf', isExposure)),
      alias('variant', variantOf(question, isExposure)),
      ...activated,
    ],
    {
      from: { table: build.table('events'), joins: [] },
      where: build.and([
        build.or([exposure.condition, ...(exposure.activation ? [exposure.activation] : [])]),
        ...(question.groupTypeIndex === undefined ? [] : [compare('!=', unitOf(question), constant(''))]),
      ]),
      groupBy: { mode: 'plain', exprs: [unitOf(question)] },
      having: call('greater', call('countIf', exposure.condition), constant(0)),
    },
  )
  const is = (column: string): Expr => call('equals', field(column), constant(0))
  const step = call(
    'multiIf',
    ...[is('calls_in_time'), constant('outside_time'), is('calls_in_variant'), constant('not_in_a_variant')],
    ...[is('exposures'), constant('test_account')],
    ...[call('equals', field('variant'), constant(multipleVariants)), constant('several_variants')],
    ...(exposure.activation ? [call('equals', exposed(question), constant(0)), constant('not_activated')] : []),
    ...(excludedVariants.length > 0
      ? [compare('in', field('variant'), build.tuple(excludedVariants.map(constant))), constant('excluded_variant')]
      : []),
    constant('analysed'),
  )
  return build.select([alias('step', step), alias('units', call('count')), alias('events', call('sum', field('calls')))], {
    from: from(inner),
    groupBy: { mode: 'plain', exprs: [field('step')] },
    limit: constant(100),
  })
}
