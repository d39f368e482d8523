import { StatisticsError } from './errors.ts'

export type ExperimentStatus = 'draft' | 'running' | 'paused' | 'stopped'

/** Ended: stopped; not begun: draft; else running while the flag is on, paused while it is off. */
export function experimentStatus({
  startDate,
  endDate,
  flagActive,
}: {
  startDate: unknown
  endDate: unknown
  flagActive: boolean
}): ExperimentStatus {
  if (endDate) return 'stopped'
  if (!startDate) return 'draft'
  return flagActive ? 'running' : 'paused'
}

interface FlagVariant {
  key: string
  rollout_percentage: number
}

/** As much of a flag's filters as shipping changes. */
export interface ShippableFilters {
  groups?: unknown[]
  multivariate?: { variants: FlagVariant[] } | null
  [key: string]: unknown
}

/**
 * A flag's filters once one variant is for everybody that it matches: that variant at 100 %, the others at 0; holdouts go; with `releaseToEveryone` a condition
 * for all comes first. @throws StatisticsError for a variant that the flag does not have
 */
export function shipVariant(filters: ShippableFilters, variantKey: string, releaseToEveryone: boolean): ShippableFilters {
  const variants = filters.multivariate?.variants ?? []
  if (!variants.some(({ key }) => key === variantKey))
    throw new StatisticsError(
      'unknown_variant',
      `The flag has no variant "${variantKey}"; it has ${variants.map(({ key }) => key).join(', ') || 'none'}`,
    )
  const { holdout: _, holdout_groups: __, ...kept } = filters
  const everyone = releaseToEveryone ? [{ properties: [], rollout_percentage: 100 }] : []
  return {
    ...kept,
    groups: [...everyone, ...(filters.groups ?? [])],
    multivariate: {
      ...filters.multivariate,
      variants: variants.map((variant) => ({ ...variant, rollout_percentage: variant.key === variantKey ? 100 : 0 })),
    },
  }
}
