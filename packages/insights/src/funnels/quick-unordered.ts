import { build, type syntax } from '@hedgerow/hogql'
import { at, both, choose, differs, fn, int, int64, isSome, lambda, minus, named, numbersTo, selectFrom, sumOf } from './expressions.ts'
import type { Histories } from './histories.ts'
import { isStep, timeOf } from './moments.ts'
import type { FunnelQuestion } from './resolve.ts'

type Expr = syntax.Expr

/**
 * The walk of an unordered funnel without exclusions, for events that are one step only: array by array. `last_n` is, beside each event, when step
 * n was last done; the steps done within the window before the event are those whose last time is in it. The first event with the most
 * of them decides, and each step's time is its first one in that window.
 */
export function quickUnordered(question: FunnelQuestion, histories: Histories, items: Expr[]): syntax.Select {
  const { moments } = histories
  const all = numbersTo(question.steps.length)
  const [seen, moment] = [named('seen'), named('moment')]
  const lasts = selectFrom(histories.query, [
    ...items,
    seen,
    ...all.map((step) => {
      const own = fn('arrayMap', lambda(['moment'], choose(isStep(moments, moment, step), timeOf(moments, moment), int64(0))), seen)
      return build.alias(`last_${step}`, fn('arrayFill', lambda(['time'], isSome(named('time'))), own))
    }),
  ])
  const windowMicros = int(question.windowSeconds * 1_000_000)
  const since = minus(timeOf(moments, moment), windowMicros)
  const names = all.map((step) => `time_${step}`)
  const inWindow = sumOf(names.map((name) => both(isSome(named(name)), fn('greaterOrEquals', named(name), since))))
  const counted = selectFrom(lasts, [
    ...items,
    seen,
    build.alias('progress', fn('arrayMap', lambda(['moment', ...names], inWindow), seen, ...all.map((step) => named(`last_${step}`)))),
  ])
  const placed = selectFrom(counted, [
    ...items,
    seen,
    build.alias('depth', fn('_toInt64', fn('arrayMax', named('progress')))),
    build.alias('decisive', fn('indexOf', named('progress'), named('depth'))),
  ])
  const cut = selectFrom(placed, [
    ...items,
    named('depth'),
    build.alias('begins', minus(timeOf(moments, at(seen, named('decisive'))), windowMicros)),
    build.alias('past', fn('arraySlice', seen, int(1), named('decisive'))),
  ])
  const isFirst = (step: number) => both(isStep(moments, moment, step), fn('greaterOrEquals', timeOf(moments, moment), named('begins')))
  const firsts = all.map((step) => timeOf(moments, fn('arrayFirst', lambda(['moment'], isFirst(step)), named('past'))))
  const given = fn('arrayFilter', lambda(['time'], differs(named('time'), int(0))), fn('array', ...firsts))
  const reached = minus(fn('bitShiftLeft', int64(1), named('depth')), int(1))
  return selectFrom(cut, [...items, build.alias('reached', reached), build.alias('times', fn('arraySort', given))], {
    where: isSome(named('depth')),
  })
}
