import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { bucketNumber } from '../dates/buckets.ts'
import { within } from '../dates/date-range.ts'
import { type Interval, step } from '../dates/interval.ts'
import { firstEvents } from './first-time.ts'
import { breakdownValues, eventsOf, type Line } from './lines.ts'
import type { SeriesMath } from './math.ts'
import { actorConditions, conditionsOf, type TrendsQuestion } from './resolve.ts'
import { statisticOf } from './statistics.ts'

/** What the arms of one query share. */
export interface Plan {
  question: TrendsQuestion
  context: InsightContext
  /** Rows say which line they are of. */
  saysLine: boolean
}

const { alias, and, call, constant, field, select } = build

/** Maths that are one aggregate over the events themselves. */
export type PlainMath = Extract<SeriesMath, { kind: 'count' | 'unique' | 'sessions' | 'property' }>
export type PlainLine = Line & { series: { math: PlainMath } }

/** Whether a line's number is one aggregate over its events, so that it can share their scan with others. */
export function isPlain(line: Line, { display, breakdown }: TrendsQuestion): line is PlainLine {
  const { kind } = line.series.math
  if (breakdown?.dimensions.some(({ bins }) => bins)) return false
  if (kind === 'unique') return !(display.isCumulative && line.buckets)
  return kind === 'count' || kind === 'sessions' || kind === 'property'
}

/** Rows of one line: `line` where the plan says so, the breakdown's values, `bucket` where there are any, and `count`. */
export function armOf(plan: Plan, line: Line): syntax.Select {
  const { math } = line.series
  switch (math.kind) {
    case 'count':
    case 'sessions':
    case 'property':
      return overEvents(plan, line, plainCount(math, plan))
    case 'unique':
      if (plan.question.display.isCumulative && line.buckets) return firstBuckets(plan, line, math.actor.id)
      return overEvents(plan, line, plainCount(math, plan))
    case 'expression':
      return overEvents(plan, line, call('ifNull', call('toFloat', math.value), constant(0)))
    case 'active':
      return line.buckets ? activeByBucket(plan, line, math) : overEvents(plan, line, scaled(call('uniqExact', math.actor.id), plan))
    case 'first':
      return firstTimes(plan, line, math)
    case 'session-property':
      return overParts(plan, line, field('$session_id'), call('any', math.value), (part) => statisticOf(math.statistic, part))
    case 'per-actor':
      return overParts(plan, line, math.actor.id, call('count'), (part) => statisticOf(math.statistic, part))
  }
}

/** The number of a plain line; of the rows alone where `condition` holds, if given. */
export function plainCount(math: PlainMath, plan: Plan, condition?: syntax.Expr): syntax.Expr {
  const given = condition ? [condition] : []
  const suffix = condition ? 'If' : ''
  switch (math.kind) {
    case 'count':
      return scaled(call(`count${suffix}`, ...given), plan)
    case 'unique':
      return scaled(call(`uniqExact${suffix}`, math.actor.id, ...given), plan)
    case 'sessions':
      return scaled(call(`uniqExact${suffix}`, field('$session_id'), ...given), plan)
    case 'property': {
      const value = statisticOf(math.statistic, math.value, condition)
      return math.statistic === 'sum' ? scaled(value, plan) : value
    }
  }
}

/** Counts of a sample, as if of all. */
function scaled(count: syntax.Expr, { question }: Plan): syntax.Expr {
  return question.samplingFactor === 1 ? count : build.arithmetic('*', count, constant(1 / question.samplingFactor))
}

const events: syntax.From = { table: build.table('events'), joins: [] }
const from = (query: syntax.Query): syntax.From => ({ table: { kind: 'subquery', query }, joins: [] })
const grouped = (names: string[]): Pick<syntax.Select, 'groupBy'> =>
  names.length ? { groupBy: build.groupBy(...names.map((name) => field(name))) } : {}

