import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext } from '../context.ts'
import { bucketStarts, step } from '../dates/interval.ts'
import { dayText, labelText } from '../dates/labels.ts'
import { did, otherValue } from './compile.ts'
import { fn, int, named, selectFrom } from './expressions.ts'
import type { FunnelQuestion } from './resolve.ts'
import { shownBreakdown } from './shape.ts'
import { walkOf } from './walk.ts'

/** Rows of a value (empty without a breakdown), a period's number, how many of those that entered in it did the first step asked for, and how many the last. */
export function ratesQuery(question: FunnelQuestion, context: InsightContext): syntax.Select {
  const { breakdown, fromStep, toStep } = question
  const counts = [build.alias('entered', fn('countIf', did(fromStep))), build.alias('converted', fn('countIf', did(toStep)))]
  const value = breakdown ? named('value') : build.alias('value', build.array([]))
  const grouped = selectFrom(walkOf(question, context).query, [value, named('period'), ...counts], {
    groupBy: { mode: 'plain', exprs: [...(breakdown ? [named('value')] : []), named('period')] },
  })
  if (breakdown?.limit === undefined) return grouped
  const over = (name: string, args: syntax.Expr[], orderBy: syntax.OrderBy[], partitionBy: syntax.Expr[] = []): syntax.Expr => ({
    kind: 'call',
    name,
    args,
    over: { partitionBy, orderBy },
  })
  const weighed = selectFrom(grouped, [
    ...['value', 'period', 'entered', 'converted'].map(named),
    build.alias('weight', over('sum', [named('entered')], [], [named('value')])),
  ])
  const placed = selectFrom(weighed, [
    ...['value', 'period', 'entered', 'converted'].map(named),
    build.alias('place', over('dense_rank', [], [build.orderBy(named('weight'), true), build.orderBy(named('value'))])),
  ])
  const isKept = fn('lessOrEquals', named('place'), int(breakdown.limit))
  const shown = build.alias('shown', fn('if', isKept, named('value'), build.array([build.constant(otherValue)])))
  return selectFrom(placed, [shown, named('period'), fn('sum', named('entered')), fn('sum', named('converted'))], {
    groupBy: { mode: 'plain', exprs: [named('shown'), named('period')] },
  })
}

export interface RatesResult {
  count: number
  /** Percent, two decimals. */
  data: number[]
  days: string[]
  labels: string[]
  breakdown?: string[] | string
  breakdown_value?: string[] | number
}

function shownPeriods({ range, interval, hidesOpenPeriods, windowSeconds }: FunnelQuestion, context: InsightContext): Date[] {
  const starts = bucketStarts(interval, range.from, range.to, context)
  if (!hidesOpenPeriods) return starts
  const closedBefore = context.now.getTime() - windowSeconds * 1000
  return starts.filter((start) => step(interval, start, 1, context).getTime() <= closedBefore)
}

/** One row a value, those that most actors entered with first; one row without a breakdown, whether anyone entered or not. */
export function shapeRates(question: FunnelQuestion, context: InsightContext, rows: unknown[][]): RatesResult[] {
  const { range, interval, breakdown } = question
  const starts = shownPeriods(question, context)
  const axis = {
    days: starts.map((start) => dayText(interval, start, context.timezone)),
    labels: starts.map((start) => labelText('day', start, range, context)),
  }
  const lines = new Map<string, { value: unknown; entered: number; data: number[] }>()
  if (!breakdown) lines.set('[]', { value: [], entered: 0, data: starts.map(() => 0) })
  for (const [value, period, entered, converted] of rows) {
    const key = JSON.stringify(value)
    const line = lines.get(key) ?? { value, entered: 0, data: starts.map(() => 0) }
    lines.set(key, line)
    line.entered += Number(entered)
    if (Number(entered) > 0) line.data[Number(period)] = Math.round((Number(converted) / Number(entered)) * 10_000) / 100
  }
  const ordered = [...lines].sort(([a, x], [b, y]) => y.entered - x.entered || (a < b ? -1 : 1))
  return ordered.map(([, { value, data }]) => ({
    count: starts.length,
    data: data.slice(0, starts.length),
    ...axis,
    ...(breakdown ? shownBreakdown(question, value) : {}),
  }))
}
