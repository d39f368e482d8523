import type { InsightContext } from '../context.ts'
import { instantText } from '../dates/labels.ts'
import { otherValue } from '../trends/breakdown.ts'
import type { RetentionQuestion } from './resolve.ts'

export interface RetentionRow {
  /** Start of the interval, with the project's offset. */
  date: string
  label: string
  values: RetentionValue[]
  breakdown_value?: string
}

export interface RetentionValue {
  count: number
  label: string
  aggregation_value?: number
}

type Cell = [column: number, actors: number, total: number]

interface Part {
  value: string
  /** By row. */
  cells: Map<number, Cell[]>
}

/** All rows of the first value of a breakdown, then those of the next. */
export function shapeRetention(answer: unknown[][], question: RetentionQuestion, context: InsightContext): RetentionRow[] {
  const { breakdown } = question
  const parts = new Map<number, Part>()
  for (const [place, value, row, cells] of answer as [number, string, number, Cell[]][]) {
    const part = parts.get(place) ?? { value, cells: new Map() }
    parts.set(place, part)
    part.cells.set(row, cells)
  }
  if (!breakdown) return shapeRows(parts.get(1)?.cells ?? new Map(), question, context)
  const inOrder = breakdown.cohorts
    ? everyCohort([...parts.values()], breakdown.cohorts)
    : [...parts].sort(([a], [b]) => a - b).map(([, part]) => part)
  return inOrder
    .filter(({ value }) => !(breakdown.hidesOther && value === otherValue))
    .flatMap(({ value, cells }) => shapeRows(cells, question, context).map((row) => ({ ...row, breakdown_value: value })))
}

/** Those that have no actors as well, last; as they were asked for, where they are of the same size. */
function everyCohort(parts: Part[], cohorts: (number | null)[]): Part[] {
  const asked = cohorts.map((id) => String(id ?? 0))
  const known = new Map(parts.map((part) => [part.value, part]))
  const sizeOf = ({ cells }: Part) =>
    [...cells.values()].flat().reduce((sum, [column, actors]) => sum + (Number(column) === 0 ? Number(actors) : 0), 0)
  return asked.map((value) => known.get(value) ?? { value, cells: new Map() }).sort((a, b) => sizeOf(b) - sizeOf(a))
}

function shapeRows(cells: Map<number, Cell[]>, question: RetentionQuestion, context: InsightContext): RetentionRow[] {
  const { rows, labels } = question
  const unit = labels[0]?.split(' ')[0] ?? ''
  return rows.map((start, row) => {
    const byColumn = new Map((cells.get(row) ?? []).map((cell) => [Number(cell[0]), cell]))
    return {
      date: instantText(start, context.timezone),
      label: `${unit} ${row}`,
      values: labels.map((label, column) => shapeValue(label, byColumn.get(column), question)),
    }
  })
}

function shapeValue(label: string, cell: Cell | undefined, { aggregation, scale }: RetentionQuestion): RetentionValue {
  const [, actors, total] = cell ?? [0, 0, 0]
  const value = { count: scale(Number(actors)), label }
  if (!aggregation) return value
  if (aggregation.type === 'sum') return { ...value, aggregation_value: Number(total) }
  return { ...value, aggregation_value: Number(actors) === 0 ? 0 : Number(total) / Number(actors) }
}
