import { build, type syntax } from '@hedgerow/hogql'
import { entriesOf, entryKind, hasMixedInstant, isWithin, stampBits } from './entries.ts'
import {
  at,
  both,
  choose,
  differs,
  either,
  equals,
  fn,
  int,
  int64,
  isSome,
  item,
  lambda,
  minus,
  named,
  no,
  numbersTo,
  plus,
  selectFrom,
} from './expressions.ts'
import type { Histories } from './histories.ts'
import type { Moments } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/** The walk of an ordered or strict funnel, event by event, with everything that a funnel can ask for. */
export function foldOrdered(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  const { moments } = histories
  const isMixed = hasMixedInstant(moments, named('seen'))
  const marked = selectFrom(histories.query, [...items, named('seen'), build.alias('is_mixed', isMixed)])
  const folded = selectFrom(marked, [...items, build.alias('state', foldOf(question, moments, named('seen'), named('is_mixed')))])
  const best = bestOf(named('state'))
  return selectFrom(folded, [...items, build.alias('reached', best.reached), build.alias('times', best.times)], {
    where: both(isSome(named('reached')), no(best.isExcluded)),
  })
}

/**
 * Places in the state of the fold. Of the chain that ends at each step: when it started (0 where there is none), whether an exclusion spoilt it, and
 * its stamps, a row of as many as there are steps (0 for a step that is not in it). Then the best chain so far.
 */
const place = { starts: 1, spoilt: 2, stamps: 3, bestDepth: 4, bestSpoilt: 5, bestStamps: 6 }

/** What a fold has found; nothing is reached where it went through no entries. */
export function bestOf(state: Expr): { reached: Expr; times: Expr; isExcluded: Expr } {
  const stamps = item(state, place.bestStamps)
  const bit = fn('bitShiftLeft', fn('_toInt64', isSome(named('stamp'))), minus(named('place'), int(1)))
  const bits = fn('arrayMap', lambda(['stamp', 'place'], bit), stamps, fn('arrayEnumerate', stamps))
  const done = fn('arrayFilter', lambda(['stamp'], isSome(named('stamp'))), stamps)
  return {
    reached: fn('_toInt64', fn('arraySum', bits)),
    times: fn('arrayMap', lambda(['stamp'], fn('bitShiftRight', named('stamp'), int(stampBits))), done),
    isExcluded: isSome(item(state, place.bestSpoilt)),
  }
}

const zeros = (count: number): Expr => fn('array', ...numbersTo(count).map(() => int64(0)))

/** An `arrayFold` over the entries of a history; its result is read by {@link bestOf}. */
export function foldOf(question: FunnelQuestion, moments: Moments, seen: Expr, isMixed: Expr): Expr {
  const count = question.steps.length
  const initial = fn('tuple', zeros(count), zeros(count), zeros(count * count), int64(0), int64(0), zeros(count))
  const entries = entriesOf(question, moments, seen, isMixed)
  return fn('arrayFold', lambda(['state', 'entry'], stateAfter(question, moments)), entries, initial)
}

/** The list with another item at a place, where the condition holds. */
const replaced = (list: Expr, at: Expr, condition: Expr, other: Expr): Expr =>
  fn(
    'arrayMap',
    lambda(['own', 'place'], choose(both(condition, equals(named('place'), at)), other, named('own'))),
    list,
    fn('arrayEnumerate', list),
  )

