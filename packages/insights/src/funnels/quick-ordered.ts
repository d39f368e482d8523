import { build, type syntax } from '@hedgerow/hogql'
import { entriesOf, hasMixedInstant, isManyfold, isWithin } from './entries.ts'
import { at, both, choose, firstOf, fn, int, int64, isSome, lambda, named, numbersTo, selectFrom, sumOf } from './expressions.ts'
import { bestOf, foldOf } from './fold-ordered.ts'
import type { Histories } from './histories.ts'
import { fulfils, timeOf } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/**
 * The walk of an ordered funnel without exclusions and optional steps, for events that can be one step only: array by array instead of
 * event by event.
 *
 * Of all chains that end at a step, only the one that started last matters. So for each step there is a list beside the events: where the
 * event fulfils the step, the start of the chain that it extends, else 0. That start is the last one of the list of the step before, and starts
 * never go back, so `arrayFill` carries it on. The time of a step in the chain with a given start is that of the first event with this start.
 */
export function quickOrdered(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  return quick(question, histories, items, false)
}

/**
 * The same where an event can be several steps. Where such an event shares its instant with others, the order in which they are
 * tried matters; the few actors that have such an instant are walked event by event.
 */
export function quickWithTies(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  return quick(question, histories, items, true)
}

const startsOf = (step: number) => `starts_${step}`
const nonZero = lambda(['start'], isSome(named('start')))

function quick(question: FunnelQuestion, histories: Histories, items: Expr[], hasTies: boolean): syntax.Select {
  const { moments } = histories
  const all = numbersTo(question.steps.length)
  const seen = named('seen')
  const mixed = hasTies ? [build.alias('is_mixed', hasMixedInstant(moments, seen, isManyfold(moments)))] : []
  const chains = selectFrom(histories.query, [
    ...items,
    seen,
    ...mixed,
    ...all.map((step) => build.alias(startsOf(step), starts(question, histories, step, hasTies))),
  ])
  const found = selectFrom(chains, [
    ...items,
    seen,
    ...(hasTies ? [named('is_mixed')] : []),
    ...all.map((step) => named(startsOf(step))),
    ...all.map((step) => build.alias(`first_${step}`, fn('arrayFirst', nonZero, named(startsOf(step))))),
  ])
  const first = (step: number) => named(`first_${step}`)
  const deepest = firstOf(
    all.toReversed().map((step): [Expr, Expr] => [isSome(first(step)), first(step)]),
    int64(0),
  )
  const depth = fn('_toInt64', sumOf(all.map((step) => isSome(first(step)))))
  const time = (step: number) => timeOf(moments, at(seen, fn('indexOf', named(startsOf(step)), named('start'))))
  const measured = selectFrom(found, [
    ...items,
    build.alias('start', deepest),
    build.alias('depth', depth),
    build.alias('chain', fn('array', ...all.map(time))),
    ...(hasTies ? [build.alias('folded', foldOf(question, moments, entriesOfMixed(histories)))] : []),
  ])
  const reached = fn('minus', fn('bitShiftLeft', int64(1), named('depth')), int(1))
  const times = fn('arraySlice', named('chain'), int(1), named('depth'))
  if (!hasTies) {
    const walked = [build.alias('reached', reached), build.alias('times', times)]
    return selectFrom(measured, [...items, ...walked], { where: isSome(named('depth')) })
  }
  const best = bestOf(named('folded'))
  // An actor without a mixed instant was not folded at all: nothing is reached there. One with one did at least the first of its steps.
  const either = (folded: Expr, quickly: Expr) => choose(isSome(best.reached), folded, quickly)
  const walked = [build.alias('reached', either(best.reached, reached)), build.alias('times', either(best.times, times))]
  return selectFrom(measured, [...items, ...walked], { where: isSome(named('depth')) })
}

function starts({ windowSeconds }: FunnelQuestion, { moments }: Histories, step: number, hasTies: boolean): Expr {
  const moment = named('moment')
  const time = timeOf(moments, moment)
  if (step === 1) return fn('arrayMap', lambda(['moment'], choose(fulfils(moments, moment, 1), time, int64(0))), named('seen'))
  const carried = fn('arrayFill', nonZero, named(startsOf(step - 1)))
  // why: an event that is several steps must not extend the chain that it began itself.
  const earlier = hasTies ? fn('arrayPushFront', fn('arrayPopBack', carried), int64(0)) : carried
  const start = named('start')
  const extends_ = both(fulfils(moments, moment, step), isSome(start), isWithin(start, time, windowSeconds))
  return fn('arrayMap', lambda(['moment', 'start'], choose(extends_, start, int64(0))), named('seen'), earlier)
}

function entriesOfMixed({ moments }: Histories): Expr {
  const seen = choose(named('is_mixed'), named('seen'), fn('arraySlice', named('seen'), int(1), int(0)))
  return entriesOf(moments, seen, named('is_mixed'))
}