/** The columns that the rows of a line are grouped by. */
function keysOf({ question, context }: Plan, line: Line): { values: syntax.Expr[]; bucket: syntax.Expr[]; where: syntax.Expr[] } {
  const { values, events: where } = breakdownValues(question.breakdown, line, context)
  return {
    values: values.map((value, i) => alias(`breakdown_${i}`, value)),
    bucket: line.buckets ? [alias('bucket', line.buckets.key(field('timestamp')))] : [],
    where,
  }
}

const names = (items: syntax.Expr[]): string[] => items.map((item) => (item.kind === 'alias' ? item.name : ''))

/** The items of an arm in their order, the same in all. */
function items({ saysLine }: Plan, line: Line, keys: syntax.Expr[], count: syntax.Expr): syntax.Expr[] {
  // why: the arms of a union need one type of number.
  const number = saysLine ? call('toFloat64', count) : count
  return [...(saysLine ? [alias('line', constant(line.number))] : []), ...keys, alias('count', number)]
}

function overEvents(plan: Plan, line: Line, count: syntax.Expr): syntax.Select {
  const { values, bucket, where } = keysOf(plan, line)
  const keys = [...values, ...bucket]
  return select(items(plan, line, keys, count), {
    from: events,
    where: and([...lineEvents(plan, line), ...where]),
    ...grouped(names(keys)),
    ...(plan.saysLine || plan.question.breakdown || !bucket.length ? {} : { orderBy: [build.orderBy(field('bucket'))] }),
  })
}

function lineEvents(plan: Plan, line: Line): syntax.Expr[] {
  const { math } = line.series
  return math.kind === 'active' ? activeEvents(plan.question, line, math.days, plan.context) : eventsOf(plan.question, line)
}

/** First each part of a bucket (a session, an actor) by itself, then all of them. */
function overParts(
  plan: Plan,
  line: Line,
  part: syntax.Expr,
  ofPart: syntax.Expr,
  ofAll: (parts: syntax.Expr) => syntax.Expr,
): syntax.Select {
  const { values, bucket, where } = keysOf(plan, line)
  const keys = [...values, ...bucket]
  const parts = select([...keys, alias('part', part), alias('part_value', ofPart)], {
    from: events,
    where: and([...eventsOf(plan.question, line), ...where]),
    ...grouped([...names(keys), 'part']),
  })
  return outer(plan, line, parts, names(keys), ofAll(field('part_value')))
}

function outer(plan: Plan, line: Line, inner: syntax.Query, keys: string[], count: syntax.Expr): syntax.Select {
  const shown = keys.map((name) => field(name))
  return select(items(plan, line, shown, count), { from: from(inner), ...grouped(keys) })
}

/** Each actor in its first bucket of the range alone, to be added up from there on. */
function firstBuckets(plan: Plan, line: Line, actor: syntax.Expr): syntax.Select {
  const { values, bucket, where } = keysOf(plan, line)
  const [key] = bucket
  if (key?.kind !== 'alias') throw new Error('a cumulative line has buckets')
  const firsts = select([...values, alias('actor', actor), alias('bucket', call('min', key.expr))], {
    from: events,
    where: and([...eventsOf(plan.question, line), ...where]),
    ...grouped([...names(values), 'actor']),
  })
  return outer(plan, line, firsts, [...names(values), 'bucket'], scaled(call('count'), plan))
}

function firstTimes(plan: Plan, line: Line, math: Extract<SeriesMath, { kind: 'first' }>): syntax.Select {
  const { values } = keysOf(plan, line)
  const firsts = firstEvents(plan.question, line, math, plan.context)
  const bucket = line.buckets ? [alias('bucket', line.buckets.key(field('first_at')))] : []
  const shown = [...names(values).map((name) => field(name)), ...bucket]
  return select(items(plan, line, shown, scaled(call('count'), plan)), {
    from: from(firsts),
    ...grouped([...names(values), ...names(bucket)]),
  })
}

