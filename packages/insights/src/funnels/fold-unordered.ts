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
} from './expressions.ts'
import type { Histories } from './histories.ts'
import { breaksWayTo, isGuarded, type Moments, stepBit, timeOf } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/**
 * The walk of an unordered funnel, event by event: a queue of the events that count, of which those leave that are more than the window older
 * than the event. Progress is the number of different steps in the queue; it is noted before something leaves, when all steps are
 * there, and at the end. An entry of the queue is a time, a step below it, and lowest whether the event may not be the first: entries that would
 * be first leave.
 */
export function foldUnordered(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  const state = (place: number) => item(named('state'), place)
  const initial = fn('tuple', emptyTimes, emptyTimes)
  const fold = fn('arrayFold', lambda(['state', 'moment'], stepOf(question, histories.moments)), named('seen'), initial)
  const folded = selectFrom(histories.query, [...items, build.alias('state', fold)])
  const best = choose(fn('greater', progressOf(state(1)), fn('length', state(2))), firstsOf(state(1)), state(2))
  const measured = selectFrom(folded, [...items, build.alias('times', best)])
  const reached = minus(fn('bitShiftLeft', int64(1), fn('length', named('times'))), int(1))
  return selectFrom(measured, [...items, build.alias('reached', reached), named('times')], { where: fn('notEmpty', named('times')) })
}

const stepBits = 5
const entryBits = stepBits + 1
const entry = named('entry')
const timeIn = (of: Expr): Expr => fn('bitShiftRight', of, int(entryBits))
const stepIn = (of: Expr): Expr => fn('bitAnd', fn('bitShiftRight', of, int(1)), int(2 ** stepBits - 1))
const stepsOf = (queue: Expr): Expr => fn('arrayMap', lambda(['entry'], stepIn(entry)), queue)
const progressOf = (queue: Expr): Expr => fn('arrayUniq', stepsOf(queue))

/** When each step in the queue was first done, in order. */
function firstsOf(queue: Expr): Expr {
  const isFirst = lambda(['entry', 'repeat'], equals(named('repeat'), int(1)))
  const firsts = fn('arrayFilter', isFirst, queue, fn('arrayEnumerateUniq', stepsOf(queue)))
  return fn('arrayMap', lambda(['entry'], timeIn(entry)), firsts)
}

function stepOf(question: FunnelQuestion, moments: Moments): Expr {
  const count = question.steps.length
  const moment = named('moment')
  const [queue, best] = [item(named('state'), 1), item(named('state'), 2)]
  const since = fn('bitShiftLeft', minus(timeOf(moments, moment), int(question.windowSeconds * 1_000_000)), int(entryBits))
  const leaves = both(fn('notEmpty', queue), fn('less', at(queue, int(1)), since))
  const isDone = equals(fn('length', best), int(count))
  const isNoted = both(leaves, fn('greater', progressOf(queue), fn('length', best)))
  const noted = choose(isNoted, firstsOf(queue), best)

  const isGuardedOne = either(...moments.guards.map((_, i) => isGuarded(moments, moment, i)))
  const inWindow = fn('arrayFilter', lambda(['entry'], fn('greaterOrEquals', entry, since)), queue)
  const left = moments.guards.length === 0 ? inWindow : fromFirstAllowed(inWindow)
  const made = fn('bitShiftLeft', timeOf(moments, moment), int(entryBits))
  const stored = plus(plus(made, fn('multiply', takes(question, moments, left), int(2))), isGuardedOne)
  const mayEnter = both(
    hasStep(question, moments),
    ...(moments.guards.length === 0 ? [] : [either(no(isGuardedOne), fn('notEmpty', left))]),
  )
  const entered = choose(mayEnter, fn('arrayPushBack', left, fn('_toInt64', stored)), left)
  const isBroken = question.exclusions.length > 0 && count > 1 ? breaksWayTo(moments, moment, 2) : undefined
  const after = isBroken ? choose(isBroken, emptyTimes, entered) : entered
  const isComplete = equals(progressOf(after), int(count))
  return fn('tuple', choose(isDone, queue, after), choose(isDone, best, choose(isComplete, firstsOf(after), noted)))
}

const hasStep = ({ steps }: FunnelQuestion, moments: Moments): Expr =>
  either(...steps.map((_, i) => stepBit(moments, named('moment'), int(i + 1))))

/** The step that the event goes to: of those that it is, the one whose last entry is oldest, the first of equals; one without any before all. */
function takes({ steps }: FunnelQuestion, moments: Moments, queue: Expr): Expr {
  const never = int64(2 ** 52)
  const last = fn('arrayLast', lambda(['entry'], equals(stepIn(entry), named('step'))), queue)
  const key = choose(stepBit(moments, named('moment'), named('step')), timeIn(last), never)
  const keys = fn('arrayMap', lambda(['step'], key), fn('array', ...numbersTo(steps.length).map(int64)))
  return fn('indexOf', keys, fn('arrayMin', keys))
}

/** What is left once nothing that may not be first is first. */
function fromFirstAllowed(queue: Expr): Expr {
  const isAllowed = equals(fn('bitAnd', entry, int(1)), int(0))
  const place = fn('arrayFirstIndex', lambda(['entry'], isAllowed), queue)
  return choose(isSome(place), fn('arraySlice', queue, place), fn('arraySlice', queue, int(1), int(0)))
}
