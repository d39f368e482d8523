import { resolveDate } from '@hedgerow/hogql'
import { type ActorsSelection, type Insight, type InsightContext, invalidQuestion } from '../context.ts'
import { shownRange } from '../dates/date-range.ts'
import { compileActors, compileLifecycle, stateOf } from './compile.ts'
import { type LifecycleQuestion, resolveLifecycle, statuses } from './resolve.ts'
import { shapeLifecycle } from './shape.ts'

/** `LifecycleQuery`: how many are new, stay, come back or go, in each period. */
export const lifecycle: Insight = {
  async answer(node, context, run) {
    const question = resolveLifecycle(node, context)
    const query = compileLifecycle(question, context)
    const results = shapeLifecycle(await run(query), question, context)
    return { results, query, resolved_date_range: shownRange(question.range) }
  },

  async actors(node, selection, context) {
    const question = resolveLifecycle(node, context)
    const { groupTypeIndex } = question.actor
    const query = compileActors(question, statesOf(selection, question, context), context)
    return { query, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
  },
}

/** `day` and `status`; one that is missing leaves all of its kind. */
function statesOf({ day, status }: ActorsSelection, question: LifecycleQuestion, context: InsightContext): number[] {
  const known = statuses.filter((each) => each === status || status === undefined || status === null)
  if (known.length === 0) throw invalidQuestion(`status must be one of ${statuses.join(', ')}, not ${JSON.stringify(status)}`)
  const periods = day === undefined || day === null ? question.periods.map((_, i) => i + 1) : [periodOf(day, question, context)]
  return periods.flatMap((period) => known.map((each) => stateOf(period, each)))
}

function periodOf(day: unknown, { periods, end }: LifecycleQuestion, { now, timezone }: InsightContext): number {
  const at = typeof day === 'string' ? resolveDate(day, { now, timezone, exact: true })?.at : undefined
  if (!at) throw invalidQuestion(`day must be a date or an instant in one of the periods, not ${JSON.stringify(day)}`)
  const number = at < end ? periods.filter((start) => start <= at).length : 0
  if (number === 0) throw invalidQuestion(`day must be in the date range of the source; ${JSON.stringify(day)} is outside of it`)
  return number
}
