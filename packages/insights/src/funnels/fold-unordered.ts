import { build, type syntax } from '@hedgerow/hogql'
import {
  at,
  both,
  choose,
  either,
  emptyTimes,
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
  sumOf,
} from './expressions.ts'
import type { Histories } from './histories.ts'
import { breaksWayTo, isGuarded, isStep, type Moments, timeOf } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/** Later than any time. */
const never = int64(2 ** 52)

/**
 * The walk of an unordered funnel, event by event: for each step a queue of times, of which those leave that are more than the window older
 * than the event. Progress is the number of queues that hold something; it is noted before something leaves, and at the end.
 * Where guards say that an event may not be the first, a queue's entry carries that as its lowest bit, and entries that would be first leave.
 */
export function foldUnordered(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  const count = question.steps.length
  const folded = selectFrom(histories.query, [...items, build.alias('state', foldOf(question, histories.moments))])
  const state = (place: number) => item(named('state'), place)
  const queues = numbersTo(count).map(state)
  const times = choose(fn('greater', held(queues), fn('length', state(count + 1))), frontsOf(queues, histories.moments), state(count + 1))
  const measured = selectFrom(folded, [...items, build.alias('times', times)])
  const reached = minus(fn('bitShiftLeft', int64(1), fn('length', named('times'))), int(1))
  return selectFrom(measured, [...items, build.alias('reached', reached), named('times')], { where: fn('notEmpty', named('times')) })
}

const held = (queues: Expr[]): Expr => sumOf(queues.map((queue) => fn('notEmpty', queue)))
const hasGuards = ({ guards }: Moments): boolean => guards.length > 0
const timeOfEntry = (moments: Moments, entry: Expr): Expr => (hasGuards(moments) ? fn('bitShiftRight', entry, int(1)) : entry)

/** When each of the steps was first done, of those that are in a queue. */
function frontsOf(queues: Expr[], moments: Moments): Expr {
  const fronts = fn('arrayConcat', ...queues.map((queue) => fn('arraySlice', queue, int(1), int(1))))
  const times = hasGuards(moments) ? fn('arrayMap', lambda(['entry'], timeOfEntry(moments, named('entry'))), fronts) : fronts
  return fn('arraySort', times)
}

function foldOf(question: FunnelQuestion, moments: Moments): Expr {
  const initial = [...question.steps.map(() => emptyTimes), emptyTimes]
  return fn('arrayFold', lambda(['state', 'moment'], stepOf(question, moments)), named('seen'), fn('tuple', ...initial))
}

function stepOf(question: FunnelQuestion, moments: Moments): Expr {
  const count = question.steps.length
  const all = numbersTo(count)
  const [state, moment] = [named('state'), named('moment')]
  const now = timeOf(moments, moment)
  const since = minus(now, int(question.windowSeconds * 1_000_000))
  const queue = (step: number) => item(state, step)
  const best = item(state, count + 1)
  const front = (step: number) => timeOfEntry(moments, at(queue(step), int(1)))
  const leaves = (step: number) => both(fn('notEmpty', queue(step)), fn('less', front(step), since))
  const queues = all.map(queue)
  const isDone = equals(fn('length', best), int(count))
  const isNoted = both(either(...all.map(leaves)), fn('greater', held(queues), fn('length', best)))
  const noted = choose(isNoted, frontsOf(queues, moments), best)

  const stays = all.map((step) =>
    fn('arrayFilter', lambda(['entry'], fn('greaterOrEquals', timeOfEntry(moments, named('entry')), since)), queue(step)),
  )
  const left = hasGuards(moments) ? withoutFirstGuarded(stays, moments) : stays
  const isBroken = question.exclusions.length > 0 && count > 1 ? breaksWayTo(moments, moment, 2) : int(0)
  const mayEnter = entry(question, moments, left)
  const entered = all.map((step) => {
    const of = left[step - 1] ?? emptyTimes
    return choose(isBroken, emptyTimes, choose(mayEnter(step), fn('arrayPushBack', of, stored(moments, moment, now)), of))
  })
  const isComplete = both(...entered.map((each) => fn('notEmpty', each)))
  const after = choose(isDone, best, choose(isComplete, frontsOf(entered, moments), noted))
  return fn('tuple', ...entered, after)
}

function stored(moments: Moments, moment: Expr, now: Expr): Expr {
  if (!hasGuards(moments)) return now
  return fn('_toInt64', plus(fn('bitShiftLeft', now, int(1)), anyGuard(moments, moment)))
}
const anyGuard = (moments: Moments, moment: Expr): Expr => either(...moments.guards.map((_, i) => isGuarded(moments, moment, i)))

/** Whether the event goes to that step: of those that it is, the one whose last entry is oldest, the first of equals; an empty one before all. */
function entry({ steps }: FunnelQuestion, moments: Moments, queues: Expr[]): (step: number) => Expr {
  const moment = named('moment')
  const keys = steps.map((_, i) => {
    const queue = queues[i] ?? emptyTimes
    return choose(isStep(moments, moment, i + 1), choose(fn('empty', queue), int64(0), timeOfEntry(moments, at(queue, int(-1)))), never)
  })
  const least = keys.length === 1 ? (keys[0] ?? never) : fn('least', ...keys)
  const mayBegin = hasGuards(moments) ? either(no(anyGuard(moments, moment)), ...queues.map((queue) => fn('notEmpty', queue))) : int(1)
  return (step) =>
    both(
      isStep(moments, moment, step),
      equals(keys[step - 1] ?? never, least),
      ...keys.slice(0, step - 1).map((key) => fn('greater', key, least)),
      mayBegin,
    )
}

/** What is older than the first entry that may be first. */
function withoutFirstGuarded(queues: Expr[], moments: Moments): Expr[] {
  const mayBeFirst = lambda(['entry'], equals(fn('bitAnd', named('entry'), int(1)), int(0)))
  const firsts = queues.map((queue) => {
    const found = fn('arrayFirst', mayBeFirst, queue)
    return choose(isSome(found), timeOfEntry(moments, found), never)
  })
  const first = firsts.length === 1 ? (firsts[0] ?? never) : fn('least', ...firsts)
  return queues.map((queue) =>
    fn('arrayFilter', lambda(['entry'], fn('greaterOrEquals', timeOfEntry(moments, named('entry')), first)), queue),
  )
}
