import type { syntax } from '@hedgerow/hogql'
import { at, both, choose, differs, either, equals, fn, int, item, lambda, minus, named, no, numbersTo, plus } from './expressions.ts'
import { bitsOf, lowBits, type Moments, stepsIn, timeOf } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/** Below the time of a stamp: the place among the events of one instant, so that a stamp tells events apart. */
export const stampBits = 12

const [before, after] = [named('before'), named('after')]

/** Whether at some instant events of different kinds happened. `further` narrows that down. */
export function hasMixedInstant(moments: Moments, seen: Expr, ...further: Expr[]): Expr {
  const sameTime = equals(timeOf(moments, before), timeOf(moments, after))
  const isMixed = both(sameTime, differs(bitsOf(moments, before), bitsOf(moments, after)), ...further)
  return fn('arrayExists', lambda(['before', 'after'], isMixed), fn('arrayPopBack', seen), fn('arrayPopFront', seen))
}

/** Whether one of the two neighbours can fulfil several steps: only then does the order in which an instant's steps are tried matter. */
export const isManyfold = (moments: Moments): Expr =>
  either(fn('greater', stepsIn(moments, before), int(1)), fn('greater', stepsIn(moments, after), int(1)))

/**
 * What an entry asks for, in one number with the step: the event may fulfil the step; the same, unless the event is in the chain already;
 * it breaks the way to the step. `clears` stands alone: chains at steps that the event is not are over.
 */
export const entryKind = { fulfils: 0, fulfilsOnce: 64, breaks: 128, clears: 256 }

/**
 * A history as what is tried in turn: tuples of a stamp, a kind with its step, and the event's marks. An event first breaks ways, then fulfils
 * steps, the last before the first. Of an instant with events of different kinds, it is the steps in their order, each for one event after the
 * other, and nothing else.
 */
export function entriesOf(question: FunnelQuestion, moments: Moments, seen: Expr, isMixed: Expr): Expr {
  const place = fn('modulo', named('place'), int(2 ** stampBits))
  const stamp = plus(fn('bitShiftLeft', timeOf(moments, named('moment')), int(stampBits)), place)
  const event = fn('tuple', fn('_toInt64', stamp), fn('_toInt64', lowBits(moments, named('moment'))))
  const times = fn('arrayMap', lambda(['moment'], timeOf(moments, named('moment'))), seen)
  const events = fn('arrayMap', lambda(['moment', 'place'], event), seen, fn('arrayEnumerateUniq', times))
  const whole = fn('arrayMap', lambda(['event'], entriesOfEvent(question, moments)), events)
  return fn('arrayFlatten', choose(isMixed, entriesOfInstants(question, moments, events, isMixed), whole))
}

const event = named('event')
const entry = (kind: Expr): Expr => fn('tuple', item(event, 1), fn('_toInt64', kind), item(event, 2))
const listed = (numbers: number[], condition: Expr): Expr =>
  fn('arrayFilter', lambda(['step'], condition), fn('array', ...numbers.map(int)))

function entriesOfEvent({ order, exclusions }: FunnelQuestion, moments: Moments): Expr {
  const all = numbersTo(moments.steps)
  const isBroken = fn('bitTest', item(event, 2), plus(named('step'), int(moments.guards.length + moments.steps - 2)))
  const broken = exclusions.length > 0 && all.length > 1 ? listed(all.slice(1), isBroken) : undefined
  const kinds = [
    ...(broken ? [fn('arrayMap', lambda(['step'], plus(named('step'), int(entryKind.breaks))), broken)] : []),
    listed(all.toReversed(), fulfilsOf(moments, item(event, 2), named('step'))),
    ...(order === 'strict' ? [fn('array', int(entryKind.clears))] : []),
  ]
  const list = kinds.length === 1 ? (kinds[0] ?? int(0)) : fn('arrayConcat', ...kinds)
  return fn('arrayMap', lambda(['kind'], entry(named('kind'))), list)
}

/** The same, instant by instant, for actors with a mixed one; nothing is computed for others. */
function entriesOfInstants(question: FunnelQuestion, moments: Moments, events: Expr, isMixed: Expr): Expr {
  const list = choose(isMixed, events, fn('arraySlice', events, int(1), int(0)))
  const timeIn = (of: Expr) => fn('bitShiftRight', item(of, 1), int(stampBits))
  const earlier = fn('arrayConcat', fn('arraySlice', list, int(1), int(1)), fn('arrayPopBack', list))
  const isStart = lambda(['event', 'earlier'], differs(timeIn(event), timeIn(named('earlier'))))
  const instants = fn('arraySplit', isStart, list, earlier)
  const kind = (of: Expr) => fn('bitShiftRight', item(of, 2), int(moments.guards.length))
  const instant = named('instant')
  const isOneKind = equals(kind(at(instant, int(1))), kind(at(instant, int(-1))))
  const whole = fn('arrayFlatten', fn('arrayMap', lambda(['event'], entriesOfEvent(question, moments)), instant))
  const fitting = fn('arrayFilter', lambda(['event'], fulfilsOf(moments, item(event, 2), named('step'))), instant)
  const parts = fn('arrayMap', lambda(['event'], entry(plus(named('step'), int(entryKind.fulfilsOnce)))), fitting)
  const byStep = fn('arrayFlatten', fn('arrayMap', lambda(['step'], parts), fn('array', ...numbersTo(moments.steps).map(int))))
  return fn('arrayMap', lambda(['instant'], choose(isOneKind, whole, byStep)), instants)
}

/** Whether marks allow the event to fulfil a step, of which only the engine knows the number. */
function fulfilsOf({ guards }: Moments, marks: Expr, step: Expr): Expr {
  const isStep = fn('bitTest', marks, plus(step, int(guards.length - 1)))
  return both(isStep, ...guards.map((guard, i) => either(differs(step, int(guard.step)), no(fn('bitTest', marks, int(i))))))
}

/** The time from one to the other is within the window, its end included. */
export const isWithin = (from: Expr, to: Expr, windowSeconds: number): Expr =>
  fn('lessOrEquals', minus(to, from), int(windowSeconds * 1_000_000))
