import type { InsightContext } from '../context.ts'
import { dayText, labelText } from '../dates/labels.ts'
import { nullValue, otherValue } from './breakdown.ts'
import { evaluate } from './formula.ts'
import { cohortText, type Line } from './lines.ts'
import { breakdownColumns } from './ranked.ts'
import type { Period, TrendsQuestion } from './resolve.ts'

/** A line's numbers, for one breakdown value if there are any. */
export interface Numbers {
  line: Line
  /** One text a dimension; empty without breakdown. */
  values: string[]
  data: number[]
  /** Over the whole range; 0 where there are buckets. */
  total: number
}

export type TrendsRow = Record<string, unknown>

const numberOf = (cell: unknown): number => {
  const number = Number(cell ?? 0)
  return Number.isFinite(number) ? number : 0
}

/** The engine's rows, bucket by bucket, in the order in which lines and values are shown. */
export function readNumbers(question: TrendsQuestion, lines: Line[], rows: unknown[][]): Numbers[] {
  const byNumber = new Map(lines.map((line): [number, { line: Line; rows: unknown[][] }] => [line.number, { line, rows: [] }]))
  for (const row of rows) {
    const number = lines.length > 1 ? Number(row[0]) : lines[0]?.number
    byNumber.get(number ?? 0)?.rows.push(lines.length > 1 ? row.slice(1) : row)
  }
  const groups = [...byNumber.values()]
  if (!question.breakdown) return groups.map(({ line, rows: own }) => withoutBreakdown(question, line, own))
  return groups.flatMap(({ line, rows: own }) => withBreakdown(question, line, own))
}

function withoutBreakdown(question: TrendsQuestion, line: Line, rows: unknown[][]): Numbers {
  if (!line.buckets) return { line, values: [], data: [], total: numberOf(rows[0]?.[0]) }
  const points = rows.map(([key, count]): [unknown, unknown] => [key, count])
  const data = laidOut(line, points, line.series.math.kind === 'active')
  return { line, values: [], data: smoothed(integrated(data, line.integrations), question.smoothing), total: 0 }
}

/** A number for every bucket; `holds`: a number stands until the next one. */
function laidOut({ buckets }: Line, points: [unknown, unknown][], holds: boolean): number[] {
  const data = new Array<number>(buckets?.count ?? 0).fill(holds ? Number.NaN : 0)
  for (const [key, count] of points) {
    const index = buckets?.indexOf(key)
    if (index !== undefined && index in data) data[index] = numberOf(count)
  }
  let last = 0
  return data.map((number) => {
    last = Number.isNaN(number) ? last : number
    return last
  })
}

function integrated(data: number[], times: number): number[] {
  if (times === 0) return data
  let sum = 0
  return integrated(
    data.map((number) => {
      sum += number
      return sum
    }),
    times - 1,
  )
}

function smoothed(data: number[], points: number): number[] {
  if (points === 1) return data
  return data.map((_, i) => {
    const window = data.slice(Math.max(0, i - points + 1), i + 1)
    return Math.floor(window.reduce((all, number) => all + number, 0) / window.length)
  })
}

function withBreakdown(question: TrendsQuestion, line: Line, rows: unknown[][]): Numbers[] {
  const size = breakdownColumns(question).length
  const found = rows.map((row): Numbers => {
    const values = row.slice(0, size).map(String)
    const data = row[size + 1]
    if (!line.buckets) return { line, values, data: [], total: numberOf(data) }
    if (question.smoothing > 1) return { line, values, data: (data as unknown[]).slice(0, line.buckets.count).map(numberOf), total: 0 }
    const [keys = [], counts = []] = data as [unknown[], unknown[]]
    const points = keys.map((key, i): [unknown, unknown] => [key, counts[i]])
    return { line, values, data: integrated(laidOut(line, points, false), line.integrations), total: 0 }
  })
  const { cohorts, hidesOther } = question.breakdown ?? {}
  if (cohorts) {
    const zero = line.buckets ? new Array<number>(line.buckets.count).fill(0) : []
    return cohorts.map(
      (id) => found.find(({ values }) => values[0] === cohortText(id)) ?? { line, values: [cohortText(id)], data: zero, total: 0 },
    )
  }
  const shown = hidesOther ? found.filter(({ values }) => !values.includes(otherValue)) : found
  // The engine's order, but what is no value of its own comes last.
  return [0, 1, 2].flatMap((rank) => shown.filter(({ values }) => rankOf(values) === rank))
}

function rankOf(values: string[]): 0 | 1 | 2 {
  if (values.includes(otherValue)) return 2
  return values.includes(nullValue) ? 1 : 0
}

/** Rows as the API answers them, current before previous. */
export function shapeTrends(question: TrendsQuestion, numbers: Numbers[], context: InsightContext): TrendsRow[] {
  return question.periods.flatMap((period) => {
    const own = numbers.filter(({ line }) => line.period === period)
    const cohorts = question.breakdown?.cohorts
    // compat: cohort by cohort, each with all its series.
    const ordered = cohorts ? cohorts.flatMap((id) => own.filter(({ values }) => values[0] === cohortText(id))) : own
    return ordered.map((each) => seriesRow(question, each, context))
  })
}

