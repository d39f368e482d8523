import type { RetentionRow } from '../../api-client/insight-results.ts'
import type { RetentionQuery } from '../../query-model/nodes.ts'
import { retentionOf } from '../../query-model/retention.ts'

export interface RetentionCell {
  count: number
  /** Of those who began, or of the period before; undefined where nobody began. */
  share: number | undefined
  /** The period has not ended. */
  isUnfinished: boolean
  /** The period has not begun. */
  isFuture: boolean
}

export interface RetentionCohort {
  /** Its place in the answer. */
  index: number
  /** When the cohort began, as people read it. */
  label: string
  size: number
  cells: RetentionCell[]
  breakdown: string | number | undefined
}

export interface RetentionTable {
  columns: string[]
  cohorts: RetentionCohort[]
  unit: string
}

/** An answer as a table of shares. `asOf`: what has not begun then is left empty, what has not ended is marked. */
export function retentionTable(query: RetentionQuery, rows: readonly RetentionRow[], asOfMs: number, zone: string): RetentionTable {
  const { period, reference } = retentionOf(query)
  const starts = rows.map(({ date }) => Date.parse(date))
  const cohorts = rows.map((row, index): RetentionCohort => {
    const size = row.values[0]?.count ?? 0
    return {
      index,
      label: periodLabel(row.date, period, zone),
      size,
      breakdown: row.breakdown_value ?? undefined,
      cells: row.values.map(({ count }, column) => {
        const beginsAtMs = addPeriods(starts[index] ?? 0, period, column)
        const endsAtMs = addPeriods(starts[index] ?? 0, period, column + 1)
        const base = reference === 'previous' && column > 0 ? (row.values[column - 1]?.count ?? 0) : size
        return {
          count,
          share: base === 0 ? undefined : count / base,
          isFuture: beginsAtMs > asOfMs,
          isUnfinished: beginsAtMs <= asOfMs && endsAtMs > asOfMs,
        }
      }),
    }
  })
  const width = Math.max(0, ...cohorts.map(({ cells }) => cells.length))
  const columns = Array.from({ length: width }, (_, column) => rows[0]?.values[column]?.label ?? `${period} ${column}`)
  return { columns, cohorts, unit: period.toLowerCase() }
}

/** Shares over some cohorts together, unfinished periods left out; undefined where none of them has one. */
export function groupMean(query: RetentionQuery, { columns }: RetentionTable, cohorts: readonly RetentionCohort[]): (number | undefined)[] {
  const { mean } = retentionOf(query)
  return columns.map((_, column) => meanOf(cohorts, column, mean === 'simple' ? 'simple' : 'weighted'))
}

function meanOf(cohorts: readonly RetentionCohort[], column: number, mean: 'simple' | 'weighted'): number | undefined {
  const counted = cohorts.filter(({ size, cells }) => {
    const cell = cells[column]
    return size > 0 && cell !== undefined && !cell.isFuture && (!cell.isUnfinished || column === 0)
  })
  if (counted.length === 0) return undefined
  if (mean === 'simple') return counted.reduce((sum, { cells }) => sum + (cells[column]?.share ?? 0), 0) / counted.length
  const people = counted.reduce((sum, { size }) => sum + size, 0)
  return counted.reduce((sum, { size, cells }) => sum + (cells[column]?.share ?? 0) * size, 0) / people
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
  const words = new Intl.DateTimeFormat('en-GB', { ...formats[period], timeZone: zone }).format(new Date(date)).replace(',', '')
  return period === 'Week' ? `Week of ${words}` : words
}

/** Rows in groups of the breakdown's values; one group without a name where there is none. */
export function breakdownGroups(
  table: RetentionTable,
  nameOf: (value: string | number) => string,
): { label: string | undefined; cohorts: RetentionCohort[] }[] {
  const groups = new Map<string, RetentionCohort[]>()
  for (const cohort of table.cohorts) {
    const key = cohort.breakdown === undefined ? '' : `=${cohort.breakdown}`
    groups.set(key, [...(groups.get(key) ?? []), cohort])
  }
  return [...groups.entries()].map(([key, cohorts]) => ({ label: key === '' ? undefined : nameOf(cohorts[0]?.breakdown ?? ''), cohorts }))
}
