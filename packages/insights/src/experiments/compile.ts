import { build, type syntax } from '@hedgerow/hogql'
import { instant } from '../dates/date-range.ts'
import { unionAll } from '../question/union.ts'
import { clampBounds, clampedSums, clampedValues, isClamped, metricSums, metricValues } from './metric-columns.ts'
import { exposedAt, retentionScanSeconds } from './per-unit.ts'
import type { ExperimentQuestion } from './question.ts'
import { createStreams, eventAt, micros, type Named, type Streams } from './streams.ts'

const { alias, call, compare, constant, field } = build
type Expr = syntax.Expr

/** Seen with several variants. */
const multipleVariants = '$multiple'
const dayMs = 86_400_000

/**
 * All metrics of an experiment in one scan of the events, in three steps: each unit's exposure and events; each unit's values; sums over the units of each
 * variant. Columns: variant, one for each breakdown, the day of the exposure if `byDay`, exposures, then what {@link metricSums} names, metric by metric.
 */
export function compileExperiment(question: ExperimentQuestion, now: Date, { byDay = false } = {}): syntax.Select {
  const streams = createStreams()
  const values = eachOnce(question.metrics.flatMap((metric, i) => metricValues(streams, metric, i, question, now)))
  const keys = ['variant', ...question.breakdowns.map((_, i) => `breakdown_${i}`), ...(byDay ? ['day'] : [])]
  const units = build.select(
    [...keys.map((name) => (name === 'day' ? alias(name, exposureDay) : field(name))), ...values.map(([name, expr]) => alias(name, expr))],
    { from: from(exposedUnits(question, streams, now)), where: isExposed(question) },
  )
  const sums = question.metrics.map((metric, i) => metricSums(metric, i, question))
  const byVariant = build.select(
    [...keys.map((name) => field(name)), alias('exposures', call('count')), ...sums.flat().map(([name, expr]) => alias(name, expr))],
    { from: from(units), groupBy: { mode: 'plain', exprs: keys.map((name) => field(name)) }, limit: constant(mostRows) },
  )
  const rows = question.metrics.some(isClamped) ? clamped(byVariant, keys, sums, question) : byVariant
  return { ...rows, orderBy: keys.map((name) => build.orderBy(field(name))), limit: constant(mostRows) }
}

/** What several metrics ask for is computed for the first of them. */
function eachOnce(columns: Named[]): Named[] {
  const names = new Map<string, string>()
  return columns.map(([name, expr]) => {
    const key = JSON.stringify(expr)
    const known = names.get(key)
    if (known === undefined) names.set(key, name)
    return [name, known === undefined ? expr : field(known)]
  })
}

export const from = (query: syntax.Query): syntax.From => ({ table: { kind: 'subquery', query }, joins: [] })
/** limit: variants, by breakdown values and days. */
const mostRows = 50_000

/** Values beyond the percentiles of all units are pulled in, once each variant's values stand in one row. */
function clamped(byVariant: syntax.Select, keys: string[], sums: Named[][], question: ExperimentQuestion): syntax.Select {
  const own = question.metrics.map((metric, i) => (isClamped(metric) ? { metric, i } : undefined)).filter((one) => one !== undefined)
  const every: syntax.Select['items'] = [{ kind: 'columns', exclude: [] }]
  const added = (names: Named[]) => [...every, ...names.map(([name, expr]) => alias(name, expr))]
  const bounded = build.select(added(own.flatMap(({ metric, i }) => clampBounds(metric, i))), { from: from(byVariant) })
  const pulled = build.select(added(own.map(({ metric, i }) => clampedValues(metric, i))), { from: from(bounded) })
  const shown = question.metrics.flatMap((metric, i) =>
    isClamped(metric)
      ? clampedSums(metric, i, question).map(([name, expr]) => alias(name, expr))
      : (sums[i] ?? []).map(([name]) => field(name)),
  )
  return build.select([...keys.map((name) => field(name)), field('exposures'), ...shown], { from: from(pulled) })
}

