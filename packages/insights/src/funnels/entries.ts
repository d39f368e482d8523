import type { syntax } from '@hedgerow/hogql'
import { at, both, choose, differs, either, equals, fn, int, int64, item, lambda, minus, named, plus } from './expressions.ts'
import { bitsOf, lowBits, type Moments, stepsIn, timeOf } from './moments.ts'

type Expr = syntax.Expr

/** Below the time of a stamp: the place among the events of one instant, so that a stamp tells events apart. */
export const stampBits = 12

/** Moments beside the ones before them; `body` sees them as `before` and `after`. */
function neighbours(name: 'arrayExists' | 'arrayMap', body: Expr, seen: Expr): Expr {
  return fn(name, lambda(['before', 'after'], body), fn('arrayPopBack', seen), fn('arrayPopFront', seen))
}

const [before, after] = [named('before'), named('after')]

/** Whether at some instant events of different kinds happened. `further` narrows that down. */
export function hasMixedInstant(moments: Moments, seen: Expr, ...further: Expr[]): Expr {
  const sameTime = equals(timeOf(moments, before), timeOf(moments, after))
  return neighbours('arrayExists', both(sameTime, differs(bitsOf(moments, before), bitsOf(moments, after)), ...further), seen)
}

/** Whether one of the two neighbours can fulfil several steps: only then does the order in which an instant's steps are tried matter. */
export const isManyfold = (moments: Moments): Expr =>
  either(fn('greater', stepsIn(moments, before), int(1)), fn('greater', stepsIn(moments, after), int(1)))

/**
 * A history as what is tried in turn: tuples of a stamp, the marks of a moment without its time, and whether they stand for the whole
 * event. Of an instant with events of different kinds, it is one step of one event after the other, in the order of the steps.
 */
export function entriesOf(moments: Moments, seen: Expr, isMixed: Expr): Expr {
  const times = fn('arrayMap', lambda(['moment'], timeOf(moments, named('moment'))), seen)
  const place = fn('modulo', named('place'), int(2 ** stampBits))
  const stamp = plus(fn('bitShiftLeft', timeOf(moments, named('moment')), int(stampBits)), place)
  const entry = fn('tuple', fn('_toInt64', stamp), fn('_toInt64', lowBits(moments, named('moment'))), int(1))
  const whole = fn('arrayMap', lambda(['moment', 'place'], entry), seen, fn('arrayEnumerateUniq', times))
  return choose(isMixed, taken(moments, whole, isMixed), whole)
}

/** The entries of actors with a mixed instant; nothing is computed for others. */
function taken(moments: Moments, whole: Expr, isMixed: Expr): Expr {
  const list = choose(isMixed, whole, fn('arraySlice', whole, int(1), int(0)))
  const timeOfEntry = (entry: Expr) => fn('bitShiftRight', item(entry, 1), int(stampBits))
  const starts = fn(
    'arrayMap',
    lambda(['entry', 'earlier'], differs(timeOfEntry(named('entry')), timeOfEntry(named('earlier')))),
    list,
    fn('arrayConcat', fn('arraySlice', list, int(1), int(1)), fn('arrayPopBack', list)),
  )
  const instants = fn('arraySplit', lambda(['entry', 'starts'], named('starts')), list, starts)
  const instant = named('instant')
  const kind = (entry: Expr) => fn('bitShiftRight', item(entry, 2), int(moments.guards.length))
  const isOneKind = equals(kind(at(instant, int(1))), kind(at(instant, int(-1))))
  const each = fn('arrayMap', lambda(['instant'], choose(isOneKind, instant, byStep(moments, instant))), instants)
  return fn('arrayFlatten', each)
}

function byStep(moments: Moments, instant: Expr): Expr {
  const guards = moments.guards.length
  const [entry, step] = [named('entry'), named('step')]
  const isIt = fn('bitTest', item(entry, 2), step)
  const only = plus(fn('bitAnd', item(entry, 2), int(2 ** guards - 1)), fn('bitShiftLeft', int64(1), step))
  const part = fn('tuple', item(entry, 1), fn('_toInt64', only), int(0))
  const parts = fn('arrayMap', lambda(['entry'], part), fn('arrayFilter', lambda(['entry'], isIt), instant))
  return fn('arrayFlatten', fn('arrayMap', lambda(['step'], parts), fn('range', int(guards), int(guards + moments.steps))))
}

/** The time from one to the other is within the window, its end included. */
export const isWithin = (from: Expr, to: Expr, windowSeconds: number): Expr =>
  fn('lessOrEquals', minus(to, from), int(windowSeconds * 1_000_000))
