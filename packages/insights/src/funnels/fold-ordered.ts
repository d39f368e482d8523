import { build, type syntax } from '@hedgerow/hogql'
import { entriesOf, hasMixedInstant, isWithin, stampBits } from './entries.ts'
import {
  both,
  choose,
  differs,
  either,
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
import { createBindings } from './let.ts'
import { breaksWayTo, fulfils, isStep, type Moments } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/** The walk of an ordered or strict funnel, event by event, with everything that a funnel can ask for. */
export function foldOrdered(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  const { moments } = histories
  const isMixed = hasMixedInstant(moments, named('seen'))
  const marked = selectFrom(histories.query, [...items, named('seen'), build.alias('is_mixed', isMixed)])
  const listed = selectFrom(marked, [...items, build.alias('entries', entriesOf(moments, named('seen'), named('is_mixed')))])
  const folded = selectFrom(listed, [...items, build.alias('state', foldOf(question, moments, named('entries')))])
  const best = bestOf(question, named('state'))
  return selectFrom(folded, [...items, build.alias('reached', best.reached), build.alias('times', best.times)], {
    where: both(isSome(named('reached')), no(best.isExcluded)),
  })
}

/**
 * What a fold has found; nothing is reached where it went through no entries. The state is all numbers, since lists in it cost a hundred times
 * as much: for each step the stamps of the chain that ends there (0 for an optional step that is not in it), then those of the best chain.
 */
export function bestOf(question: FunnelQuestion, state: Expr): { reached: Expr; times: Expr; isExcluded: Expr } {
  const places = placesOf(question)
  const stamps = numbersTo(question.steps.length).map((step) => item(state, places.best(step)))
  const bits = stamps.map((stamp, i) => fn('bitShiftLeft', fn('_toInt64', isSome(stamp)), int(i)))
  const done = fn('arrayFilter', lambda(['stamp'], isSome(named('stamp'))), fn('array', ...stamps))
  const times = fn('arrayMap', lambda(['stamp'], fn('bitShiftRight', named('stamp'), int(stampBits))), done)
  const isExcluded = question.exclusions.length > 0 ? isSome(item(state, places.bestSpoilt)) : int(0)
  return { reached: sumOf(bits), times, isExcluded }
}

/** Places in the state. The chain of the last step is the best one once it is there: of it, only the start is kept. */
function placesOf({ steps, exclusions }: FunnelQuestion) {
  const count = steps.length
  const first = (step: number) => 1 + ((step - 1) * step) / 2
  const best = first(count) + 1
  const depth = best + count
  return {
    /** The stamp of step `of` in the chain that ends at `step`. */
    stamp: (step: number, of: number) => first(step) + of - 1,
    best: (step: number) => best + step - 1,
    depth,
    bestSpoilt: depth + 1,
    spoilt: (step: number) => depth + 1 + step,
    size: exclusions.length > 0 ? depth + count : depth,
  }
}

/** An `arrayFold` over the entries; its result is read by {@link bestOf}. */
export function foldOf(question: FunnelQuestion, moments: Moments, entries: Expr): Expr {
  const initial = numbersTo(placesOf(question).size).map(() => int64(0))
  return fn('arrayFold', lambda(['state', 'entry'], stateAfter(question, moments)), entries, fn('tuple', ...initial))
}

/** The state after an entry. Every step is decided by the state before it: no event fulfils two steps of one chain. */
function stateAfter(question: FunnelQuestion, moments: Moments): Expr {
  const { steps, windowSeconds, order } = question
  const count = steps.length
  const all = numbersTo(count)
  const inner = all.slice(0, -1)
  const places = placesOf(question)
  const { bind, within } = createBindings()
  const state = (place: number) => item(named('state'), place)
  const stamp = bind('stamp', item(named('entry'), 1))
  const marks = bind('marks', item(named('entry'), 2))
  const isWhole = bind('is_whole', item(named('entry'), 3))
  const now = bind('now', fn('bitShiftRight', stamp, int(stampBits)))
  const starts = all.map((step) => bind(`start_${step}`, fn('bitShiftRight', state(places.stamp(step, 1)), int(stampBits))))
  const start = (step: number): Expr => starts[step - 1] ?? int(0)
  const open = inner.map((step) => bind(`open_${step}`, both(isSome(start(step)), isWithin(start(step), now, windowSeconds))))
  const isOpen = (step: number): Expr => open[step - 1] ?? int(0)

  /** Of the chain that a step extends: that of the step before it or, past optional steps without an open one, of an earlier step. */
  function previous(step: number, of: (step: number) => Expr): Expr {
    const candidates = [step - 1]
    while (steps[(candidates.at(-1) ?? 1) - 1]?.optional) candidates.push((candidates.at(-1) ?? 1) - 1)
    const last = candidates.pop() ?? 1
    return firstOf(
      candidates.map((each): [Expr, Expr] => [isOpen(each), of(each)]),
      of(last),
    )
  }
  const isExtensible = all.map((step) =>
    bind(
      `extensible_${step}`,
      step === 1 ? differs(start(1), now) : both(previous(step, isOpen), differs(start(step), previous(step, start))),
    ),
  )
  const canExtend = (step: number): Expr => isExtensible[step - 1] ?? int(0)

  // Exclusions come before the steps of the same event.
  const broken = all.slice(1).filter((step) => question.exclusions.some(({ from, to }) => from < step && step <= to))
  const wasSpoilt = (step: number): Expr => isSome(state(places.spoilt(step)))
  const breaks = new Map(
    broken.map((step) => [
      step,
      bind(`breaks_${step}`, both(breaksWayTo(moments, marks, step), canExtend(step), no(previous(step, wasSpoilt)))),
    ]),
  )
  const spoilt = inner.map((step) => {
    const hits = broken
      .filter((each) => each > step)
      .map((each) => both(breaks.get(each) ?? int(0), equals(previous(each, int), int(step))))
    return broken.length === 0 ? int(0) : bind(`spoilt_${step}`, either(wasSpoilt(step), ...hits))
  })
  const isSpoilt = (step: number): Expr =>
    step === 1 || broken.length === 0 ? int(0) : previous(step, (each) => spoilt[each - 1] ?? int(0))
  const bestStart = fn('bitShiftRight', state(places.best(1)), int(stampBits))
  const bestHits = broken.map((step) => both(breaks.get(step) ?? int(0), equals(state(places.depth), previous(step, int))))
  const bestSpoilt =
    broken.length === 0
      ? int(0)
      : bind('best_spoilt', either(isSome(state(places.bestSpoilt)), both(isWithin(bestStart, now, windowSeconds), either(...bestHits))))

  const stampBefore = (step: number, of: number): Expr => previous(step, (each) => (of <= each ? state(places.stamp(each, of)) : int64(0)))
  const isUsed = (step: number) => either(...numbersTo(step - 1).map((of) => equals(stampBefore(step, of), stamp)))
  const matching = all.map((step) =>
    bind(
      `matches_${step}`,
      both(fulfils(moments, marks, step), canExtend(step), ...(step === 1 ? [] : [either(isWhole, no(isUsed(step)))])),
    ),
  )
  const matches = (step: number): Expr => matching[step - 1] ?? int(0)
  const extending = all.map((step) =>
    step === 1 || broken.length === 0 ? matches(step) : bind(`extends_${step}`, both(matches(step), no(isSpoilt(step)))),
  )
  const isExtended = (step: number): Expr => extending[step - 1] ?? int(0)

  const improving = all.map((step) =>
    bind(
      `improves_${step}`,
      both(matches(step), either(fn('greater', int(step), state(places.depth)), both(equals(state(places.depth), int(step)), bestSpoilt))),
    ),
  )
  const best = (of: (step: number) => Expr, otherwise: Expr) =>
    firstOf(
      all.toReversed().map((step): [Expr, Expr] => [improving[step - 1] ?? int(0), of(step)]),
      otherwise,
    )
  const isGone = (step: number) => both(isWhole, no(isStep(moments, marks, step)))
  const stampAfter = (step: number, of: number): Expr => {
    const extended = of === step ? stamp : stampBefore(step, of)
    const kept = choose(isExtended(step), extended, state(places.stamp(step, of)))
    return order === 'strict' && of === 1 ? choose(isGone(step), int64(0), kept) : kept
  }
  return within(
    fn(
      'tuple',
      ...inner.flatMap((step) => numbersTo(step).map((of) => stampAfter(step, of))),
      stampAfter(count, 1),
      ...all.map((of) => best((step) => (of > step ? int64(0) : of === step ? stamp : stampBefore(step, of)), state(places.best(of)))),
      best(int64, state(places.depth)),
      ...(question.exclusions.length === 0
        ? []
        : [
            fn('_toInt64', best(isSpoilt, bestSpoilt)),
            ...inner.map((step) => fn('_toInt64', both(no(isExtended(step)), spoilt[step - 1] ?? int(0)))),
          ]),
    ),
  )
}
