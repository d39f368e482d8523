export const reasonCodes = [
  'super_condition_value',
  'holdout_condition_value',
  'condition_match',
  'out_of_rollout_bound',
  'no_condition_match',
  'no_group_type',
  'flag_disabled',
  'missing_dependency',
  'evaluation_error',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** What a flag answers for somebody, and why. The same object stands for the same answer to many. */
export interface FlagResult {
  readonly id: number
  readonly key: string
  readonly version: number
  readonly enabled: boolean
  readonly variant: string | null
  /** JSON as text. */
  readonly payload: string | null
  readonly reason: { readonly code: ReasonCode; readonly conditionIndex: number | null }
  /** Conditions of groups were passed over, since no group of their type was named. */
  readonly skippedGroups: boolean
  /** Why it could not be decided, if it could not. */
  readonly failure?: string
}

/** What an app sees. */
export const flagValue = (result: Pick<FlagResult, 'enabled' | 'variant'>): string | boolean => result.variant ?? result.enabled

/** The reason in words. */
export function describeReason(result: FlagResult): string {
  const { code, conditionIndex } = result.reason
  switch (code) {
    case 'super_condition_value':
      return 'Super condition value'
    case 'holdout_condition_value':
      return 'Holdout condition value'
    case 'condition_match':
      return `Matched condition set ${(conditionIndex ?? 0) + 1}`
    case 'out_of_rollout_bound':
      return 'Out of rollout bound'
    case 'no_condition_match':
      return result.skippedGroups
        ? 'No matching condition set (group conditions were not evaluated, since the request names no group of their type)'
        : 'No matching condition set'
    case 'no_group_type':
      return 'No group type'
    case 'flag_disabled':
      return 'Feature flag is disabled'
    case 'missing_dependency':
      return 'Flag cannot be evaluated due to missing dependency'
    case 'evaluation_error':
      return `The flag could not be evaluated: ${result.failure ?? 'for an unknown reason'}`
  }
}
