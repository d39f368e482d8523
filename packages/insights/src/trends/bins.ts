import { build, type syntax } from '@hedgerow/hogql'
import type { InsightContext, RunTree } from '../context.ts'
import { unionAll } from '../question/union.ts'
import { breakdownValues, eventsOf, type Line } from './lines.ts'
import type { TrendsQuestion } from './resolve.ts'

/** What the last bin is wider by, so that it includes the greatest number. */
const widening = 0.01

/** The lines with the edges of their bins, which the least and the greatest number of their events give. One query, where there are bins. */
export async function withBins(question: TrendsQuestion, lines: Line[], context: InsightContext, run: RunTree): Promise<Line[]> {
  const dimensions = question.breakdown?.dimensions ?? []
  if (lines.length === 0 || dimensions.every(({ bins }) => !bins)) return lines
  const rows = await run(unionAll(lines.map((line) => extremesOf(question, line, context))))
  const byLine = new Map(rows.map(([number, ...extremes]) => [Number(number), extremes]))
  return lines.map((line) => {
    const extremes = byLine.get(line.number) ?? []
    const edges = dimensions.map(({ bins }, i) => bins && edgesOf(extremes[2 * i], extremes[2 * i + 1], bins.count))
    return { ...line, edges }
  })
}

function extremesOf(question: TrendsQuestion, line: Line, context: InsightContext): syntax.Select {
  const numbers = (question.breakdown?.dimensions ?? []).map(({ bins }) => bins?.number ?? build.constant(null))
  const { events } = breakdownValues(undefined, line, context)
  return build.select(
    [
      build.alias('line', build.constant(line.number)),
      ...numbers.flatMap((number, i) => [
        build.alias(`least_${i}`, build.call('toFloat', build.call('min', number))),
        build.alias(`greatest_${i}`, build.call('toFloat', build.call('max', number))),
      ]),
    ],
    {
      from: { table: build.table('events'), joins: [] },
      where: build.and([...eventsOf(question, line), ...events]),
    },
  )
}

/** The lower edges of all bins, and the upper one of the last; undefined where there is no number. */
export function edgesOf(least: unknown, greatest: unknown, count: number): number[] | undefined {
  if (typeof least !== 'number' || typeof greatest !== 'number') return undefined
  const last = rounded(greatest + widening)
  if (least === greatest) return [least, last]
  const width = (greatest - least) / count
  const edges = Array.from({ length: count }, (_, i) => rounded(least + i * width))
  return [...new Set([...edges, last])]
}

/** Without what floating point adds at the end. */
const rounded = (number: number): number => Number(number.toPrecision(12))