/** Start of the day of a unit's exposure, in the project's zone. */
const exposureDay = call('toStartOfDay', call('fromUnixTimestamp64Milli', call('intDiv', exposedAt, constant(1000))))
export const isExposed = ({ exposure }: ExperimentQuestion): Expr =>
  exposure.activation ? call('greater', exposedAt, constant(0)) : constant(true)

/** Each exposed unit: variant, instant of its exposure, breakdowns, and its events in streams; `named`: and which unit it is. */
export function exposedUnits(question: ExperimentQuestion, streams: Streams, now: Date, { named = false } = {}): syntax.Select {
  const { exposure } = question
  if (exposure.activation) streams.of(activationOf(question, exposure.activation))
  const inner = build.select(
    [
      ...(named ? [field('unit')] : []),
      alias('variant', seenVariant(question)),
      alias('first_exposed_at', firstExposedAt),
      ...question.breakdowns.map((_, i) => alias(`breakdown_${i}`, atFirst(field(`label_${i}`)))),
      ...streams.collected(),
    ],
    {
      from: from(rowsOf(question, streams, now)),
      groupBy: { mode: 'plain', exprs: [field('unit')] },
      having: call('greater', firstExposedAt, constant(0)),
    },
  )
  return build.select([{ kind: 'columns', exclude: [] }, ...streams.unpacked(), alias('exposed_at', exposed(question, streams))], {
    from: from(inner),
    where: question.excludedVariants.length
      ? compare('not in', field('variant'), build.tuple(question.excludedVariants.map(constant)))
      : constant(true),
  })
}

/** limit: variants that are kept as bits of a number. */
const mostBits = 53

/**
 * What an exposure row says of its variant; of a row that is none, nothing: 0, or an empty text.
 *
 * why: one bit for each variant, so that a unit's variants are one number, found with one function over its rows. Each function costs a look at every unit's own
 * state for every row, and the least and the greatest of places cost a fifth of the whole query more than the bits.
 */
function seenOf({ variants, exposure, multipleVariants: handling }: ExperimentQuestion): Expr {
  const text = call('ifNull', call('toString', exposure.variant), constant(''))
  if (variants.length === 0) return text
  const place = call('indexOf', names(variants), text)
  return isKeptAsBits(variants, handling) ? call('arrayElement', bitsOf(variants), place) : place
}

const isKeptAsBits = ({ length }: string[], handling: ExperimentQuestion['multipleVariants']): boolean =>
  handling === 'exclude' && length <= mostBits
const bitsOf = (variants: string[]): Expr => ({ kind: 'array', items: variants.map((_, i) => constant(2 ** i)) })

function seenVariant(question: ExperimentQuestion): Expr {
  const { variants, multipleVariants: handling } = question
  if (variants.length === 0) return variantOf(question, field('seen'), eventAt, isExposureRow)
  if (isKeptAsBits(variants, handling))
    return call('transform', call('groupBitOr', field('seen')), bitsOf(variants), names(variants), constant(multipleVariants))
  const named = (place: Expr) => call('arrayElement', names(variants), place)
  if (handling === 'first_seen') return named(call('argMinIf', field('seen'), eventAt, isExposureRow))
  const [least, most] = [call('minIf', field('seen'), isExposureRow), call('maxIf', field('seen'), isExposureRow)]
  return call('if', call('equals', least, most), named(least), constant(multipleVariants))
}

const names = (variants: string[]): Expr => ({ kind: 'array', items: variants.map(constant) })

const isExposureRow = call('equals', field('is_exposure'), constant(1))
/** 0 for a unit without any. */
const firstExposedAt = call('minIf', eventAt, isExposureRow)

