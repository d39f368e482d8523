import type { RetentionRow } from '../../api-client/insight-results.ts'
import type { RetentionQuery } from '../../query-model/nodes.ts'
import { retentionOf } from '../../query-model/retention.ts'
import { shortMonths } from '../../ui/time.ts'

export interface RetentionCell {
  count: number
  /** Of those who began, or of the period before; undefined where nobody began. */
  share: number | undefined
  /** What a property of the returning events adds up to, where that is asked for. */
  value?: number | undefined
  /** The period has not ended. */
  isUnfinished: boolean
  /** The period has not begun. */
  isFuture: boolean
}

export interface RetentionCohort {
  /** Its place in the answer. */
  index: number
  /** Which period of the range it began in, from 0; the same for each value of a breakdown. */
  row: number
  /** When the cohort began, as people read it. */
  label: string
  size: number
  cells: RetentionCell[]
  breakdown: NonNullable<RetentionRow['breakdown_value']> | undefined
}

export interface RetentionTable {
  columns: string[]
  cohorts: RetentionCohort[]
  unit: string
  /** What cells show. */
  shows: 'share' | 'sum' | 'avg'
}

/** An answer as a table of shares. `asOf`: what has not begun then is left empty, what has not ended is marked. */
export function retentionTable(query: RetentionQuery, rows: readonly RetentionRow[], asOfMs: number, zone: string): RetentionTable {
  const { period, reference } = retentionOf(query)
  const starts = rows.map(({ date }) => Date.parse(date))
  const begins = columnStarts(query, Math.max(0, ...rows.map(({ values }) => values.length)))
  const rowsOf = new Map<string, number>()
  const cohorts = rows.map((row, index): RetentionCohort => {
    const size = row.values[0]?.count ?? 0
    const value = JSON.stringify(row.breakdown_value ?? null)
    rowsOf.set(value, (rowsOf.get(value) ?? -1) + 1)
    return {
      index,
      row: rowsOf.get(value) ?? 0,
      label: periodLabel(row.date, period, zone),
      size,
      breakdown: row.breakdown_value ?? undefined,
      cells: row.values.map(({ count, aggregation_value: sum }, column) => {
        const beginsAtMs = addPeriods(starts[index] ?? 0, period, begins[column] ?? column)
        const endsAtMs = addPeriods(starts[index] ?? 0, period, begins[column + 1] ?? column + 1)
        const base = reference === 'previous' && column > 0 ? (row.values[column - 1]?.count ?? 0) : size
        return {
          count,
          share: base === 0 ? undefined : count / base,
          value: sum,
          isFuture: beginsAtMs > asOfMs,
          isUnfinished: beginsAtMs <= asOfMs && endsAtMs > asOfMs,
        }
      }),
    }
  })
  const width = Math.max(0, ...cohorts.map(({ cells }) => cells.length))
  const columns = Array.from({ length: width }, (_, column) => (rows[0]?.values[column]?.label ?? `${period} ${column}`).replace('-', '–'))
  return { columns, cohorts, unit: period.toLowerCase(), shows: showsOf(query) }
}

function showsOf(query: RetentionQuery): RetentionTable['shows'] {
  const { aggregationType = 'count' } = query.retentionFilter ?? {}
  return aggregationType === 'count' ? 'share' : aggregationType
}

/** In which period each column begins, and after the last of them when that ends. */
function columnStarts(query: RetentionQuery, width: number): number[] {
  const brackets = query.retentionFilter?.retentionCustomBrackets ?? []
  const starts = [0]
  for (let column = 0; column < width; column++) starts.push((starts[column] ?? 0) + (column === 0 ? 1 : (brackets[column - 1] ?? 1)))
  return starts
}

/**
 * What some cohorts show together, unfinished periods left out; undefined where none of them has one. Shares; of a sum, how much of it for
 * each who began; of an average, the average.
 */
