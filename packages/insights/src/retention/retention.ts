import { type ActorsSelection, type Insight, invalidQuestion } from '../context.ts'
import { shownRange } from '../dates/date-range.ts'
import { readWhole } from '../question/fields.ts'
import { otherValue } from '../trends/breakdown.ts'
import { compileActors, compileRetention } from './compile.ts'
import { type RetentionQuestion, resolveRetention } from './resolve.ts'
import { shapeRetention } from './shape.ts'

/** `RetentionQuery`: who comes back, and after how long. */
export const retention: Insight = {
  async answer(node, context, run) {
    const question = resolveRetention(node, context)
    const query = compileRetention(question, context)
    const results = shapeRetention(await run(query), question, context)
    return { results, query, resolved_date_range: shownRange(question.range) }
  },

  /** Beside the actors, `appearances`: the columns of the row in which each is counted. */
  async actors(node, selection, context) {
    const question = resolveRetention(node, context)
    const { groupTypeIndex } = question.actor
    const query = compileActors(question, rowOf(selection, question), breakdownOf(selection, question), context)
    return { query, ...(groupTypeIndex === undefined ? {} : { groupTypeIndex }) }
  },
}

/** `interval`: which row. */
function rowOf({ interval }: ActorsSelection, { rows }: RetentionQuestion): number {
  const row = readWhole(interval, [0, rows.length - 1], 'interval')
  if (row === undefined) throw invalidQuestion(`interval must say which row of the source, 0 to ${rows.length - 1}`)
  return row
}

/** `breakdown`: the value as the results show it. */
function breakdownOf({ breakdown }: ActorsSelection, question: RetentionQuestion): string | undefined {
  if (!question.breakdown) return undefined
  const value = Array.isArray(breakdown) && breakdown.length === 1 ? breakdown[0] : breakdown
  if (typeof value !== 'string' && typeof value !== 'number')
    throw invalidQuestion(`breakdown must be one of the source's breakdown_values, not ${JSON.stringify(breakdown)}`)
  if (value === otherValue) throw invalidQuestion('The people of all other values together cannot be listed; choose one value')
  return value === 'all' ? '0' : String(value)
}
