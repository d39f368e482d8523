import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { did, timeOfStep } from './compile.ts'
import { fn, int, minus, named, selectFrom } from './expressions.ts'
import { type FunnelQuestion, funnelLimits } from './resolve.ts'
import { walkOf } from './walk.ts'

type Expr = syntax.Expr

const over = (name: string, args: Expr[] = [], params?: Expr[]): Expr => ({
  kind: 'call',
  name,
  args,
  over: { partitionBy: [], orderBy: [] },
  ...(params ? { params } : {}),
})

/** How many actors took how long between two steps: rows of a bin's number, its count, then, alike in all rows, start, width, number of bins, average and median. */
export function timesQuery(question: FunnelQuestion, context: InsightContext): syntax.Select {
  const { fromStep, toStep, binCount } = question
  const seconds = fn('divide', minus(timeOfStep(question, toStep), timeOfStep(question, fromStep)), int(1_000_000))
  const timed = selectFrom(walkOf({ ...question, view: 'steps' }, context).query, [build.alias('seconds', seconds)], { where: did(toStep) })
  const automatic = fn('least', int(60), fn('greatest', int(1), fn('_toInt64', fn('ceil', fn('cbrt', over('count'))))))
  const measured = selectFrom(timed, [
    named('seconds'),
    build.alias('least_seconds', fn('floor', over('min', [named('seconds')]))),
    build.alias('most_seconds', fn('ceil', over('max', [named('seconds')]))),
    build.alias('bins', binCount === undefined ? automatic : fn('_toInt64', int(Math.min(binCount, funnelLimits.bins)))),
    build.alias('average', over('avg', [named('seconds')])),
    build.alias('median_seconds', over('quantileExactInclusive', [named('seconds')], [build.constant(0.5)])),
  ])
  const width = fn('ceil', fn('divide', minus(named('most_seconds'), named('least_seconds')), named('bins')))
  const binned = selectFrom(measured, [
    named('seconds'),
    named('least_seconds'),
    build.alias('width', fn('if', fn('greater', width, int(0)), width, fn('toFloat64', int(60)))),
    named('bins'),
    named('average'),
    named('median_seconds'),
  ])
  const keys = ['least_seconds', 'width', 'bins', 'average', 'median_seconds'].map(named)
  const bin = build.alias('bin', fn('_toInt64', fn('floor', fn('divide', minus(named('seconds'), named('least_seconds')), named('width')))))
  return selectFrom(binned, [bin, build.alias('actors', fn('count')), ...keys], {
    groupBy: { mode: 'plain', exprs: [named('bin'), ...keys] },
    orderBy: [build.orderBy(named('bin'))],
  })
}

export interface TimesResult {
  /** Start in seconds, and how many actors; one more than there are bins, the last for those at the upper edge. */
  bins: [number, number][]
  average_conversion_time: number | null
  median_conversion_time: number | null
}

export function shapeTimes(question: FunnelQuestion, rows: unknown[][]): TimesResult {
  const [first] = rows
  if (!first) return { bins: [], average_conversion_time: null, median_conversion_time: null }
  const [, , start = 0, width = 60, bins = 1, average = 0, median = 0] = first.map(Number)
  const counts = new Map(rows.map(([bin, count]) => [Number(bin), Number(count)]))
  return {
    bins: Array.from({ length: bins + 1 }, (_, i) => [start + i * width, Math.round((counts.get(i) ?? 0) / question.sampledShare)]),
    average_conversion_time: average,
    median_conversion_time: median,
  }
}
