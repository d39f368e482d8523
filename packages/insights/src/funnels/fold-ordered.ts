import { build, type syntax } from '@hedgerow/hogql'
import { entriesOf, hasMixedInstant, isWithin, stampBits, timesOfStamps } from './entries.ts'
import {
  at,
  both,
  choose,
  differs,
  either,
  emptyTimes,
  equals,
  firstOf,
  fn,
  int,
  int64,
  isSome,
  item,
  lambda,
  named,
  no,
  numbersTo,
  selectFrom,
  sumOf,
} from './expressions.ts'
import type { Histories } from './histories.ts'
import { breaksWayTo, fulfils, isStep, type Moments } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/** The walk of an ordered or strict funnel, event by event, with everything that a funnel can ask for. */
export function foldOrdered(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  const { moments } = histories
  const isMixed = hasMixedInstant(moments, named('seen'))
  const entries = selectFrom(histories.query, [...items, named('seen'), build.alias('is_mixed', isMixed)])
  const listed = selectFrom(entries, [...items, build.alias('entries', entriesOf(moments, named('seen'), named('is_mixed')))])
  const folded = selectFrom(listed, [...items, build.alias('best', foldOf(question, moments, named('entries')))])
  const best = bestOf(question, named('best'))
  return selectFrom(folded, [...items, build.alias('reached', best.reached), build.alias('times', best.times)], {
    where: both(isSome(best.reached), no(best.isExcluded)),
  })
}

/** What a fold has found. */
export function bestOf(question: FunnelQuestion, state: Expr): { reached: Expr; times: Expr; isExcluded: Expr } {
  const places = placesOf(question)
  const depth = item(state, places.depth)
  const reached = places.done ? item(state, places.bestDone) : fn('minus', fn('bitShiftLeft', int64(1), depth), int(1))
  return { reached, times: timesOfStamps(item(state, places.bestChain)), isExcluded: isSome(item(state, places.bestExcluded)) }
}

/**
 * Where things stand in the state of the fold: for each step the start of the chain that ends there, its stamps, and, with optional
 * steps, which it did; then which chains are excluded, as bits; then the best chain so far.
 */
function placesOf({ steps }: FunnelQuestion) {
  const count = steps.length
  const done = steps.some((step) => step.optional)
  const after = count * (done ? 3 : 2)
  return {
    start: (step: number) => step,
    chain: (step: number) => count + step,
    ...(done ? { done: (step: number) => 2 * count + step } : {}),
    excluded: after + 1,
    depth: after + 2,
    bestChain: after + 3,
    bestExcluded: after + 4,
    bestDone: after + 5,
  }
}

/** An `arrayFold` over the entries; its result is read by {@link bestOf}. */
export function foldOf(question: FunnelQuestion, moments: Moments, entries: Expr): Expr {
  const all = numbersTo(question.steps.length)
  const places = placesOf(question)
  const initial = [
    ...all.map(() => int64(0)),
    ...all.map(() => emptyTimes),
    ...(places.done ? all.map(() => int64(0)) : []),
    int64(0),
    int64(0),
    emptyTimes,
    int64(0),
    ...(places.done ? [int64(0)] : []),
  ]
  return fn('arrayFold', lambda(['state', 'entry'], stepOf(question, moments)), entries, fn('tuple', ...initial))
}

