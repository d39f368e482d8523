import { build, type syntax } from '@hedgerow/hogql'
import type { EventsOf, FunnelMetric, RetentionMetric, Source } from './question.ts'
import type { Named, Streams } from './streams.ts'

const { call, constant, field } = build
type Expr = syntax.Expr

export const exposedAt = field('exposed_at')

/** A stretch of time around a unit's exposure, in microseconds: `from <= t`, and `t < until` or `t <= last`. */
export interface Stretch {
  from: Expr
  until?: Expr
  last?: Expr
}

const lambda = (params: string[], body: Expr): Expr => ({ kind: 'lambda', params, body })
const all = (exprs: Expr[]): Expr => (exprs.length === 1 && exprs[0] ? exprs[0] : call('and', ...exprs))
const ends = (at: Expr, { until, last }: Stretch): Expr[] => [
  ...(until ? [call('less', at, until)] : []),
  ...(last ? [call('lessOrEquals', at, last)] : []),
]
const within = (at: Expr, stretch: Stretch): Expr => all([call('greaterOrEquals', at, stretch.from), ...ends(at, stretch)])
const [t, v] = [field('t'), field('v')]
const plus = (exprs: Expr[]): Expr => exprs.slice(1).reduce((sum, one): Expr => call('plus', sum, one), exprs[0] ?? constant(0))

/** One unit's value of a source within a stretch; 0 without events. */
export function unitValue(streams: Streams, source: Source, stretch: Stretch): Expr {
  const { times, values } = streams.of(source.condition)
  const inStretch = within(t, stretch)
  switch (source.combine) {
    case 'count':
      return call('arrayCount', lambda(['t'], inStretch), times)
    case 'any':
      return bit(call('arrayExists', lambda(['t'], inStretch), times))
    case 'distinct': {
      // Compared by their hashes, within one unit; 0 stands for an empty text, which does not count.
      const text = call('ifNull', call('toString', source.value ?? constant('')), constant(''))
      const hashes = values(call('if', call('equals', text, constant('')), constant(0), call('cityHash64', text)))
      return call('arrayUniq', call('arrayFilter', lambda(['v', 't'], all([call('notEquals', v, constant(0)), inStretch])), hashes, times))
    }
    case 'sum':
    case 'avg':
    case 'min':
    case 'max': {
      const numbers = values(call('ifNull', call('toFloat', source.value ?? constant(0)), constant(0)))
      if (source.combine === 'sum' && !source.oncePerSession)
        return call('arraySum', lambda(['v', 't'], call('if', inStretch, v, constant(0))), numbers, times)
      const inTime = (array: Expr) => call('arrayFilter', lambda(['v', 't'], inStretch), array, times)
      return combined(
        source.combine,
        source.oncePerSession
          ? oncePerSession(inTime(numbers), inTime(values(call('cityHash64', call('ifNull', field('$session_id'), constant(''))))))
          : inTime(numbers),
      )
    }
  }
}

function combined(combine: 'sum' | 'avg' | 'min' | 'max', values: Expr): Expr {
  const orZero = (of: Expr) => call('if', call('empty', values), constant(0), of)
  switch (combine) {
    case 'sum':
      return call('arraySum', values)
    case 'avg':
      return orZero(call('arrayAvg', values))
    case 'min':
      return orZero(call('arrayMin', values))
    case 'max':
      return orZero(call('arrayMax', values))
  }
}

/** The value of each session, once: those whose session has not been met before. */
const oncePerSession = (values: Expr, sessions: Expr): Expr =>
  call('arrayFilter', lambda(['v', 'nth'], call('equals', field('nth'), constant(1))), values, call('arrayEnumerateUniq', sessions))

/** Whether no event can be one of both. */
const areApart = (a: EventsOf, b: EventsOf): boolean => a.event !== undefined && b.event !== undefined && a.event !== b.event

/**
 * How many steps a unit reached within a stretch, as columns of which the last one is named `name`. Ordered: the earliest event of each step, later than
 * that of the step before, where events of different names at the same instant count as later. Unordered: how many distinct steps happened.
 */
