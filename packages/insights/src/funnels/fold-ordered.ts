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
  const listed = selectFrom(marked, [...items, build.alias('entries', entriesOf(moments, named('seen'), named('is_mixed')))])
  const folded = selectFrom(listed, [...items, build.alias('best', foldOf(question, moments, named('entries')))])
  const best = bestOf(named('best'))
  return selectFrom(folded, [...items, build.alias('reached', best.reached), build.alias('times', best.times)], {
    where: both(isSome(best.reached), no(best.isExcluded)),
  })
}

/**
 * Places in the state of the fold. Lists have an item a step: of the chain that ends there its start, its stamps, the steps that it did as bits,
 * and whether an exclusion spoilt it. Then the best chain so far.
 */
const place = { starts: 1, chains: 2, done: 3, spoilt: 4, bestDepth: 5, bestChain: 6, bestDone: 7, bestSpoilt: 8 }

/** What a fold has found; nothing is reached where it went through no entries. */
export function bestOf(state: Expr): { reached: Expr; times: Expr; isExcluded: Expr } {
  return {
    reached: item(state, place.bestDone),
    times: timesOfStamps(item(state, place.bestChain)),
    isExcluded: isSome(item(state, place.bestSpoilt)),
  }
}

const listOf = (items: Expr[]): Expr => fn('array', ...items.map((each) => fn('_toInt64', each)))
const noChains = (count: number): Expr => fn('array', ...numbersTo(count).map(() => emptyTimes))
const mapped = (params: string[], body: Expr, ...lists: Expr[]): Expr => fn('arrayMap', lambda(params, body), ...lists)
/** The list one place further on, `first` in front: beside each step what belongs to the step before. */
const before = (list: Expr, first: Expr): Expr => fn('arrayPushFront', fn('arrayPopBack', list), first)

/** An `arrayFold` over the entries; its result is read by {@link bestOf}. */
export function foldOf(question: FunnelQuestion, moments: Moments, entries: Expr): Expr {
  const count = question.steps.length
  const zeros = listOf(numbersTo(count).map(() => int(0)))
  const initial = [zeros, noChains(count), zeros, zeros, int64(0), emptyTimes, int64(0), int64(0)]
  return fn('arrayFold', lambda(['state', 'entry'], stepOf(question, moments)), entries, fn('tuple', ...initial))
}

/**
 * The state after an entry. Lists are worked on as a whole, so that the expression is as long for thirty steps as for two; every step is decided
 * by the state before, so that no event fulfils two steps of one chain.
 */
