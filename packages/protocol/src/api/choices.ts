/** Words that the web app offers as choices. They stand apart from the schemas, so that a browser need not load those for them. */

export const flagOperators = [
  ...(['exact', 'is_not', 'icontains', 'not_icontains', 'icontains_multi', 'not_icontains_multi'] as const),
  ...(['starts_with', 'not_starts_with', 'ends_with', 'not_ends_with', 'regex', 'not_regex'] as const),
  ...(['gt', 'gte', 'lt', 'lte', 'min', 'max', 'between', 'not_between', 'is_set', 'is_not_set'] as const),
  ...(['is_date_exact', 'is_date_before', 'is_date_after'] as const),
  ...(['semver_eq', 'semver_neq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'] as const),
  ...(['semver_tilde', 'semver_caret', 'semver_wildcard', 'in', 'not_in', 'flag_evaluates_to'] as const),
] as const
export type FlagOperator = (typeof flagOperators)[number]

export const cohortIntervals = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const
export type CohortInterval = (typeof cohortIntervals)[number]
