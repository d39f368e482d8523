import { isNumericColumn } from './cells.ts'

/** Which columns make a chart: one across, numbers up. */
export interface ChartColumns {
  x: number
  y: number[]
}

// limit: more lines than this cannot be told apart.
const mostLines = 12

/** The columns that were named, else: the first that is no number across, every number up. Undefined where nothing can be drawn. */
export function chartColumns(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  wanted: { x?: string | undefined; y?: readonly string[] | undefined },
): ChartColumns | undefined {
  const numeric = columns.flatMap((_, index) => (isNumericColumn(rows, index) ? [index] : []))
  const named = wanted.x === undefined ? -1 : columns.indexOf(wanted.x)
  const x = named >= 0 ? named : columns.findIndex((_, index) => !numeric.includes(index))
  const across = Math.max(x, 0)
  const chosen = (wanted.y ?? []).map((name) => columns.indexOf(name)).filter((index) => index >= 0 && numeric.includes(index))
  const others = numeric.filter((index) => index !== across)
  const y = chosen.length > 0 ? chosen : others.length > 0 ? others : numeric
  return y.length === 0 ? undefined : { x: across, y: y.slice(0, mostLines) }
}