/** Exposures in one arm, and what metrics need in others: an event that is both comes as two rows, each in its own role. */
function rowsOf(question: ExperimentQuestion, streams: Streams, now: Date): syntax.Query {
  const scan = scanned(question, now)
  const isOfUnit = question.groupTypeIndex === undefined ? [] : [compare('!=', unitOf(question), constant(''))]
  const labels = question.breakdowns.map((expr, i) => [`label_${i}`, call('toString', expr)] as const)
  const arm = (isExposure: boolean, columns: syntax.Expr[], where: Expr[]) =>
    build.select(
      [
        alias('unit', unitOf(question)),
        alias('at', micros(field('timestamp'))),
        alias('is_exposure', constant(isExposure ? 1 : 0)),
        alias('seen', isExposure ? seenOf(question) : constant(question.variants.length > 0 ? 0 : '')),
        ...labels.map(([name, expr]) => alias(name, isExposure ? expr : constant(null))),
        ...columns,
      ],
      { from: { table: build.table('events'), joins: [] }, where: build.and([...isOfUnit, ...where]) },
    )
  const inScan = [compare('>=', field('timestamp'), instant(scan.from)), compare('<=', field('timestamp'), instant(scan.to))]
  const others = streams.arms().map(({ condition, columns }) => arm(false, columns, [...inScan, condition]))
  return unionAll([arm(true, streams.noColumns(), [exposureCondition(question)]), ...others])
}

/** The value on the unit's first exposure, also where it is missing there: within a tuple, a null does not count as no value. */
const atFirst = (label: Expr): Expr => ({
  kind: 'tuple-access',
  base: call('argMinIf', call('tuple', label), eventAt, isExposureRow),
  index: 1,
})

/** Activation counts up to the experiment's end. */
const activationOf = ({ to }: ExperimentQuestion, activation: Expr): Expr =>
  build.and([activation, compare('<=', field('timestamp'), instant(to))])

/** Who is counted: the person, or the group of the event. */
export const unitOf = ({ groupTypeIndex }: Pick<ExperimentQuestion, 'groupTypeIndex'>): Expr =>
  groupTypeIndex === undefined ? field('person_id') : field(`$group_${groupTypeIndex}`)

/** Events that expose: the condition, within the experiment's time, with one of its variants. */
function exposureCondition({ exposure, variants, from, to }: ExperimentQuestion): Expr {
  return build.and([
    exposure.condition,
    ...(exposure.realPeople ? [exposure.realPeople] : []),
    compare('>=', field('timestamp'), instant(from)),
    compare('<=', field('timestamp'), instant(to)),
    ...(variants.length > 0 ? [compare('in', exposure.variant, build.tuple(variants.map(constant)))] : []),
  ])
}

/** A unit's variant over its exposures. */
function variantOf({ multipleVariants: handling }: ExperimentQuestion, variant: Expr, at: Expr, isExposure: Expr): Expr {
  if (handling === 'first_seen') return call('argMinIf', variant, at, isExposure)
  const [least, most] = [call('minIf', variant, isExposure), call('maxIf', variant, isExposure)]
  return call('if', call('equals', least, most), least, constant(multipleVariants))
}

/** In microseconds; 0 for a unit that was never activated. */
function exposed(question: ExperimentQuestion, streams: Streams): Expr {
  const { activation } = question.exposure
  if (!activation) return field('first_exposed_at')
  return activatedAt(streams.of(activationOf(question, activation)).times)
}

function activatedAt(activations: Expr): Expr {
  const later = call('greaterOrEquals', field('t'), field('first_exposed_at'))
  const found = call('arrayFilter', { kind: 'lambda', params: ['t'], body: later }, activations)
  return call('if', call('empty', found), constant(0), call('arrayMin', found))
}

