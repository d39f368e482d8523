import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { at, both, fn, int, minus, named, numbersTo, selectFrom } from './expressions.ts'
import type { FunnelQuestion } from './resolve.ts'
import { type Walk, walkOf } from './walk.ts'

type Expr = syntax.Expr

/** Whether the actor did the step; of a row of a walk. */
export const did = (step: number): Expr => fn('bitTest', named('reached'), int(step - 1))

/** When the actor did the step, in microseconds after the walk's origin; 0 where it did not. */
export function timeOfStep({ steps }: FunnelQuestion, step: number): Expr {
  if (!steps.some(({ optional }) => optional)) return at(named('times'), int(step))
  const place = fn('bitCount', fn('bitAnd', named('reached'), int(2 ** step - 1)))
  return fn('if', did(step), at(named('times'), place), fn('_toInt64', int(0)))
}

/** The required step before; optional steps take no part in times. */
const requiredBefore = ({ steps }: FunnelQuestion, step: number): number =>
  numbersTo(step - 1).findLast((each) => !steps[each - 1]?.optional) ?? 1

/** Seconds from the required step before. */
const secondsTo = (question: FunnelQuestion, step: number): Expr =>
  fn('divide', minus(timeOfStep(question, step), timeOfStep(question, requiredBefore(question, step))), int(1_000_000))

/** compat: zero seconds count as no time at all. */
const takesTime = (question: FunnelQuestion, step: number): Expr =>
  both(did(step), fn('greater', timeOfStep(question, step), timeOfStep(question, requiredBefore(question, step))))

const timed = (question: FunnelQuestion): number[] =>
  numbersTo(question.steps.length).filter((step) => step > 1 && !question.steps[step - 1]?.optional)

const median = (name: string, ...args: Expr[]): Expr => ({ kind: 'call', name, params: [build.constant(0.5)], args })

/** Seconds from the first step to the last, of who did both: as the view of times to convert measures them. */
const secondsInAll = (question: FunnelQuestion): Expr =>
  fn('divide', minus(timeOfStep(question, question.steps.length), timeOfStep(question, 1)), int(1_000_000))

/**
 * Columns of {@link stepsQuery}: the count of each step, then average and median of each step that has times, then the median of all the
 * way, then the value.
 */
export interface StepColumns {
  counts: number
  timed: number[]
}

export const stepColumns = (question: FunnelQuestion): StepColumns => ({ counts: question.steps.length, timed: timed(question) })

/** How many actors did each step, and how long it took them; a row for each value of the breakdown. */
export function stepsQuery(question: FunnelQuestion, context: InsightContext): syntax.Select {
  const walk = walkOf(question, context)
  return question.breakdown ? brokenDown(question, walk) : total(question, walk)
}

function total(question: FunnelQuestion, { query }: Walk): syntax.Select {
  const counts = numbersTo(question.steps.length).map((step) => build.alias(`count_${step}`, fn('countIf', did(step))))
  const times = timed(question).flatMap((step) => [
    build.alias(`average_${step}`, fn('avgOrNullIf', secondsTo(question, step), takesTime(question, step))),
    build.alias(`median_${step}`, median('quantileExactInclusiveOrNullIf', secondsTo(question, step), takesTime(question, step))),
  ])
  const whole = median('quantileExactInclusiveOrNullIf', secondsInAll(question), did(question.steps.length))
  return selectFrom(query, [...counts, ...times, build.alias('median_in_all', whole)])
}

/** Values in the order in which they are kept: those that most actors entered with first. */
export function rankedValues(question: FunnelQuestion, walk: Walk, further: Expr[] = []): syntax.Select {
  const all = numbersTo(question.steps.length)
  const grouped = selectFrom(
    walk.query,
    [named('value'), ...all.map((step) => build.alias(`own_count_${step}`, fn('countIf', did(step)))), ...further],
    { groupBy: { mode: 'plain', exprs: [named('value')] } },
  )
  const place: Expr = {
    kind: 'call',
    name: 'row_number',
    args: [],
    over: { partitionBy: [], orderBy: [build.orderBy(named('own_count_1'), true), build.orderBy(named('value'))] },
  }
  return selectFrom(grouped, [
    named('value'),
    ...all.map((step) => named(`own_count_${step}`)),
    ...further.map((expr) => (expr.kind === 'alias' ? named(expr.name) : expr)),
    build.alias('place', place),
  ])
}

export const otherValue = 'Other'

function brokenDown(question: FunnelQuestion, walk: Walk): syntax.Select {
  const all = numbersTo(question.steps.length)
  const seconds = timed(question).map((step) =>
    build.alias(`seconds_${step}`, fn('groupArrayIf', secondsTo(question, step), takesTime(question, step))),
  )
  const whole = build.alias('seconds_in_all', fn('groupArrayIf', secondsInAll(question), did(question.steps.length)))
  const shown = build.alias('shown', shownValue(question))
  const counts = all.map((step) => build.alias(`count_${step}`, fn('sum', named(`own_count_${step}`))))
  const times = timed(question).flatMap((step) => [
    build.alias(`average_${step}`, fn('avgOrNullArray', named(`seconds_${step}`))),
    build.alias(`median_${step}`, median('quantileExactInclusiveOrNullArray', named(`seconds_${step}`))),
  ])
  const inAll = build.alias('median_in_all', median('quantileExactInclusiveOrNullArray', named('seconds_in_all')))
  return selectFrom(rankedValues(question, walk, [...seconds, whole]), [...counts, ...times, inAll, shown], {
    groupBy: { mode: 'plain', exprs: [named('shown')] },
    orderBy: [...all.toReversed().map((step) => build.orderBy(named(`count_${step}`), true)), build.orderBy(named('shown'))],
  })
}

/** The value, or `Other` for one beyond the limit. */
function shownValue({ breakdown }: FunnelQuestion): Expr {
  if (breakdown?.limit === undefined) return named('value')
  return fn('if', fn('lessOrEquals', named('place'), int(breakdown.limit)), named('value'), build.array([build.constant(otherValue)]))
}
