import type {
  FunnelTrendRow,
  LifecycleRow,
  PathEdge,
  RetentionRow,
  TimeToConvertResult,
  TrendsRow,
} from '../../api-client/insight-results.ts'
import { breakdownLabel } from '../../query-model/breakdown.ts'
import { vizOf } from '../../query-model/funnels.ts'
import { stateWords } from '../../query-model/lifecycle.ts'
import type { FunnelsQuery, InsightQuery, TrendsQuery } from '../../query-model/nodes.ts'
import { displayOf, isTotal } from '../../query-model/trends.ts'
import { funnelPaths } from './funnel-steps.ts'
import { readId } from './sankey-layout.ts'
import { linesOf } from './trends-lines.ts'

export type Cell = string | number | null

/** An answer as rows, one fact in each: what is exported, and what a spreadsheet or a script wants. */
export interface AnswerTable {
  columns: string[]
  rows: Cell[][]
}

export function answerTable(query: InsightQuery, results: unknown): AnswerTable {
  switch (query.kind) {
    case 'TrendsQuery':
      return trendsTable(query, (results ?? []) as TrendsRow[])
    case 'FunnelsQuery':
      return funnelTable(query, results)
    case 'RetentionQuery':
      return {
        columns: ['cohort', 'breakdown', 'period', 'people', 'began', ...(query.retentionFilter?.aggregationType ? ['value'] : [])],
        rows: ((results ?? []) as RetentionRow[]).flatMap(({ date, values, breakdown_value: breakdown }) =>
          values.map(({ count, label, aggregation_value: value }, index): Cell[] => [
            date,
            breakdown === undefined || breakdown === null ? null : breakdownLabel(breakdown),
            label ?? String(index),
            count,
            values[0]?.count ?? 0,
            ...(value === undefined ? [] : [value]),
          ]),
        ),
      }
    case 'PathsQuery':
      return {
        columns: ['step', 'from', 'to', 'count', 'average_seconds'],
        rows: ((results ?? []) as PathEdge[]).map(({ source, target, value, average_conversion_time: ms }) => {
          const from = readId(source)
          return [from.column + 1, from.item, readId(target).item, value, ms === null ? null : ms / 1000]
        }),
      }
    case 'LifecycleQuery':
      return {
        columns: ['date', 'state', 'people'],
        rows: ((results ?? []) as LifecycleRow[]).flatMap(({ status, days, data }) =>
          days.map((day, index): Cell[] => [day, stateWords[status].label, data[index] ?? 0]),
        ),
      }
    case 'StickinessQuery':
      return {
        columns: ['series', 'intervals', 'people'],
        rows: ((results ?? []) as TrendsRow[]).flatMap(({ label, days, data }) =>
          days.map((day, index): Cell[] => [label, Number(day), data?.[index] ?? 0]),
        ),
      }
  }
}

function trendsTable(query: TrendsQuery, rows: readonly TrendsRow[]): AnswerTable {
  const lines = linesOf(query, rows)
  if (isTotal(displayOf(query))) return { columns: ['series', 'value'], rows: lines.map(({ label, total }) => [label, total]) }
  return {
    columns: ['date', 'series', 'value'],
    rows: lines.flatMap(({ label, days, data }) => days.map((day, index): Cell[] => [day, label, data[index] ?? 0])),
  }
}

function funnelTable(query: FunnelsQuery, results: unknown): AnswerTable {
  switch (vizOf(query)) {
    case 'steps':
      return {
        columns: ['breakdown', 'step', 'name', 'people', 'share_of_first', 'share_of_previous', 'median_seconds'],
        rows: funnelPaths(query, results).flatMap(({ label, steps }) =>
          steps.map((step): Cell[] => [label, step.number, step.name, step.count, step.share, step.shareOfPrevious, step.medianSeconds]),
        ),
      }
    case 'time_to_convert':
      return {
        columns: ['from_seconds', 'people'],
        rows: ((results as TimeToConvertResult | null)?.bins ?? []).map(([from, count]) => [from, count]),
      }
    case 'trends':
      return {
        columns: ['date', 'breakdown', 'conversion_percent'],
        rows: ((results ?? []) as FunnelTrendRow[]).flatMap(({ days, data, breakdown_value: breakdown }) =>
          days.map((day, index): Cell[] => [
            day,
            breakdown === undefined || breakdown === null ? null : breakdownLabel(breakdown),
            data[index] ?? 0,
          ]),
        ),
      }
  }
}

/** Comma-separated, as RFC 4180 has it. Text that a spreadsheet would run as a formula is made text. */
export function csvText({ columns, rows }: AnswerTable): string {
  return [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')
}

function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
