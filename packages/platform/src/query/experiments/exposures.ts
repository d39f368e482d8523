import { biasRisk, multipleVariants, type SampleRatioResult, sampleRatio } from '@hedgerow/experiments'
import type { QueryRun } from '../run-query.ts'
import type { DailyExposures } from './experiment-sums.ts'
import type { LoadedExperiment } from './load-experiment.ts'

/** Exposed units by variant, in the flag's order, `$multiple` last. */
export function totalExposures(days: DailyExposures[], { definition }: LoadedExperiment): Record<string, number> {
  const totals = new Map<string, number>()
  for (const { variant, units } of days) totals.set(variant, (totals.get(variant) ?? 0) + units)
  const order = [
    ...definition.variants,
    ...(definition.holdoutId === undefined ? [] : [`holdout-${definition.holdoutId}`]),
    multipleVariants,
  ]
  return Object.fromEntries(order.filter((key) => totals.has(key)).map((key) => [key, totals.get(key) ?? 0]))
}

/** The share of the holdout, percent. */
async function holdoutPercentage(run: QueryRun, holdoutId: number | undefined): Promise<number> {
  if (holdoutId === undefined) return 0
  const { rows } = await run.stores.application.pool.query<{ filters: { rollout_percentage: number }[] }>(
    'SELECT filters FROM experiment_holdouts WHERE project_id = $1 AND id = $2',
    [run.facts.id, holdoutId],
  )
  return rows[0]?.filters[0]?.rollout_percentage ?? 0
}

export async function splitOf(
  run: QueryRun,
  totals: Record<string, number>,
  { pinned }: LoadedExperiment,
): Promise<SampleRatioResult | null> {
  const percentage = await holdoutPercentage(run, pinned.holdout_id ?? undefined)
  return sampleRatio({
    observed: totals,
    rolloutPercentages: Object.fromEntries(pinned.variants.map(({ key, rollout_percentage: share }) => [key, share])),
    ...(pinned.holdout_id === null ? {} : { holdout: { key: `holdout-${pinned.holdout_id}`, percentage } }),
  })
}

export function biasOf(
  totals: Record<string, number>,
  { pinned, definition }: LoadedExperiment,
): { multiple_variant_percentage: number } | null {
  const criteria = definition.exposureCriteria as { multiple_variant_handling?: 'exclude' | 'first_seen' | null } | undefined
  const risk = biasRisk({
    rolloutPercentages: pinned.variants.map(({ rollout_percentage: share }) => share),
    multipleVariantHandling: criteria?.multiple_variant_handling ?? 'exclude',
    totalExposures: totals,
  })
  return risk && { multiple_variant_percentage: risk.multipleVariantPercentage }
}

/** Each variant's course: every day from the first that somebody was exposed on to the last, cumulative. */
export function courseOf(
  days: DailyExposures[],
  totals: Record<string, number>,
): { variant: string; days: string[]; exposure_counts: number[] }[] {
  const dates = everyDay([...new Set(days.map(({ day }) => day.slice(0, 10)))].sort())
  return Object.keys(totals).map((variant) => {
    const byDay = new Map(days.filter((row) => row.variant === variant).map(({ day, units }) => [day.slice(0, 10), units]))
    let sum = 0
    const counts = dates.map((day) => {
      sum += byDay.get(day) ?? 0
      return sum
    })
    return { variant, days: dates, exposure_counts: counts }
  })
}

/** Also the days between on which nobody was. */
function everyDay(dates: string[]): string[] {
  const [first, last] = [dates[0], dates.at(-1)]
  if (first === undefined || last === undefined) return []
  const count = Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000)
  return Array.from({ length: count + 1 }, (_, i) => new Date(Date.parse(first) + i * 86_400_000).toISOString().slice(0, 10))
}

export const splitBody = (split: SampleRatioResult | null) =>
  split && {
    expected: split.expected,
    p_value: split.pValue,
    chi_square: split.chiSquare,
    degrees_of_freedom: split.degreesOfFreedom,
    mismatch: split.mismatch,
  }