export function reachedSteps(streams: Streams, name: string, { steps, order }: FunnelMetric, stretch: Stretch): Named[] {
  const timesOf = (step: EventsOf) => streams.of(step.condition).times
  if (order === 'unordered')
    return [[name, plus(steps.map((step) => bit(call('arrayExists', lambda(['t'], within(t, stretch)), timesOf(step)))))]]
  const reached = steps.map((step, i): Named => {
    const before = steps[i - 1]
    const previous = field(`${name}_${i - 1}`)
    const after = before
      ? [call('greater', previous, constant(0)), call(areApart(before, step) ? 'greaterOrEquals' : 'greater', t, previous)]
      : [call('greaterOrEquals', t, stretch.from)]
    return [`${name}_${i}`, firstOf(call('arrayFilter', lambda(['t'], all([...after, ...ends(t, stretch)])), timesOf(step)))]
  })
  return [...reached, [name, plus(steps.map((_, i) => bit(call('greater', field(`${name}_${i}`), constant(0)))))]]
}

// Of no times, the engine's least and greatest are 0.
const firstOf = (times: Expr): Expr => call('arrayMin', times)
const lastOf = (times: Expr): Expr => call('arrayMax', times)
/** 1 or 0: a plain number, which is summed faster than one that may be null. */
export const bit = (condition: Expr): Expr => call('if', condition, constant(1), constant(0))

/** When a unit's start event was, the first or last within the stretch; 0 without one. */
export function startOf(streams: Streams, { start, startHandling }: RetentionMetric, stretch: Stretch): Expr {
  const found = call('arrayFilter', lambda(['t'], within(t, stretch)), streams.of(start.condition).times)
  return startHandling === 'first_seen' ? firstOf(found) : lastOf(found)
}

const unitMicros = { second: 1e6, minute: 60e6, hour: 3600e6, day: 86_400e6, week: 7 * 86_400e6, month: 30 * 86_400e6 }

/**
 * Whether a completion – another event than the start, whose instant the column `start_i` holds – lies at the wanted distance after it, as columns of which the last one is
 * named `name`.
 */
export function isRetained(streams: Streams, name: string, start: Expr, metric: RetentionMetric): Named[] {
  const { times, values } = streams.of(metric.completion.condition)
  // why: the bounds are columns of their own, found for each unit; within the lambda they would be for each event.
  const bounds: Named[] = distance(start, metric).map((bound, i) => [`${name}_${i}`, bound])
  const [earliest, latest] = [field(`${name}_0`), field(`${name}_1`)]
  const atDistance = [call('greaterOrEquals', t, start), call('greaterOrEquals', t, earliest), call('lessOrEquals', t, latest)]
  const found = (test: Expr): Named[] => [...bounds, [name, test]]
  if (areApart(metric.start, metric.completion)) return found(call('arrayExists', lambda(['t'], all(atDistance)), times))
  if (areSame(metric.start, metric.completion)) {
    // The start is one of the rows at distance 0, and is not to count.
    const count = call('arrayCount', lambda(['t'], all(atDistance)), times)
    return found(bit(call('greater', count, constant(metric.fromUnits === 0 ? 1 : 0))))
  }
  const starts = streams.of(metric.start.condition)
  const id = call('cityHash64', call('toString', field('uuid')))
  const startId = call('arrayElement', starts.values(id), call('indexOf', starts.times, start))
  const isOther = call('notEquals', field('id'), startId)
  return found(call('arrayExists', lambda(['t', 'id'], all([...atDistance, isOther])), times, values(id)))
}

const areSame = (a: EventsOf, b: EventsOf): boolean => JSON.stringify(a.condition) === JSON.stringify(b.condition)

/** The earliest and the latest instant of a completion, both inclusive; days and hours are calendar ones. */
function distance(start: Expr, { unit, fromUnits, toUnits }: RetentionMetric): [Expr, Expr] {
  if (unit !== 'day' && unit !== 'hour') {
    const at = (units: number) => call('plus', start, constant(units * unitMicros[unit]))
    return [at(fromUnits), at(toUnits)]
  }
  const instant = call('fromUnixTimestamp64Milli', call('intDiv', start, constant(1000)))
  const [begin, interval] = unit === 'day' ? ['toStartOfDay', 'toIntervalDay'] : ['toStartOfHour', 'toIntervalHour']
  const at = (units: number) =>
    call('multiply', call('toUnixTimestamp', call('plus', call(begin, instant), call(interval, constant(units)))), constant(1e6))
  return [at(Math.ceil(fromUnits)), call('minus', at(Math.floor(toUnits) + 1), constant(1))]
}

/** How long after its start a completion can lie, seconds: for what must be scanned, with the rest of a calendar unit. */
export const retentionScanSeconds = ({ unit, toUnits }: RetentionMetric): number => ((toUnits + 1) * unitMicros[unit]) / 1e6

/** How long after its start a unit's window is over, seconds. */
export const retentionSeconds = ({ unit, toUnits }: RetentionMetric): number => (toUnits * unitMicros[unit]) / 1e6