// ── active actors ──────────────────────────────────────────────────────────────────────────────────────────────────────

const perDay: Partial<Record<Interval, number>> = { second: 86_400, minute: 1440, hour: 24 }

/** How far back a window reaches, in its own steps: hours by the hour, days from days on. */
export function windowOf(interval: Interval, days: number): { unit: Interval; length: number } {
  const short = perDay[interval]
  return short === undefined ? { unit: 'day', length: days } : { unit: interval, length: days * short }
}

/** The events that the windows of all buckets reach; of one number over the range, those of the last days of it. */
function activeEvents(question: TrendsQuestion, line: Pick<Line, 'series' | 'period'>, days: number, context: InsightContext) {
  const { range, starts } = line.period
  const [first] = starts
  const { unit, length } = windowOf(question.interval, days)
  const lower = first ? step(unit, first, 1 - length, context) : step('day', range.until.at, -days, context)
  return [within({ ...range, lower }), ...conditionsOf(question, line.series), ...actorConditions(line.series)]
}

/**
 * How many actors' windows reach a bucket: each actor's windows, joined where they overlap, begin once and end once; the sum of beginnings less
 * ends is how many are open. So the work grows with the days on which actors were active, and not with the window.
 * Numbers of buckets; of those without a row the one before holds. With a breakdown: the changes alone.
 */
function activeByBucket(plan: Plan, line: Line, { days, actor }: Extract<SeriesMath, { kind: 'active' }>): syntax.Select {
  const { question, context } = plan
  const { values, where } = keysOf(plan, line)
  const { unit, length } = windowOf(question.interval, days)
  const origin = step(unit, line.period.starts[0] ?? line.period.range.from, 1 - length, context)
  const keys = names(values)
  const shown = keys.map((name) => field(name))
  const steps = call('arraySort', call('groupUniqArray', bucketNumber(unit, origin, field('timestamp'), context.timezone)))
  const actors = select([...values, alias('actor', actor.id), alias('steps', steps)], {
    from: events,
    where: and([...activeEvents(question, line, days, context), ...where]),
    ...grouped([...keys, 'actor']),
  })
  const begin = build.lambda(['at'], call('greatest', constant(0), build.arithmetic('-', field('at'), constant(length - 1))))
  const begins = select([...shown, field('steps'), alias('begins', call('arrayMap', begin, field('steps')))], { from: from(actors) })
  const next = call('arrayPushBack', call('arrayPopFront', field('begins')), constant(never))
  const end = build.lambda(['at', 'following'], call('least', build.arithmetic('+', field('at'), constant(1)), field('following')))
  const spans = select([...shown, field('begins'), alias('ends', call('arrayMap', end, field('steps'), next))], { from: from(begins) })
  const each = (of: string, change: number) => call('arrayMap', build.lambda(['at'], constant(change)), field(of))
  // why: a week's bucket shows the window that ends with its first day.
  const place = question.interval === 'week' ? call('intDiv', build.arithmetic('+', field('at'), constant(6)), constant(7)) : field('at')
  const changes = select([...shown, alias('bucket', place), alias('difference', call('sum', field('change')))], {
    from: from(spans),
    arrayJoin: {
      left: false,
      items: [
        alias('at', call('arrayConcat', field('begins'), field('ends'))),
        alias('change', call('arrayConcat', each('begins', 1), each('ends', -1))),
      ],
    },
    ...grouped([...keys, 'bucket']),
  })
  const running: syntax.Call = {
    ...call('sum', field('difference')),
    over: { partitionBy: [], orderBy: [build.orderBy(field('bucket'))] },
  }
  const count = scaled(question.breakdown ? field('difference') : running, plan)
  return select(items(plan, line, [...shown, field('bucket')], count), { from: from(changes) })
}

/** Beyond every bucket. */
const never = 1_000_000_000
