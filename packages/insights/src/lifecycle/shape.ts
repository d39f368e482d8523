import type { InsightContext } from '../context.ts'
import { dayText, labelText } from '../dates/labels.ts'
import { stateOf } from './compile.ts'
import { type LifecycleQuestion, statuses } from './resolve.ts'

export interface LifecycleResult {
  status: string
  label: string
  count: number
  data: number[]
  days: string[]
  labels: string[]
  action: { id: string | number | null; name: string; type: string; order: number; math: 'total' }
}

/** Always all four statuses. */
export function shapeLifecycle(rows: unknown[][], question: LifecycleQuestion, context: InsightContext): LifecycleResult[] {
  const { interval, periods, range, series, scale } = question
  const counts = new Map(rows.map(([state, actors]) => [Number(state), scale(Number(actors))]))
  const days = periods.map((start) => dayText(interval, start, context.timezone))
  const labels = periods.map((start) => labelText(interval, start, range, context))
  return statuses.map((status) => {
    const sign = status === 'dormant' ? -1 : 1
    const data = periods.map((_, i) => sign * (counts.get(stateOf(i + 1, status)) ?? 0) + 0)
    const { id, name, type } = series
    return {
      status,
      label: `${name} - ${status}`,
      count: data.reduce((sum, count) => sum + count, 0),
      data,
      days,
      labels,
      action: { id: type === 'actions' ? String(id) : id, name, type, order: 0, math: 'total' },
    }
  })
}
