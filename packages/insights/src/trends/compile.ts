import type { syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { unionAll } from '../question/union.ts'
import { armOf, isPlain, type Plan } from './arms.ts'
import type { Line } from './lines.ts'
import { ranked } from './ranked.ts'
import type { TrendsQuestion } from './resolve.ts'
import { sharedArm } from './shared-scan.ts'

/**
 * All lines as one query. Without breakdown its rows are `line` (where there are several), `bucket` (unless it is one number over the whole
 * range) and `count`; with one, see {@link ranked}. Lines that can, share one scan of the events.
 */
export function compileTrends(question: TrendsQuestion, lines: Line[], context: InsightContext): syntax.Query {
  const plan: Plan = { question, context, saysLine: lines.length > 1 }
  // Smoothing lays out each line's numbers by itself, so a shared scan would be read once for each.
  const isShared = !(question.breakdown && question.smoothing > 1)
  const arms = question.periods.flatMap((period) => {
    const own = lines.filter((line) => line.period === period)
    const plain = isShared ? own.filter((line) => isPlain(line, question)) : []
    const together = plain.length > 1 ? plain : []
    const rest = own.filter((line) => !together.some((each) => each === line))
    return [
      ...(together.length ? [{ line: together as Line[], query: sharedArm(plan, together) }] : []),
      ...rest.map((line) => ({ line: [line], query: armOf(plan, line) })),
    ]
  })
  if (question.breakdown) return ranked(arms, lines, question, unionAll)
  return unionAll(arms.map(({ query }) => query))
}
