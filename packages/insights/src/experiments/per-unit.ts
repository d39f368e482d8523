import { build, type syntax } from '@hedgerow/hogql'
import type { FunnelMetric, RetentionMetric, Source } from './question.ts'

const { call, constant, field } = build
type Expr = syntax.Expr

/** Microseconds since 1970: integers compare faster than date-times, and never with a null. */
export const micros = (instant: Expr): Expr => call('toUnixTimestamp64Micro', instant)
export const exposedAt = field('exposed_at')

/** A stretch of time around a unit's exposure, in microseconds: `from <= t`, and `t < until` or `t <= last`. */
export interface Stretch {
  from: Expr
  until?: Expr
  last?: Expr
}

const lambda = (param: string, body: Expr): Expr => ({ kind: 'lambda', params: [param], body })
const part = (base: Expr, index: number): Expr => ({ kind: 'tuple-access', base, index })
const all = (exprs: Expr[]): Expr => (exprs.length === 1 && exprs[0] ? exprs[0] : call('and', ...exprs))
const between = (at: Expr, { from, until, last }: Stretch): Expr =>
  all([call('greaterOrEquals', at, from), ...(until ? [call('less', at, until)] : []), ...(last ? [call('lessOrEquals', at, last)] : [])])

/** Items of a column of `(micros, …)` tuples that lie in the stretch. */
const itemsIn = (column: string, stretch: Stretch): Expr =>
  call('arrayFilter', lambda('item', between(part(field('item'), 1), stretch)), field(column))

/** How a source's events are collected for each unit: tuples of time and value, and of the session where that decides. */
export function collected({ condition, combine, value, oncePerSession }: Source): Expr {
  const time = micros(field('timestamp'))
  const items = needsValue(combine) ? [time, eventValue(combine, value)] : [time, constant(1)]
  if (oncePerSession) items.push(call('ifNull', field('$session_id'), constant('')))
  return call('groupArrayIf', call('tuple', ...items), condition)
}

const needsValue = (combine: Source['combine']): boolean => combine !== 'count' && combine !== 'any'
const eventValue = (combine: Source['combine'], value: Expr = constant(0)): Expr =>
  combine === 'distinct' ? call('ifNull', call('toString', value), constant('')) : call('ifNull', call('toFloat', value), constant(0))

/** One unit's value of a source within a stretch; 0 without events. */
export function unitValue(column: string, { combine, oncePerSession }: Source, stretch: Stretch): Expr {
  const found = itemsIn(column, stretch)
  const distinct = call(
    'arrayDistinct',
    call('arrayMap', lambda('item', call('tuple', part(field('item'), 2), part(field('item'), 3))), found),
  )
  const values = oncePerSession
    ? call('arrayMap', lambda('item', part(field('item'), 1)), distinct)
    : call('arrayMap', lambda('item', part(field('item'), 2)), found)
  const orZero = (of: Expr) => call('if', call('empty', found), constant(0), of)
  switch (combine) {
    case 'count':
      return call('length', found)
    case 'any':
      return call('toInt', call('notEmpty', found))
    case 'sum':
      return call('arraySum', values)
    case 'avg':
      return orZero(call('arrayAvg', values))
    case 'min':
      return orZero(call('arrayMin', values))
    case 'max':
      return orZero(call('arrayMax', values))
    case 'distinct':
      return call(
        'length',
        call('arrayFilter', lambda('item', call('notEquals', field('item'), constant(''))), call('arrayDistinct', values)),
      )
  }
}

/** How a funnel's events are collected: tuples of time, id and the steps that the event matches, as bits. */
export function collectedSteps({ steps }: FunnelMetric): Expr {
  const bits = steps.map((step, i): Expr => call('if', step, constant(2 ** i), constant(0)))
  const matched = bits.slice(1).reduce((sum, bit): Expr => call('plus', sum, bit), bits[0] ?? constant(0))
  return call('groupArrayIf', call('tuple', micros(field('timestamp')), field('uuid'), matched), build.or(steps))
}

/**
 * How many steps a unit reached within a stretch. Ordered: the earliest event of each step, later than that of the step before; another event at the same instant
 * counts as later. Unordered: how many distinct steps happened.
 */
export function reachedSteps(column: string, { steps, order }: FunnelMetric, stretch: Stretch): Expr {
  const found = itemsIn(column, stretch)
  const matches = (item: Expr, step: Expr | number): Expr =>
    call('bitTest', part(item, 3), typeof step === 'number' ? constant(step) : step)
  if (order === 'unordered') {
    const happened = steps.map((_, i): Expr => call('toInt', call('arrayExists', lambda('item', matches(field('item'), i)), found)))
    return happened.slice(1).reduce((sum, one): Expr => call('plus', sum, one), happened[0] ?? constant(0))
  }
  // The fold walks the events in order of time and takes each event for the next step at most once, which finds the earliest chain.
  const state = field('reached')
  const next = call(
    'if',
    call('and', call('less', state, constant(steps.length)), matches(field('item'), state)),
    call('plus', state, constant(1)),
    state,
  )
  const walk: Expr = { kind: 'lambda', params: ['reached', 'item'], body: call('_toUInt8', next) }
  return call('arrayFold', walk, call('arraySort', found), call('_toUInt8', constant(0)))
}

/** How the events of retention are collected: tuples of time and id. */
export const collectedEvents = (condition: Expr): Expr =>
  call('groupArrayIf', call('tuple', micros(field('timestamp')), field('uuid')), condition)

/** The start event that counts: `(micros, uuid)`, the first or last within the stretch. */
export function startOf(column: string, { startHandling }: RetentionMetric, stretch: Stretch): Expr {
  const sorted = call('arraySort', itemsIn(column, stretch))
  return call('arrayElement', sorted, constant(startHandling === 'first_seen' ? 1 : -1))
}

export const hasEvents = (column: string, stretch: Stretch): Expr => call('notEmpty', itemsIn(column, stretch))

const unitMicros = { second: 1e6, minute: 60e6, hour: 3600e6, day: 86_400e6, week: 7 * 86_400e6, month: 30 * 86_400e6 }

/** Whether a completion – another event than the start – lies at the wanted distance after it; days and hours are calendar ones. */
export function isRetained(column: string, start: Expr, metric: RetentionMetric): Expr {
  const item = field('item')
  const distance = distanceOf(part(start, 1), part(item, 1), metric)
  const scale = metric.unit === 'day' || metric.unit === 'hour' ? 1 : unitMicros[metric.unit]
  const isCompletion = call(
    'and',
    call('notEquals', part(item, 2), part(start, 2)),
    call('greaterOrEquals', part(item, 1), part(start, 1)),
    call('greaterOrEquals', distance, constant(metric.fromUnits * scale)),
    call('lessOrEquals', distance, constant(metric.toUnits * scale)),
  )
  return call('arrayExists', lambda('item', isCompletion), field(column))
}

function distanceOf(start: Expr, end: Expr, { unit }: RetentionMetric): Expr {
  if (unit !== 'day' && unit !== 'hour') return call('minus', end, start)
  const instant = (at: Expr) => call('fromUnixTimestamp64Milli', call('intDiv', at, constant(1000)))
  return call('dateDiff', constant(unit), instant(start), instant(end))
}

/** The longest that a completion can lie after its start, seconds. */
export const retentionSeconds = ({ unit, toUnits }: RetentionMetric): number => ((toUnits + 1) * unitMicros[unit]) / 1e6