export function seriesRow(question: TrendsQuestion, { line, values, data, total }: Numbers, context: InsightContext): TrendsRow {
  const { series } = line
  const { days, labels, instants } = axis(question, line.period, context)
  const value = valueLabel(question, values, context)
  const label = value === undefined ? series.name : question.series.length > 1 ? `${series.name} - ${value}` : value
  return {
    action: { ...actionOf(line), days: instants },
    order: series.index,
    label,
    ...(question.display.isTotal ? { count: 0, aggregated_value: total } : { count: countOf(question, data) }),
    data,
    labels,
    days,
    ...breakdownOf(question, values),
    ...compareOf(line.period),
    filter: {},
  }
}

const sum = (data: number[]): number => data.reduce((all, number) => all + number, 0)
const countOf = ({ display }: TrendsQuestion, data: number[]): number => (display.isCumulative ? (data.at(-1) ?? 0) : sum(data))
const compareOf = ({ label }: Period): TrendsRow => (label ? { compare: true, compare_label: label } : {})

interface Axis {
  days: string[]
  labels: string[]
  instants: string[]
}

/** Worked out once for all rows of a period: there may be thousands of buckets, and hundreds of rows. */
const axes = new WeakMap<Period, Axis>()

function axis(question: TrendsQuestion, period: Period, context: InsightContext): Axis {
  const known = axes.get(period)
  if (known) return known
  const { starts, range } = period
  const made = {
    days: starts.map((start) => dayText(question.interval, start, context.timezone)),
    labels: starts.map((start) => labelText(question.interval, start, range, context)),
    instants: starts.map((start) => start.toISOString()),
  }
  axes.set(period, made)
  return made
}

function actionOf({ series: { type, id, index, name, customName, node } }: Line): TrendsRow {
  return {
    id: id === null ? null : id,
    type,
    order: index,
    name,
    custom_name: customName,
    math: node.math ?? null,
    math_property: node.math_property ?? null,
    math_hogql: node.math_hogql ?? null,
    math_group_type_index: node.math_group_type_index ?? null,
    properties: node.properties ?? [],
  }
}

function valueLabel({ breakdown }: TrendsQuestion, values: string[], context: InsightContext): string | undefined {
  if (!breakdown) return undefined
  if (!breakdown.cohorts) return values.join('::')
  return values[0] === 'all' ? 'all users' : (context.cohorts.get(Number(values[0]))?.name ?? `cohort ${values[0]}`)
}

function breakdownOf({ breakdown }: TrendsQuestion, values: string[]): TrendsRow {
  if (!breakdown) return {}
  if (breakdown.cohorts) return { breakdown_value: values[0] === 'all' ? 'all' : Number(values[0]) }
  return { breakdown_value: breakdown.isList ? values : values[0] }
}

// ── formulas ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** For each formula its current rows, then its previous ones. */
export function shapeFormulas(question: TrendsQuestion, numbers: Numbers[], context: InsightContext): TrendsRow[] {
  return question.formulas.flatMap(({ label, formula }, order) =>
    question.periods.flatMap((period) => {
      const own = numbers.filter(({ line }) => line.period === period)
      const rows = combinations(question, own).map(({ values, bySeries }) => {
        const data = period.starts.map((_, i) => evaluate(formula, (index) => bySeries.get(index)?.data[i] ?? 0))
        const total = evaluate(formula, (index) => bySeries.get(index)?.total ?? 0)
        return { values, row: formulaRow(question, period, { label, order, values, data, total }, context) }
      })
      const size = ({ row }: { row: TrendsRow }) => Number(question.display.isTotal ? row.aggregated_value : row.count)
      const last = ({ values }: { values: string[] }) => (period.label ? 0 : rankOf(values))
      return rows.sort((a, b) => last(a) - last(b) || size(b) - size(a)).map(({ row }) => row)
    }),
  )
}

/** Every breakdown value that any series has, with the numbers of those that have it. */
function combinations(question: TrendsQuestion, numbers: Numbers[]): { values: string[]; bySeries: Map<number, Numbers> }[] {
  const found = new Map<string, { values: string[]; bySeries: Map<number, Numbers> }>()
  if (!question.breakdown) found.set('[]', { values: [], bySeries: new Map() })
  for (const each of numbers) {
    const key = JSON.stringify(each.values)
    const known = found.get(key) ?? { values: each.values, bySeries: new Map<number, Numbers>() }
    known.bySeries.set(each.line.series.index, each)
    found.set(key, known)
  }
  return [...found.values()]
}

interface FormulaNumbers {
  label: string
  order: number
  values: string[]
  data: number[]
  total: number
}

function formulaRow(question: TrendsQuestion, period: Period, given: FormulaNumbers, context: InsightContext): TrendsRow {
  const { label, order, values, data, total } = given
  const { days, labels } = axis(question, period, context)
  const isTotal = question.display.isTotal
  return {
    action: null,
    order,
    label,
    ...(isTotal ? { count: 0, aggregated_value: total, data: null } : { count: countOf(question, data), data }),
    labels,
    days,
    ...breakdownOf(question, values),
    ...compareOf(period),
    filter: {},
  }
}
