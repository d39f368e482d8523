import { build } from '@hedgerow/hogql'
import type { Insight, InsightAnswer, InsightContext, QueryNode, RunTree } from '../context.ts'
import { shownRange } from '../dates/date-range.ts'
import { trendsActors, trendsEvents } from './actors.ts'
import { withBins } from './bins.ts'
import { otherValue } from './breakdown.ts'
import { compileTrends } from './compile.ts'
import { linesOf } from './lines.ts'
import { resolveTrends } from './resolve.ts'
import { readNumbers, shapeFormulas, shapeTrends } from './shape.ts'
import { compileBoxes, shapeBoxes, shapeCalendar } from './special.ts'

/** TrendsQuery: how often, how many or how much, over time or altogether. */
export const trends: Insight = {
  async answer(node: QueryNode, context: InsightContext, run: RunTree): Promise<InsightAnswer> {
    const question = resolveTrends(node, context)
    const [current, previous] = question.periods
    const ranges = {
      ...(current ? { resolved_date_range: shownRange(current.range) } : {}),
      ...(previous ? { resolved_compare_date_range: shownRange(previous.range) } : {}),
    }
    const lines = await withBins(question, linesOf(question, context), context, run)
    // Every series is an action that does not exist.
    if (lines.length === 0) return { results: [], query: build.select([build.constant(1)]), ...ranges, hasMore: false }
    if (question.display.shape === 'box-plot') {
      const query = compileBoxes(question, lines)
      return { results: shapeBoxes(question, lines, await run(query), context), query, ...ranges, hasMore: false }
    }
    const query = compileTrends(question, lines, context)
    const rows = await run(query)
    const numbers = readNumbers(question, lines, rows)
    const hasMore = rows.some((row) => row.includes(otherValue))
    if (question.display.shape === 'calendar') return { results: shapeCalendar(question, numbers, context), query, ...ranges, hasMore }
    const shape = question.formulas.length ? shapeFormulas : shapeTrends
    return { results: shape(question, numbers, context), query, ...ranges, hasMore }
  },

  actors: trendsActors,
  events: trendsEvents,
}
