import type { FlagBody, FlagCondition, FlagFilter, FlagFilters, FlagOperator } from '@hedgerow/protocol'
import { type Operator, operatorWords, propertyLabel } from '../../query-model/operators.ts'

/** Names of what conditions name by number. */
export interface FlagNames {
  /** Group type index → what one is called, for instance `company`. */
  groups: ReadonlyMap<number, string>
  /** By id as text. */
  cohorts: ReadonlyMap<string, string>
  /** Their keys, by id as text. */
  flags: ReadonlyMap<string, string>
}

export const noNames: FlagNames = { groups: new Map(), cohorts: new Map(), flags: new Map() }

export type FlagState = 'enabled' | 'disabled' | 'stale' | 'everyone' | 'archived'

export const stateLabels: Record<FlagState, string> = {
  enabled: 'Enabled',
  disabled: 'Disabled',
  stale: 'Stale',
  everyone: '100 %',
  archived: 'Archived',
}

type Stated = Pick<FlagBody, 'active' | 'archived' | 'status' | 'filters'>

/** One word for where a flag stands. */
export function stateOf({ active, archived, status, filters }: Stated): FlagState {
  if (archived) return 'archived'
  if (!active) return 'disabled'
  if (status === 'STALE') return 'stale'
  return isForEveryone(filters) ? 'everyone' : 'enabled'
}

/** Whether everybody gets the same answer: the first condition that catches all of them decides. */
function isForEveryone({ groups, multivariate }: FlagFilters): boolean {
  if ((multivariate?.variants ?? []).length > 0) return false
  return (groups ?? []).some((set) => (set.properties ?? []).length === 0 && (set.rollout_percentage ?? 100) === 100)
}

const ownWords: Partial<Record<FlagOperator, string>> = {
  icontains_multi: 'contains any of',
  not_icontains_multi: 'contains none of',
  starts_with: 'starts with',
  not_starts_with: 'does not start with',
  ends_with: 'ends with',
  not_ends_with: 'does not end with',
  min: 'is at least',
  max: 'is at most',
  semver_eq: 'is version',
  semver_neq: 'is not version',
  semver_gt: 'is a later version than',
  semver_gte: 'is version or later:',
  semver_lt: 'is an earlier version than',
  semver_lte: 'is version or earlier:',
  semver_tilde: 'is a version like ~',
  semver_caret: 'is a version like ^',
  semver_wildcard: 'is a version like',
  flag_evaluates_to: 'answers',
}

export const comparisonWords = (operator: FlagOperator): string => ownWords[operator] ?? operatorWords(operator as Operator)

/** `plan is team or business`, `in cohort Payers`, `flag 7 answers true`. */
export function flagFilterWords(filter: FlagFilter, names: FlagNames = noNames): string {
  const { operator, value, negation } = filter
  if (filter.type === 'cohort') {
    const name = cohortName(filter, names) ?? String(value ?? '…')
    return `${operator === 'not_in' || negation ? 'not in' : 'in'} cohort ${name}`
  }
  if (filter.type === 'flag') return `flag ${flagName(filter, names)} answers ${String(value ?? '…')}`
  const name = propertyLabel(String(filter.key))
  const comparison = comparisonWords(operator ?? 'exact')
  return takesNothing(operator) ? `${name} ${comparison}` : `${name} ${comparison} ${valueWords(value)}`
}

/** What a condition's cohort is called: as now, or as the form put it down when it was chosen. */
export const cohortName = (filter: FlagFilter, names: FlagNames): string | undefined =>
  names.cohorts.get(String(filter.value)) ?? (typeof filter.cohort_name === 'string' ? filter.cohort_name : undefined)

/** The key of the flag that a condition depends on. */
export const flagName = (filter: FlagFilter, names: FlagNames): string =>
  names.flags.get(String(filter.key)) ?? (typeof filter.label === 'string' && filter.label !== '' ? filter.label : `#${filter.key}`)

export const takesNothing = (operator: FlagOperator | null | undefined): boolean => operator === 'is_set' || operator === 'is_not_set'

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '…' : value.map(String).join(' or ')
  return value === undefined || value === null || value === '' ? '…' : String(value)
}

/** A release condition in words: `50 % of everyone`, `100 % of people where plan is team`. */
export function setWords(set: FlagCondition, names: FlagNames): string {
  const filters = set.properties ?? []
  const index = set.aggregation_group_type_index
  const isGrouped = typeof index === 'number'
  const share = `${set.rollout_percentage ?? 100} % of `
  const one = isGrouped ? (names.groups.get(index) ?? `group type ${index}`) : ''
  const variant = set.variant ? `, always ${set.variant}` : ''
  if (filters.length === 0) return `${share}${isGrouped ? `every ${one}` : 'everyone'}${variant}`
  return `${share}${isGrouped ? `each ${one}` : 'people'} where ${filters.map((filter) => flagFilterWords(filter, names)).join(' and ')}${variant}`
}

/** All of a flag's release conditions in a line: the first, and how many there are. */
export function conditionsWords({ groups = [] }: FlagFilters, names: FlagNames): string {
  const [first] = groups
  if (!first) return 'nobody'
  return groups.length === 1 ? setWords(first, names) : `${setWords(first, names)}; ${groups.length} sets`
}

const outcomeNames: Record<string, string> = {
  super_condition_value: 'Decided by early access',
  holdout_condition_value: 'Held out',
  condition_match: 'Matches',
  out_of_rollout_bound: 'Matches, but not within the rollout',
  no_condition_match: 'Does not match',
  no_group_type: 'No group of this type was named',
  flag_disabled: 'The flag is disabled',
  missing_dependency: 'A flag that it depends on is not there',
  evaluation_error: 'Could not be evaluated',
}
export const outcomeWords = (outcome: string): string => outcomeNames[outcome] ?? outcome.replaceAll('_', ' ')

/** Where somebody falls on the line from 0 to 100 that a rollout cuts. */
export const placeWords = (hash: number): string => `${(hash * 100).toFixed(2)}`
