import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion } from '../context.ts'
import { bucketSet } from '../dates/bucket-set.ts'
import { bucketNumber } from '../dates/buckets.ts'
import { instant } from '../dates/date-range.ts'
import type { RetentionQuestion } from './resolve.ts'

const { alias, and, arithmetic, array, call, compare, constant, element, field, from, groupBy, lambda, or, select, table } = build

/**
 * Each actor, with a breakdown once for each of its values:
 *
 * - `actor_id`, `breakdown`
 * - `starts`: the rows it is in
 * - `returns`: the intervals, numbered like the rows, in which it came back often enough
 * - with an aggregation `start_at` and `start_sums`, `return_at` and `return_sums`: intervals, and what the property adds up to in each
 *
 * Events are read once; what is kept of them are numbers of intervals.
 */
export function actorRows(question: RetentionQuestion, context: InsightContext): syntax.Select {
  const { returning, placement, target, from: start, end, breakdown } = question
  const timestamp = field('timestamp')
  const inRange = compare('>=', timestamp, instant(start))
  const isReturn = placement === 'each' ? returning.condition : and([returning.condition, inRange])
  const placing = placement === 'first_ever' ? target.event : target.condition
  const isSame = JSON.stringify(target.condition) === JSON.stringify(isReturn)
  const where = [
    ...(placement === 'each' ? [inRange] : []),
    compare('<', timestamp, instant(end)),
    isSame ? placing : or([placing, isReturn]),
    ...question.conditions,
  ]
  const value = breakdown && breakdownValue(question, context)
  const isFollowedPerValue = value !== undefined && (breakdown?.cohorts !== undefined || placement !== 'first_ever')
  const keys = [alias('actor_id', question.actor.id), ...(value && isFollowedPerValue ? [alias('breakdown', value)] : [])]
  const first = value && !isFollowedPerValue ? [alias('breakdown', call('argMinIf', value, timestamp, placing))] : []
  const matches = (condition: syntax.Expr) => (isSame ? undefined : condition)
  const events: Columns = {
    question,
    timezone: context.timezone,
    isTarget: matches(target.condition),
    isReturn: matches(isReturn),
    inRange,
  }
  const inner = select([...keys, ...first, ...(question.windowMs === undefined ? calendarColumns(events) : windowColumns(events))], {
    from: { table: table('events'), joins: [] },
    where: and(where),
    groupBy: groupBy(field('actor_id'), ...(isFollowedPerValue ? [field('breakdown')] : [])),
  })
  const shown = [field('actor_id'), ...(value ? [field('breakdown')] : [])]
  const later = question.windowMs === undefined ? calendarIntervals(question) : windowIntervals(question)
  return later.length === 0 ? inner : select([...shown, ...later], { from: from(inner, 'actors') })
}

interface Columns {
  question: RetentionQuestion
  timezone: string
  /** Undefined where every event that is read is one. */
  isTarget: syntax.Expr | undefined
  isReturn: syntax.Expr | undefined
  inRange: syntax.Expr
}

const when = (name: string, args: syntax.Expr[], condition: syntax.Expr | undefined) =>
  condition ? call(`${name}If`, ...args, condition) : call(name, ...args)

/** When the actor's first event was that places it; in 1970 where there was none. */
function anchor({ placement, target }: RetentionQuestion, isTarget: syntax.Expr | undefined): syntax.Expr {
  const first = when('min', [field('timestamp')], isTarget)
  if (placement !== 'first_ever') return first
  const named = call('minIf', field('timestamp'), target.event)
  return call('if', call('equals', named, first), first, instant(new Date(0)))
}

// ── intervals of the calendar ───────────────────────────────────────────────────────────────────────────────────────

function calendarColumns({ question, timezone, isTarget, isReturn, inRange }: Columns): syntax.Expr[] {
  const { period, rows, from: start, placement, aggregation } = question
  const number = bucketNumber(period, start, field('timestamp'), timezone)
  const small = call('_toUInt16', number)
  const starts =
    placement === 'each'
      ? [alias('starts', bucketSet(number, rows.length, isTarget))]
      : [
          alias('anchor', anchor(question, isTarget)),
          alias('starts', only(call('greaterOrEquals', field('anchor'), instant(start)), startOf('anchor'))),
        ]
  if (isPlain(question)) return [...starts, alias('returns', bucketSet(number, rows.length, isReturn))]
  const sums = (value: syntax.Expr, condition: syntax.Expr | undefined) => when('sumMap', [array([small]), array([value])], condition)
  const targetInRange = placement === 'each' ? isTarget : and([...(isTarget ? [isTarget] : []), inRange])
  return [
    ...starts,
    alias('counted', sums(constant(1), isReturn)),
    ...(aggregation
      ? [alias('start_values', sums(aggregation.value, targetInRange)), alias('return_values', sums(aggregation.value, isReturn))]
      : []),
  ]

  function startOf(name: string): syntax.Expr {
    return call('_toUInt16', bucketNumber(period, start, field(name), timezone))
  }
}

