import { createHash } from 'node:crypto'
import type { ExperimentMetricNode, FlagBody, StatsConfig } from '@hedgerow/protocol'
import { type ExperimentRow, metricsOf } from './experiment-row.ts'
import { withDefaults } from './project-defaults.ts'

/** What a phase of a running experiment measures. It is fixed when the phase begins; a change is shown, and needs a new phase. */
export interface PinnedDefinition {
  flag_key: string
  flag_version: number
  variants: { key: string; rollout_percentage: number }[]
  aggregation_group_type_index: number | null
  holdout_id: number | null
  exposure_criteria: Record<string, unknown>
  metrics: ExperimentMetricNode[]
  metrics_secondary: ExperimentMetricNode[]
  stats_config: StatsConfig
  only_count_matured_users: boolean
  excluded_variants: string[]
}

export const variantsOf = (flag: Pick<FlagBody, 'filters'>) =>
  (flag.filters.multivariate?.variants ?? []).map(({ key, rollout_percentage }) => ({ key, rollout_percentage }))

/** The experiment and its flag as they are now. */
export function definitionOf(row: ExperimentRow, flag: FlagBody): PinnedDefinition {
  const { primary, secondary } = metricsOf(row)
  const excluded = row.parameters.excluded_variants
  return {
    flag_key: row.flag_key,
    flag_version: flag.version,
    variants: variantsOf(flag),
    aggregation_group_type_index: flag.filters.aggregation_group_type_index ?? null,
    holdout_id: row.holdout_id,
    exposure_criteria: row.exposure_criteria,
    metrics: primary,
    metrics_secondary: secondary,
    stats_config: withDefaults(row.stats_config, row.defaults),
    only_count_matured_users: row.only_count_matured_users,
    excluded_variants: Array.isArray(excluded) ? excluded.map(String) : [],
  }
}

/** The names of what differs; the flag's version alone counts only with its variants, since targeting may change. */
export function changesSince(pinned: PinnedDefinition | null, present: PinnedDefinition | null): string[] {
  if (!pinned || !present) return []
  const names = Object.keys(pinned) as (keyof PinnedDefinition)[]
  return names.filter((name) => name !== 'flag_version' && canonicalJson(pinned[name]) !== canonicalJson(present[name]))
}

/** JSON with the keys of every object in their order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

export const sha256 = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex')

/** A result's series goes on only while all of this stays the same. */
export function fingerprintOf(metric: ExperimentMetricNode, definition: PinnedDefinition, startedAt: Date | null): string {
  const { fingerprint: _, ...own } = metric
  const { exposure_criteria, stats_config, only_count_matured_users, excluded_variants } = definition
  return sha256({
    metric: own,
    start: startedAt?.toISOString() ?? null,
    exposure_criteria,
    stats_config,
    only_count_matured_users,
    excluded_variants,
  })
}