/** The events that any metric could need: from CUPED's look back to the end of the longest window, never beyond now. */
function scanned({ from, to, metrics, cupedLookbackDays }: ExperimentQuestion, now: Date): { from: Date; to: Date } {
  const longest = Math.max(
    0,
    ...metrics.map((metric) => (metric.windowSeconds ?? 0) + (metric.type === 'retention' ? retentionScanSeconds(metric) : 0)),
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
  const bare = { ...question, metrics: [], breakdowns: [], cupedLookbackDays: null }
  return build.select([field('variant'), alias('day', exposureDay), alias('units', call('count'))], {
    from: from(exposedUnits(bare, createStreams(), now)),
    where: isExposed(question),
    groupBy: { mode: 'plain', exprs: [field('variant'), field('day')] },
    orderBy: [build.orderBy(field('day')), build.orderBy(field('variant'))],
    limit: constant(50_000),
  })
}

/**
 * Every unit that the exposure event was ever sent for, by the one reason why it is not analysed. Columns: step, units, events; the
 * steps are {@link waterfallSteps}, and their counts sum to all units and all events. Where units are groups, events without one are events of no unit.
 */
export function compileWaterfall(question: ExperimentQuestion): syntax.Select {
  const { exposure, variants, from: start, to, excludedVariants } = question
  const inTime = call('and', compare('>=', field('timestamp'), instant(start)), compare('<=', field('timestamp'), instant(to)))
  const inVariant = call('and', inTime, compare('in', exposure.variant, build.tuple(variants.map(constant))))
  const isExposure = exposureCondition(question)
  const seen = call('ifNull', call('toString', exposure.variant), constant(''))
  const activated = exposure.activation
    ? [
        alias('activations', call('groupArrayIf', micros(field('timestamp')), activationOf(question, exposure.activation))),
        alias('first_exposed_at', micros(call('minIf', field('timestamp'), isExposure))),
      ]
    : []
  const inner = build.select(
    [
      alias('calls', call('countIf', exposure.condition)),
      alias('is_without_group', question.groupTypeIndex === undefined ? constant(0) : call('equals', unitOf(question), constant(''))),
      alias('calls_before', call('countIf', call('and', exposure.condition, compare('<', field('timestamp'), instant(start))))),
      alias('calls_in_time', call('countIf', call('and', exposure.condition, inTime))),
      alias('calls_in_variant', call('countIf', call('and', exposure.condition, inVariant))),
      alias('exposures', call('countIf', isExposure)),
      alias('variant', variantOf(question, seen, field('timestamp'), isExposure)),
      ...activated,
    ],
    {
      from: { table: build.table('events'), joins: [] },
      where: build.or([exposure.condition, ...(exposure.activation ? [exposure.activation] : [])]),
      groupBy: { mode: 'plain', exprs: [unitOf(question)] },
      having: call('greater', call('countIf', exposure.condition), constant(0)),
    },
  )
  const is = (column: string): Expr => call('equals', field(column), constant(0))
  const step = call(
    'multiIf',
    ...[call('equals', field('is_without_group'), constant(1)), constant('without_group')],
    ...[call('and', is('calls_in_time'), call('greater', field('calls_before'), constant(0))), constant('before_start')],
    ...[is('calls_in_time'), constant('after_end'), is('calls_in_variant'), constant('not_in_a_variant')],
    ...[is('exposures'), constant('test_account')],
    ...[call('equals', field('variant'), constant(multipleVariants)), constant('several_variants')],
    ...(exposure.activation ? [call('equals', activatedAt(field('activations')), constant(0)), constant('not_activated')] : []),
    ...(excludedVariants.length > 0
      ? [compare('in', field('variant'), build.tuple(excludedVariants.map(constant))), constant('excluded_variant')]
      : []),
    constant('analysed'),
  )
  return build.select(
    [alias('step', step), alias('units', call('countIf', is('is_without_group'))), alias('events', call('sum', field('calls')))],
    {
      from: from(inner),
      groupBy: { mode: 'plain', exprs: [field('step')] },
      limit: constant(100),
    },
  )
}

/**
 * How many exposure events carry a user agent, and how many of these are a bot's; agents are looked at once each. Columns: with an agent, of bots.
 */
export function compileBots(question: ExperimentQuestion): syntax.Select {
  const agent = call('ifNull', call('toString', field('properties', '$raw_user_agent')), constant(''))
  const byAgent = build.select([alias('agent', agent), alias('calls', call('count'))], {
    from: { table: build.table('events'), joins: [] },
    where: build.and([exposureCondition(question), compare('!=', agent, constant(''))]),
    groupBy: { mode: 'plain', exprs: [field('agent')] },
  })
  const calls = field('calls')
  return build.select([alias('with_agent', call('sum', calls)), alias('bots', call('sumIf', calls, call('isLikelyBot', field('agent'))))], {
    from: from(byAgent),
  })
}