/** The state after an entry. Every step is decided by the state before it: no event fulfils two steps of one chain. */
function stepOf(question: FunnelQuestion, moments: Moments): Expr {
  const { steps, windowSeconds, order } = question
  const all = numbersTo(steps.length)
  const places = placesOf(question)
  const state = (place: number) => item(named('state'), place)
  const [stamp, marks, isWhole] = [item(named('entry'), 1), item(named('entry'), 2), item(named('entry'), 3)]
  const now = fn('bitShiftRight', stamp, int(stampBits))
  const start = (step: number) => state(places.start(step))
  const bit = (step: number) => int64(2 ** (step - 1))
  const isOpen = (step: number) => both(isSome(start(step)), isWithin(start(step), now, windowSeconds))

  /** The chain that a step extends: of the step before it, or of an earlier one where those between are optional. */
  function previous(step: number, of: (step: number) => Expr): Expr {
    const candidates = before(step)
    const last = candidates.at(-1) ?? 1
    return firstOf(
      candidates.slice(0, -1).map((each): [Expr, Expr] => [isOpen(each), of(each)]),
      of(last),
    )
  }
  function before(step: number): number[] {
    const candidates = [step - 1]
    while (steps[(candidates.at(-1) ?? 1) - 1]?.optional) candidates.push((candidates.at(-1) ?? 1) - 1)
    return candidates
  }
  const canExtend = (step: number) =>
    step === 1 ? differs(start(1), now) : both(either(...before(step).map(isOpen)), differs(start(step), previous(step, start)))

  const broken = all.slice(1).filter((step) => question.exclusions.some(({ from, to }) => from < step && step <= to))
  const breaks = (step: number) =>
    both(breaksWayTo(moments, marks, step), canExtend(step), equals(fn('bitAnd', state(places.excluded), previous(step, bit)), int(0)))
  const excluded = broken.reduce(
    (bits, step) => fn('bitOr', bits, choose(breaks(step), previous(step, bit), int64(0))),
    state(places.excluded),
  )
  const bestStart = fn('bitShiftRight', at(state(places.bestChain), int(1)), int(stampBits))
  const breaksBest = broken.map((step) =>
    both(breaks(step), equals(state(places.depth), previous(step, int)), isWithin(bestStart, now, windowSeconds)),
  )
  const bestExcluded = either(isSome(state(places.bestExcluded)), ...breaksBest)

  const chainBefore = (step: number) => (step === 1 ? emptyTimes : previous(step, (each) => state(places.chain(each))))
  const isSpoilt = (step: number) => (step === 1 || broken.length === 0 ? int(0) : isSome(fn('bitAnd', excluded, previous(step, bit))))
  const matches = (step: number) =>
    both(fulfils(moments, marks, step), canExtend(step), ...(step === 1 ? [] : [either(isWhole, no(fn('has', chainBefore(step), stamp)))]))
  const extends_ = (step: number) => (step === 1 || broken.length === 0 ? matches(step) : both(matches(step), no(isSpoilt(step))))
  const longer = (step: number) => fn('arrayPushBack', chainBefore(step), stamp)
  const doneWith = (step: number) =>
    places.done === undefined
      ? int64(0)
      : fn('bitOr', step === 1 ? int64(0) : previous(step, (each) => state(places.done?.(each) ?? 0)), bit(step))
  const improves = (step: number) =>
    both(matches(step), either(fn('greater', int(step), state(places.depth)), both(equals(state(places.depth), int(step)), bestExcluded)))
  const best = (of: (step: number) => Expr, otherwise: Expr) =>
    firstOf(
      all.toReversed().map((step): [Expr, Expr] => [improves(step), of(step)]),
      otherwise,
    )

  const startAfter = (step: number) => {
    const kept = choose(extends_(step), step === 1 ? now : previous(step, start), start(step))
    return order === 'strict' ? choose(either(no(isWhole), isStep(moments, marks, step)), kept, int64(0)) : kept
  }
  const renewed = sumOf(all.map((step) => choose(extends_(step), bit(step), int64(0))))
  return fn(
    'tuple',
    ...all.map(startAfter),
    ...all.map((step) => choose(extends_(step), longer(step), state(places.chain(step)))),
    ...(places.done ? all.map((step) => choose(extends_(step), doneWith(step), state(places.done?.(step) ?? 0))) : []),
    broken.length === 0 ? int64(0) : fn('bitAnd', excluded, fn('bitNot', renewed)),
    best(int64, state(places.depth)),
    best(longer, state(places.bestChain)),
    broken.length === 0 ? int64(0) : best((step) => fn('_toInt64', isSpoilt(step)), fn('_toInt64', bestExcluded)),
    ...(places.done ? [best(doneWith, state(places.bestDone))] : []),
  )
}