export function groupMean(
  query: RetentionQuery,
  { columns, shows }: RetentionTable,
  cohorts: readonly RetentionCohort[],
): (number | undefined)[] {
  const { mean } = retentionOf(query)
  return columns.map((_, column) => meanOf(cohorts, column, mean === 'simple' ? 'simple' : 'weighted', shows))
}

function meanOf(
  cohorts: readonly RetentionCohort[],
  column: number,
  mean: 'simple' | 'weighted',
  shows: RetentionTable['shows'],
): number | undefined {
  const counted = cohorts.flatMap(({ size, cells }) => {
    const cell = cells[column]
    if (!cell || size === 0 || !isFinished(cell, column)) return []
    const weight = mean === 'simple' ? 1 : shows === 'avg' ? cell.count : size
    return [{ measure: measureOf(cell, size, shows) ?? 0, weight }]
  })
  const weights = counted.reduce((sum, { weight }) => sum + weight, 0)
  if (counted.length === 0) return undefined
  return weights === 0 ? 0 : counted.reduce((sum, { measure, weight }) => sum + measure * weight, 0) / weights
}

const isFinished = ({ isFuture, isUnfinished }: RetentionCell, column: number) => !isFuture && (!isUnfinished || column === 0)

/** As far as curves go: up to the last column that is over for somebody. */
export function finishedColumns({ columns, cohorts }: RetentionTable): string[] {
  const isOver = columns.map((_, column) =>
    cohorts.some(({ size, cells }) => {
      const cell = cells[column]
      return size > 0 && cell !== undefined && isFinished(cell, column)
    }),
  )
  return columns.slice(0, isOver.lastIndexOf(true) + 1)
}

/** What one cell adds to a curve. */
export function measureOf(cell: RetentionCell, size: number, shows: RetentionTable['shows']): number | undefined {
  switch (shows) {
    case 'share':
      return cell.share
    case 'sum':
      return size === 0 ? undefined : (cell.value ?? 0) / size
    case 'avg':
      return cell.value ?? 0
  }
}

type Period = 'Hour' | 'Day' | 'Week' | 'Month'

/** Near enough to tell what is over: a day with a change of the clocks is an hour off, and says so an hour late. */
function addPeriods(startMs: number, period: Period, count: number): number {
  const hourMs = 3_600_000
  switch (period) {
    case 'Hour':
      return startMs + count * hourMs
    case 'Day':
      return startMs + count * 24 * hourMs
    case 'Week':
      return startMs + count * 168 * hourMs
    case 'Month': {
      const date = new Date(startMs)
      date.setUTCMonth(date.getUTCMonth() + count)
      return date.getTime()
    }
  }
}

const formats: Record<Period, Intl.DateTimeFormatOptions> = {
  Hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  Day: { weekday: 'short', day: 'numeric', month: 'short' },
  Week: { day: 'numeric', month: 'short' },
  Month: { month: 'short', year: 'numeric' },
}

function periodLabel(date: string, period: Period, zone: string): string {
  const words = shortMonths(new Intl.DateTimeFormat('en-GB', { ...formats[period], timeZone: zone }).format(new Date(date))).replace(
    ',',
    '',
  )
  return period === 'Week' ? `Week of ${words}` : words
}

/** Rows in groups of the breakdown's values; one group without a name where there is none. */
export function breakdownGroups(
  table: RetentionTable,
  nameOf: (value: NonNullable<RetentionRow['breakdown_value']>) => string,
): { label: string | undefined; cohorts: RetentionCohort[] }[] {
  const groups = new Map<string, RetentionCohort[]>()
  for (const cohort of table.cohorts) {
    const key = cohort.breakdown === undefined ? '' : `=${cohort.breakdown}`
    groups.set(key, [...(groups.get(key) ?? []), cohort])
  }
  return [...groups.entries()].map(([key, cohorts]) => ({ label: key === '' ? undefined : nameOf(cohorts[0]?.breakdown ?? ''), cohorts }))
}