function stepOf(question: FunnelQuestion, moments: Moments): Expr {
  const { steps, windowSeconds, order } = question
  const count = steps.length
  const state = (of: number) => item(named('state'), of)
  const [stamp, marks, isWhole] = [item(named('entry'), 1), item(named('entry'), 2), item(named('entry'), 3)]
  const now = fn('bitShiftRight', stamp, int(stampBits))
  const isOpen = (start: Expr) => both(isSome(start), isWithin(start, now, windowSeconds))
  const numbers = listOf(numbersTo(count).map(int))
  const bits = listOf(numbersTo(count).map((step) => int(2 ** (step - 1))))

  // The chain that each step extends: of the step before it or, past optional steps without an open chain, of an earlier one.
  const hasOptional = steps.some((step) => step.optional)
  const isOptional = listOf(steps.map((_, i) => int(steps[i - 1]?.optional ? 1 : 0)))
  const startsBefore = before(state(place.starts), now)
  function previous(list: Expr): Expr {
    if (!hasOptional) return list
    const isTaken = either(equals(named('optional'), int(0)), isOpen(named('start')))
    return fn('arrayFill', lambda(['own', 'start', 'optional'], isTaken), list, startsBefore, isOptional)
  }
  const starts = previous(startsBefore)
  const chains = previous(before(state(place.chains), emptyTimes))
  const done = hasOptional
    ? previous(before(state(place.done), int64(0)))
    : listOf(numbersTo(count).map((step) => int(2 ** (step - 1) - 1)))
  const places = previous(listOf(numbersTo(count).map((step) => int(step - 1))))

  const isNew = differs(named('own'), named('start'))
  const spoils = exclusionsOf()
  const spoilt = spoils === undefined ? state(place.spoilt) : spoiltAfter(spoils)
  const spoiltBefore = spoils === undefined ? undefined : previous(before(spoilt, int64(0)))
  const bestSpoilt = spoils === undefined ? int(0) : bestSpoiltAfter(spoils)

  /** Beside each step whether an exclusion breaks the way to it now, in a chain that is not there yet. */
  function exclusionsOf(): Expr | undefined {
    if (question.exclusions.length === 0) return undefined
    const offset = moments.guards.length + count - 2
    const isBroken = fn('bitTest', marks, fn('plus', named('step'), int(offset)))
    const breaks = both(fn('greater', named('step'), int(1)), isBroken, isOpen(named('start')), isNew)
    return mapped(['step', 'own', 'start'], breaks, numbers, state(place.starts), starts)
  }
  function spoiltAfter(breaks: Expr): Expr {
    const hit = fn('arrayFilter', lambda(['place', 'breaks'], named('breaks')), places, breaks)
    const isHit = either(named('spoilt'), fn('has', hit, named('step')))
    return mapped(['spoilt', 'step'], fn('_toInt64', isHit), state(place.spoilt), numbers)
  }
  function bestSpoiltAfter(breaks: Expr): Expr {
    const bestStart = fn('bitShiftRight', at(state(place.bestChain), int(1)), int(stampBits))
    const wasSound = before(state(place.spoilt), int64(0))
    const isBest = both(named('breaks'), equals(named('place'), state(place.bestDepth)), no(named('spoilt')))
    const hit = fn('arrayExists', lambda(['breaks', 'place', 'spoilt'], isBest), breaks, places, previous(wasSound))
    return either(isSome(state(place.bestSpoilt)), both(hit, isWithin(bestStart, now, windowSeconds)))
  }

  const matches = mapped(
    ['step', 'own', 'start', 'chain'],
    both(fulfilsOf(moments, marks, named('step')), isOpen(named('start')), isNew, either(isWhole, no(fn('has', named('chain'), stamp)))),
    numbers,
    state(place.starts),
    starts,
    chains,
  )
  const extends_ =
    spoiltBefore === undefined ? matches : mapped(['matches', 'spoilt'], both(named('matches'), no(named('spoilt'))), matches, spoiltBefore)
  const isKept = named('extends')
  const startsAfter = mapped(
    ['extends', 'start', 'own'],
    choose(isKept, named('start'), named('own')),
    extends_,
    starts,
    state(place.starts),
  )
  const isAlive = either(no(isWhole), fn('bitTest', marks, fn('plus', named('step'), int(moments.guards.length - 1))))
  const kept = order === 'strict' ? mapped(['start', 'step'], choose(isAlive, named('start'), int64(0)), startsAfter, numbers) : startsAfter

  const last = fn('arrayLastIndex', lambda(['matches'], named('matches')), matches)
  const improves = either(fn('greater', last, state(place.bestDepth)), both(isSome(last), equals(last, state(place.bestDepth)), bestSpoilt))
  const longer = fn('arrayPushBack', named('chain'), stamp)
  return fn(
    'tuple',
    kept,
    mapped(['extends', 'chain', 'own'], choose(isKept, longer, named('own')), extends_, chains, state(place.chains)),
    hasOptional
      ? mapped(
          ['extends', 'done', 'bit', 'own'],
          choose(isKept, fn('bitOr', named('done'), named('bit')), named('own')),
          extends_,
          done,
          bits,
          state(place.done),
        )
      : state(place.done),
    spoils === undefined ? state(place.spoilt) : mapped(['extends', 'own'], choose(isKept, int64(0), named('own')), extends_, spoilt),
    choose(improves, fn('_toInt64', last), state(place.bestDepth)),
    choose(improves, fn('arrayPushBack', at(chains, last), stamp), state(place.bestChain)),
    choose(improves, fn('bitOr', at(done, last), at(bits, last)), state(place.bestDone)),
    spoiltBefore === undefined ? int64(0) : choose(improves, fn('_toInt64', at(spoiltBefore, last)), fn('_toInt64', bestSpoilt)),
  )
}

/** Whether marks allow the event to fulfil a step, of which only the engine knows the number. */
function fulfilsOf({ guards }: Moments, marks: Expr, step: Expr): Expr {
  const isStep = fn('bitTest', marks, fn('plus', step, int(guards.length - 1)))
  return both(isStep, ...guards.map((guard, i) => either(differs(step, int(guard.step)), no(fn('bitTest', marks, int(i))))))
}
