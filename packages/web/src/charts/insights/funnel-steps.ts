import type { FunnelStepRow } from '../../api-client/insight-results.ts'
import { breakdownLabel } from '../../query-model/breakdown.ts'
import type { FunnelsQuery } from '../../query-model/nodes.ts'
import { seriesName } from '../../query-model/series.ts'
import { formatPercent } from './values.ts'

export interface FunnelStep {
  /** From 1. */
  number: number
  name: string
  count: number
  /** Of the first step. */
  share: number
  /** Of the step before; 1 for the first. */
  shareOfPrevious: number
  dropped: number
  medianSeconds: number | null
  averageSeconds: number | null
}

export interface FunnelPath {
  /** Of a breakdown: which value; `All` without one. */
  label: string
  breakdown: string | number | (string | number)[] | undefined
  index: number
  steps: FunnelStep[]
  /** From the first step to the last, of those who went all the way. */
  medianSeconds: number | null
}

/** An answer as one funnel, or as one for each value of a breakdown. */
export function funnelPaths(query: FunnelsQuery, results: unknown): FunnelPath[] {
  if (!Array.isArray(results) || results.length === 0) return []
  const isBroken = Array.isArray(results[0])
  const groups = (isBroken ? results : [results]) as FunnelStepRow[][]
  return groups.map((rows, index) => ({
    label: isBroken ? breakdownLabel(rows[0]?.breakdown ?? rows[0]?.breakdown_value) : 'All',
    breakdown: isBroken ? (rows[0]?.breakdown_value ?? undefined) : undefined,
    index,
    steps: stepsOf(query, rows),
    medianSeconds: rows.at(-1)?.median_time_to_convert ?? null,
  }))
}

function stepsOf(query: FunnelsQuery, rows: readonly FunnelStepRow[]): FunnelStep[] {
  const first = rows[0]?.count ?? 0
  return rows.map((row, index) => {
    const before = index === 0 ? row.count : (rows[index - 1]?.count ?? 0)
    const series = query.series[index]
    return {
      number: index + 1,
      name: row.action_id === null && row.name ? row.name : series ? seriesName(series) : (row.custom_name ?? row.name),
      count: row.count,
      share: first === 0 ? 0 : row.count / first,
      shareOfPrevious: before === 0 ? 0 : row.count / before,
      dropped: Math.max(0, before - row.count),
      medianSeconds: row.median_conversion_time,
      averageSeconds: row.average_conversion_time,
    }
  })
}

export interface FunnelSummary {
  share: number
  medianSeconds: number | null
  /** The step that loses most of those who come to it; undefined when nobody is lost. */
  worst: { from: number; to: number; dropped: number; lost: number } | undefined
}

/** What a funnel says in a line. The step that loses most is the one with the smallest share of the step before. */
export function funnelSummary({ steps, medianSeconds }: FunnelPath): FunnelSummary {
  const last = steps.at(-1)
  const later = steps.slice(1).filter(({ dropped }) => dropped > 0)
  const worst = later.reduce<FunnelStep | undefined>(
    (best, step) => (best === undefined || step.shareOfPrevious < best.shareOfPrevious ? step : best),
    undefined,
  )
  return {
    share: last?.share ?? 0,
    medianSeconds,
    worst: worst && { from: worst.number - 1, to: worst.number, dropped: worst.dropped, lost: 1 - worst.shareOfPrevious },
  }
}

/** What shares of those with each value of a breakdown came to a step, by its index: `47.9 % to 64.2 %`. */
export function sharesWords(paths: readonly FunnelPath[], index: number, of: 'first' | 'previous'): string {
  const steps = paths.flatMap((path) => path.steps[index] ?? [])
  const shares = steps.map(({ share, shareOfPrevious }) => (of === 'previous' ? shareOfPrevious : share))
  if (shares.length === 0) return ''
  const [low, high] = [formatPercent(Math.min(...shares)), formatPercent(Math.max(...shares))]
  return low === high ? low : `${low} to ${high}`
}