/** The state after an entry, which is about one step: the same expression for as many steps as there are. */
function stateAfter(question: FunnelQuestion, moments: Moments): Expr {
  const { windowSeconds, order, exclusions } = question
  const count = question.steps.length
  const state = (of: number) => item(named('state'), of)
  const stamp = item(named('entry'), 1)
  const now = fn('bitShiftRight', stamp, int(stampBits))
  const step = fn('bitAnd', item(named('entry'), 2), int(entryKind.fulfilsOnce - 1))
  const isKind = (kind: number) => equals(fn('bitAnd', item(named('entry'), 2), int(-entryKind.fulfilsOnce)), int(kind))
  const previous = previousOf(question, state(place.starts), step, now)
  const isFirst = equals(step, int(1))
  const start = choose(isFirst, now, at(state(place.starts), previous))
  const own = at(state(place.starts), step)
  const canExtend = both(isSome(start), isWithin(start, now, windowSeconds), differs(own, start))
  const wasSpoilt = exclusions.length === 0 ? int(0) : both(no(isFirst), isSome(at(state(place.spoilt), previous)))

  const breaks = exclusions.length === 0 ? int(0) : both(isKind(entryKind.breaks), canExtend, no(wasSpoilt))
  const bestStart = fn('bitShiftRight', at(state(place.bestStamps), int(1)), int(stampBits))
  const breaksBest = both(breaks, equals(state(place.bestDepth), previous), isWithin(bestStart, now, windowSeconds))

  const row = fn('arraySlice', state(place.stamps), plus(fn('multiply', minus(previous, int(1)), int(count)), int(1)), int(count))
  const before = choose(isFirst, zeros(count), row)
  const isUnused = either(isKind(entryKind.fulfils), both(isKind(entryKind.fulfilsOnce), no(fn('has', before, stamp))))
  const matches = both(isUnused, canExtend)
  const extended = both(matches, no(wasSpoilt))
  const improves = both(
    matches,
    either(fn('greater', step, state(place.bestDepth)), both(equals(step, state(place.bestDepth)), isSome(state(place.bestSpoilt)))),
  )
  const longer = replaced(before, step, int(1), stamp)
  const stamps = fn(
    'arrayConcat',
    fn('arraySlice', state(place.stamps), int(1), fn('multiply', minus(step, int(1)), int(count))),
    longer,
    fn('arraySlice', state(place.stamps), plus(fn('multiply', step, int(count)), int(1))),
  )
  const starts = replaced(state(place.starts), step, extended, start)
  const spoilt = replaced(replaced(state(place.spoilt), previous, breaks, int64(1)), step, extended, int64(0))
  return fn(
    'tuple',
    order === 'strict' ? choose(isKind(entryKind.clears), cleared(state(place.starts), moments), starts) : starts,
    exclusions.length === 0 ? state(place.spoilt) : spoilt,
    choose(extended, stamps, state(place.stamps)),
    choose(improves, fn('_toInt64', step), state(place.bestDepth)),
    choose(improves, fn('_toInt64', wasSpoilt), choose(breaksBest, int64(1), state(place.bestSpoilt))),
    choose(improves, longer, state(place.bestStamps)),
  )
}

/** The chains of a strict funnel after an event: those at steps that it is. */
function cleared(starts: Expr, { guards }: Moments): Expr {
  const isStep = fn('bitTest', item(named('entry'), 3), plus(named('place'), int(guards.length - 1)))
  return fn('arrayMap', lambda(['own', 'place'], choose(isStep, named('own'), int64(0))), starts, fn('arrayEnumerate', starts))
}

/** The step whose chain is extended: the one before or, past optional ones without an open chain, one further back. */
function previousOf({ steps, windowSeconds }: FunnelQuestion, starts: Expr, step: Expr, now: Expr): Expr {
  const before = minus(step, int(1))
  if (!steps.some(({ optional }) => optional)) return before
  const required = numbersTo(steps.length).map((each) =>
    Math.max(1, numbersTo(each - 1).findLast((other) => !steps[other - 1]?.optional) ?? 1),
  )
  const last = at(fn('array', ...required.map(int)), step)
  const isOpen = both(isSome(named('own')), isWithin(named('own'), now, windowSeconds))
  const found = fn('arrayLastIndex', lambda(['own'], isOpen), fn('arraySlice', starts, last, minus(step, last)))
  return minus(plus(last, fn('greatest', found, int(1))), int(1))
}
