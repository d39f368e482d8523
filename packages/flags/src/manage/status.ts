import type { FlagFilters, FlagStatus } from '@hedgerow/protocol'

/** A flag that nobody asked for in this time is stale. */
const staleAfterMs = 30 * 86_400_000

export interface FlagLife {
  active: boolean
  archived: boolean
  deleted: boolean
  createdAtMs: number
  lastCalledAtMs: number | undefined
  filters: FlagFilters
}

export interface FlagStatusReport {
  status: FlagStatus
  reason: string
  rollout: {
    effectively_full_rollout: boolean
    has_targeting_conditions: boolean
    max_rollout_percentage: number
    is_multivariate: boolean
  }
}

/** Whether a flag is still of use. */
export function flagStatus(flag: FlagLife, nowMs: number): FlagStatusReport {
  const { filters } = flag
  const conditions = filters.groups ?? []
  const percentages = conditions.map((condition) => condition.rollout_percentage ?? 100)
  const rollout = {
    effectively_full_rollout: isFullyRolledOut(filters),
    has_targeting_conditions: conditions.some((condition) => (condition.properties ?? []).length > 0),
    max_rollout_percentage: percentages.length > 0 ? Math.max(...percentages) : 0,
    is_multivariate: (filters.multivariate?.variants ?? []).length > 0,
  }
  return { ...verdict(flag, nowMs), rollout }
}

function verdict(flag: FlagLife, nowMs: number): { status: FlagStatus; reason: string } {
  if (flag.deleted) return { status: 'DELETED', reason: 'The flag was deleted.' }
  if (flag.archived) return { status: 'ARCHIVED', reason: 'The flag is archived.' }
  if (!flag.active) return { status: 'ACTIVE', reason: 'The flag is disabled; it is not evaluated.' }
  const { lastCalledAtMs } = flag
  if (lastCalledAtMs !== undefined) {
    return nowMs - lastCalledAtMs > staleAfterMs
      ? { status: 'STALE', reason: 'The flag has not been called in the last 30 days.' }
      : { status: 'ACTIVE', reason: 'The flag was called in the last 30 days.' }
  }
  if (nowMs - flag.createdAtMs < staleAfterMs)
    return { status: 'ACTIVE', reason: 'No app has asked for the flag yet; it is younger than 30 days.' }
  return isFullyRolledOut(flag.filters)
    ? { status: 'STALE', reason: 'The flag was never called, and answers the same to everybody.' }
    : { status: 'ACTIVE', reason: 'The flag was never called, but does not answer the same to everybody.' }
}

/** compat: "at 100" means that the number stands there; a percentage that is absent does not count. */
function isFullyRolledOut(filters: FlagFilters): boolean {
  const conditions = filters.groups ?? []
  const forAll = conditions.filter((condition) => (condition.properties ?? []).length === 0 && condition.rollout_percentage === 100)
  const variants = filters.multivariate?.variants ?? []
  if (variants.length === 0) return conditions.length === 0 || forAll.length > 0
  const hasWholeVariant = variants.some((variant) => variant.rollout_percentage === 100)
  return forAll.some((condition) => hasWholeVariant || variants.some((variant) => variant.key === condition.variant))
}
