import { build, type syntax } from '@hedgerow/hogql'
import { type InsightContext, invalidQuestion } from '../context.ts'
import { unionAll } from '../question/union.ts'
import { eventsOf, hoursOfWeek, type Line } from './lines.ts'
import type { TrendsQuestion } from './resolve.ts'
import { type Numbers, seriesRow, type TrendsRow } from './shape.ts'
import { type Statistic, statisticOf } from './statistics.ts'

const { alias, call, field } = build

// ── box plot ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const boxes: [name: string, statistic: Statistic][] = [
  ['min', 'min'],
  ['p25', 'p25'],
  ['median', 'median'],
  ['mean', 'avg'],
  ['p75', 'p75'],
  ['p95', 'p95'],
  ['max', 'max'],
]

/** What there is to draw of each bucket's numbers: a row a line and bucket. @throws HogqlError where a series has no property */
export function compileBoxes(question: TrendsQuestion, lines: Line[]): syntax.Query {
  const arms = lines.map((line) => {
    const { math, index } = line.series
    if (math.kind !== 'property')
      throw invalidQuestion(`The display BoxPlot draws numbers: series[${index}] needs math_property, and a math like avg`)
    const bucket = line.buckets?.key(field('timestamp')) ?? build.constant(0)
    const numbers = boxes.map(([name, statistic]) => alias(name, call('toFloat64', statisticOf(statistic, math.value))))
    const items = [
      alias('line', build.constant(line.number)),
      alias('bucket', bucket),
      alias('count', call('count', math.value)),
      ...numbers,
    ]
    return build.select(items, {
      from: { table: build.table('events'), joins: [] },
      where: build.and(eventsOf(question, line)),
      groupBy: build.groupBy(field('line'), field('bucket')),
    })
  })
  return unionAll(arms)
}

/** Rows as of a line chart of medians, each with `boxplot_data`: `{day, label, count, min, p25, median, mean, p75, p95, max}` a bucket. */
export function shapeBoxes(question: TrendsQuestion, lines: Line[], rows: unknown[][], context: InsightContext): TrendsRow[] {
  return lines.map((line) => {
    const size = line.buckets?.count ?? 0
    const names = ['count', ...boxes.map(([name]) => name)]
    const empty = Object.fromEntries(names.map((name) => [name, 0]))
    const found = new Array<Record<string, number>>(size).fill(empty)
    for (const [number, key, ...cells] of rows) {
      const index = Number(number) === line.number ? line.buckets?.indexOf(key) : undefined
      if (index !== undefined) found[index] = Object.fromEntries(names.map((name, i) => [name, Number(cells[i] ?? 0)]))
    }
    const data = found.map(({ median = 0 }) => median)
    const row = seriesRow(question, { line, values: [], data, total: 0 }, context)
    const [days, labels] = [row.days as string[], row.labels as string[]]
    return { ...row, boxplot_data: found.map((numbers, i) => ({ day: days[i], label: labels[i], ...numbers })) }
  })
}

// ── calendar ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Each line with `calendar_heatmap_data`: `data` has a cell `{row, column, value}` for each weekday (row 0 is Sunday) and hour (column, 0 to 23)
 * of the project's time zone; `rowAggregations` and `columnAggregations` add them up, `allAggregations` is their sum.
 */
export function shapeCalendar(question: TrendsQuestion, numbers: Numbers[], context: InsightContext): TrendsRow[] {
  return numbers.map((each) => {
    const cells = Array.from({ length: hoursOfWeek.count }, (_, i) => ({
      row: Math.floor(i / 24),
      column: i % 24,
      value: each.data[i] ?? 0,
    }))
    const added = (axis: 'row' | 'column', length: number) =>
      Array.from({ length }, (_, at) => ({ [axis]: at, value: sum(cells.filter((cell) => cell[axis] === at)) }))
    const all = sum(cells)
    return {
      ...seriesRow(question, { ...each, data: [] }, context),
      count: all,
      calendar_heatmap_data: {
        data: cells,
        rowAggregations: added('row', 7),
        columnAggregations: added('column', 24),
        allAggregations: all,
      },
    }
  })
}

const sum = (cells: { value: number }[]): number => cells.reduce((all, { value }) => all + value, 0)