/** Nothing is needed of an interval but whether the actor came back in it. */
const isPlain = ({ minimumOccurrences, aggregation }: RetentionQuestion) => minimumOccurrences === 1 && !aggregation

const only = (condition: syntax.Expr, item: syntax.Expr) => call('arrayFilter', lambda(['row'], condition), array([item]))

function calendarIntervals(question: RetentionQuestion): syntax.Expr[] {
  if (isPlain(question)) return []
  const [at, counts] = [element(field('counted'), 1), element(field('counted'), 2)]
  const often = call('greaterOrEquals', field('count'), constant(question.minimumOccurrences))
  const sums = (name: string) => [
    alias(`${name}_at`, element(field(`${name}_values`), 1)),
    alias(`${name}_sums`, element(field(`${name}_values`), 2)),
  ]
  return [
    field('starts'),
    alias('returns', question.minimumOccurrences === 1 ? at : call('arrayFilter', lambda(['at', 'count'], often), at, counts)),
    ...(question.aggregation ? [...sums('start'), ...sums('return')] : []),
  ]
}

// ── intervals that each actor's first event begins ──────────────────────────────────────────────────────────────────

const micros = (at: syntax.Expr) => call('toUnixTimestamp64Micro', at)

function windowColumns({ question, isTarget, isReturn, inRange }: Columns): syntax.Expr[] {
  const { aggregation, placement } = question
  const times = (condition: syntax.Expr | undefined) => {
    const time = micros(field('timestamp'))
    return when('groupArray', [aggregation ? call('tuple', time, aggregation.value) : time], condition)
  }
  const targetInRange = placement === 'each' ? isTarget : and([...(isTarget ? [isTarget] : []), inRange])
  return [
    alias('anchor', micros(anchor(question, isTarget))),
    alias('return_events', times(isReturn)),
    ...(aggregation ? [alias('start_events', times(targetInRange))] : []),
  ]
}

function windowIntervals({ windowMs = 0, from: start, aggregation, minimumOccurrences }: RetentionQuestion): syntax.Expr[] {
  const length = constant(windowMs * 1000)
  const since = (time: syntax.Expr, from: syntax.Expr) => call('intDiv', arithmetic('-', time, from), length)
  const row = call('_toUInt16', since(field('anchor'), constant(start.getTime() * 1000)))
  const isInRange = call('greaterOrEquals', field('anchor'), constant(start.getTime() * 1000))
  const timeOf = (event: syntax.Expr) => (aggregation ? element(event, 1) : event)
  const [event, interval, at] = [field('event'), field('interval'), field('at')]
  const later = (name: string) =>
    call('arrayFilter', lambda(['event'], call('greaterOrEquals', timeOf(event), field('anchor'))), field(`${name}_events`))
  const place = (of: syntax.Expr) => call('_toUInt16', arithmetic('+', field('row'), since(timeOf(of), field('anchor'))))
  const places = (name: string) => alias(`${name}_places`, call('arrayMap', lambda(['event'], place(event)), field(`${name}_later`)))
  const often = call('greaterOrEquals', call('countEqual', field('return_places'), at), constant(minimumOccurrences))
  const sum = (name: string) => {
    const ofInterval = call('if', call('equals', place(event), interval), element(event, 2), constant(0))
    return call('arraySum', call('arrayMap', lambda(['event'], ofInterval), field(`${name}_later`)))
  }
  const sums = (name: string) => [
    alias(`${name}_at`, call('arrayDistinct', field(`${name}_places`))),
    alias(`${name}_sums`, call('arrayMap', lambda(['interval'], sum(name)), field(`${name}_at`))),
  ]
  return [
    alias('row', row),
    alias('starts', only(isInRange, field('row'))),
    alias('return_later', later('return')),
    places('return'),
    alias('returns', call('arrayFilter', lambda(['at'], often), call('arrayDistinct', field('return_places')))),
    ...(aggregation ? [...sums('return'), alias('start_later', later('start')), places('start'), ...sums('start')] : []),
  ]
}

// ── breakdown ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** compat: no value is empty text, and everyone is the cohort 0. */
function breakdownValue({ breakdown }: RetentionQuestion, context: InsightContext): syntax.Expr {
  const { cohorts, dimensions = [] } = breakdown ?? {}
  if (cohorts) {
    const members = cohorts.map((id) => {
      if (id === null) return constant('0')
      const persons = context.filters.cohort?.(id)
      if (!persons) throw invalidQuestion('Cohorts cannot be broken down by here')
      return call('if', compare('in', field('person_id'), { kind: 'subquery', query: persons }), constant(String(id)), constant(''))
    })
    return call('arrayJoin', call('arrayFilter', lambda(['id'], call('notEmpty', field('id'))), array(members)))
  }
  const [dimension] = dimensions
  if (!dimension || dimensions.length > 1) throw invalidQuestion(`Retention can be broken down by one property, not ${dimensions.length}`)
  return call('ifNull', call('toString', dimension.value), constant(''))
}
