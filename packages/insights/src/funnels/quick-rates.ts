import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { bucketNumber } from '../dates/buckets.ts'
import { startOf } from '../dates/interval.ts'
import { isWithin } from './entries.ts'
import { both, choose, equals, fn, int, int64, isSome, lambda, named, numbersTo, plus, selectFrom } from './expressions.ts'
import type { Histories } from './histories.ts'
import { isStep, timeOf } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/**
 * Rates over time of an ordered funnel without exclusions and optional steps, for events that can be one step only: from each entry on, the
 * soonest that the two steps asked for can be done. Backwards: the soonest way on from an event is that of the next event of the next step, which
 * `arrayReverseFill` brings. An actor counts once for each period that it entered in; `reached` has the bits of the two steps alone.
 * why: the other formulations copy the whole history for each period.
 */
export function quickRates(question: FunnelQuestion, histories: Histories, items: Expr[], context: InsightContext): syntax.Select {
  const { fromStep, toStep, windowSeconds } = question
  const { moments } = histories
  const time = timeOf(moments, named('moment'))
  const soonest = selectFrom(histories.query, [
    ...items,
    named('seen'),
    build.alias('soonest_from', soonestOf(question, histories, fromStep)),
    build.alias('soonest_to', soonestOf(question, histories, toStep)),
  ])
  const isReached = (name: string) => both(isSome(named(name)), isWithin(time, named(name), windowSeconds))
  const bits = plus(fn('_toInt64', isReached('from')), fn('multiply', fn('_toInt64', isReached('to')), int(2)))
  const entry = choose(
    isStep(moments, named('moment'), 1),
    plus(fn('multiply', periodAt(question, histories, context), int(4)), bits),
    int64(-1),
  )
  const all = fn('arrayMap', lambda(['moment', 'from', 'to'], entry), named('seen'), named('soonest_from'), named('soonest_to'))
  // Of the entries of a period the best: the first of its number, the highest first.
  const ranked = fn('arrayReverseSort', fn('arrayFilter', lambda(['entry'], fn('greaterOrEquals', named('entry'), int(0))), all))
  const listed = selectFrom(soonest, [...items, build.alias('entries', ranked)])
  const periods = fn('arrayMap', lambda(['entry'], fn('bitShiftRight', named('entry'), int(2))), named('entries'))
  const isBest = lambda(['entry', 'repeat'], equals(named('repeat'), int(1)))
  const best = fn('arrayFilter', isBest, named('entries'), fn('arrayEnumerateUniq', periods))
  const spread = selectFrom(listed, [...items, build.alias('best', fn('arrayJoin', best))])
  const has = (bit: number, step: number) => choose(fn('bitTest', named('best'), int(bit)), int64(2 ** (step - 1)), int64(0))
  return selectFrom(spread, [
    ...items,
    build.alias('period', fn('bitShiftRight', named('best'), int(2))),
    build.alias('reached', fromStep === toStep ? has(1, toStep) : plus(has(0, fromStep), has(1, toStep))),
  ])
}

/** Beside each moment the time at which a step is done soonest: by itself if it is the step, else on from it; 0 for never. */
function soonestOf(question: FunnelQuestion, { moments }: Histories, step: number): Expr {
  const time = timeOf(moments, named('moment'))
  const isTaken = (each: number) => isStep(moments, named('moment'), each)
  const last = fn('arrayMap', lambda(['moment'], choose(isTaken(step), time, int64(0))), named('seen'))
  return numbersTo(question.steps.length)
    .filter((each) => each < step)
    .toReversed()
    .reduce((next: Expr, each) => {
      const soonest = fn('arrayReverseFill', lambda(['time'], isSome(named('time'))), next)
      return fn('arrayMap', lambda(['moment', 'time'], choose(isTaken(each), named('time'), int64(0))), named('seen'), soonest)
    }, last)
}

function periodAt({ interval, range }: FunnelQuestion, { moments }: Histories, context: InsightContext): Expr {
  const instant = fn('fromUnixTimestamp64Micro', plus(timeOf(moments, named('moment')), int(moments.originMicros)))
  return fn('_toInt64', bucketNumber(interval, startOf(interval, range.from, context), instant, context.timezone))
}
