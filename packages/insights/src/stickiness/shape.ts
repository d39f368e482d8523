import type { StickinessLine, StickinessQuestion } from './resolve.ts'

export interface StickinessResult {
  label: string
  count: number
  data: number[]
  /** 1, 2, … intervals. */
  days: number[]
  labels: string[]
  action: object
  compare?: true
  compare_label?: 'current' | 'previous'
}

export function shapeStickiness(rows: unknown[][], question: StickinessQuestion): StickinessResult[] {
  const counts = new Map(rows.map(([line, intervals, actors]) => [`${line} ${intervals}`, Number(actors)]))
  return question.lines.map((line, index) => shapeLine(line, (intervals) => counts.get(`${index} ${intervals}`) ?? 0, question))
}

function shapeLine(
  { series, period }: StickinessLine,
  actorsWith: (intervals: number) => number,
  { interval, isCumulative, scale }: StickinessQuestion,
): StickinessResult {
  const days = Array.from({ length: period.intervals }, (_, i) => i + 1)
  const exactly = days.map((intervals) => scale(actorsWith(intervals)))
  const orMore = exactly.map((_, i) => exactly.slice(i).reduce((sum, count) => sum + count, 0))
  return {
    label: series.name,
    count: exactly.reduce((sum, count) => sum + count, 0),
    data: isCumulative ? orMore : exactly,
    days,
    labels: days.map((day) => `${day} ${interval}${day === 1 ? '' : 's'}${isCumulative ? ' or more' : ''}`),
    action: { order: series.index, type: series.type, name: series.name, id: series.id, custom_name: series.customName },
    ...(period.label ? { compare: true, compare_label: period.label } : {}),
  }
}
