import {
  type BehavioralCriterion,
  type CohortCriteria,
  type CohortInterval,
  type CohortLeaf,
  cohortLimits,
  type PersonCriterion,
} from '@hedgerow/protocol'
import { HedgerowError, invalidInput } from '../errors.ts'

/** All conditions of a definition, with where they stand in it. */
export function leavesOf(criteria: CohortCriteria, path = 'filters.properties', depth = 1): { leaf: CohortLeaf; path: string }[] {
  if (!('values' in criteria)) return [{ leaf: criteria, path }]
  if (depth > cohortLimits.maxDepth) throw invalidInput(path, `is nested more than ${cohortLimits.maxDepth} levels deep`)
  return criteria.values.flatMap((part, index) => leavesOf(part, `${path}.values[${index}]`, depth + 1))
}

/** Whether a leaf asks for those who do not meet it. */
export function isNegated(leaf: CohortLeaf): boolean {
  const excludes = leaf.type === 'cohort' && (leaf.operator === 'not_in' || leaf.operator === 'is_not')
  return (leaf.negation === true) !== excludes
}

/** What can be told of a definition without knowing other cohorts. @throws HedgerowError that names the place. */
export function checkCriteria(criteria: CohortCriteria | undefined): void {
  const leaves = criteria ? leavesOf(criteria) : []
  if (leaves.length > cohortLimits.maxCriteria)
    throw invalidInput('filters.properties', `has ${leaves.length} criteria; at most ${cohortLimits.maxCriteria} are allowed`)
  if (!leaves.some(({ leaf }) => !isNegated(leaf))) {
    throw new HedgerowError(
      'needs_a_positive_criterion',
      leaves.length === 0
        ? 'The cohort has no criteria: it needs at least one, or is_static.'
        : 'Every criterion of the cohort is negated: it needs a positive criterion, one that its members meet.',
      { attr: 'filters.properties' },
    )
  }
  for (const { leaf, path } of leaves) {
    if (leaf.type === 'behavioral') checkBehavior(leaf, path)
    if (leaf.type === 'person' || leaf.type === 'person_metadata') checkValue(leaf, path)
  }
}

/** A question may hold a filter that is still being written; a cohort that is kept may not, or it would be everybody. */
function checkValue({ operator, value }: PersonCriterion, path: string): void {
  if ((value === undefined || value === null) && operator !== 'is_set' && operator !== 'is_not_set')
    throw invalidInput(`${path}.value`, `is missing: the operator "${operator ?? 'exact'}" needs a value`)
}

function checkBehavior(leaf: BehavioralCriterion, path: string): void {
  const need = (name: keyof BehavioralCriterion) => {
    if (leaf[name] === undefined || leaf[name] === null)
      throw invalidInput(`${path}.${name}`, `is required of a criterion "${leaf.value}"`, 'required')
  }
  if (leaf.event_type === 'actions' && !/^\d{1,9}$/.test(String(leaf.key)))
    throw invalidInput(`${path}.key`, `must be the id of an action, not ${JSON.stringify(leaf.key)}`)
  if (!leaf.explicit_datetime || leaf.value === 'performed_event_regularly') {
    need('time_value')
    need('time_interval')
  }
  switch (leaf.value) {
    case 'performed_event':
    case 'performed_event_first_time':
      return
    case 'performed_event_multiple':
      need('operator_value')
      return
    case 'performed_event_sequence':
      need('seq_event')
      need('seq_time_value')
      need('seq_time_interval')
      return
    case 'stopped_performing_event':
    case 'restarted_performing_event':
      need('seq_time_value')
      need('seq_time_interval')
      checkRecentWindow(leaf, path)
      return
    case 'performed_event_regularly':
      need('operator_value')
      need('total_periods')
      need('min_periods')
      checkPeriods(leaf, path)
  }
}

const nominalMs: Record<CohortInterval, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
}
/** A month counts 30 days, a year 365. */
export const lengthMs = (count: number, interval: CohortInterval): number => count * nominalMs[interval]

function checkRecentWindow(leaf: BehavioralCriterion, path: string): void {
  const { time_value: whole, time_interval: wholeUnit, seq_time_value: recent, seq_time_interval: recentUnit } = leaf
  if (leaf.explicit_datetime || !whole || !wholeUnit || !recent || !recentUnit) return
  if (lengthMs(recent, recentUnit) < lengthMs(whole, wholeUnit)) return
  throw recentWindowTooLong(`${recent} ${recentUnit}`, `${whole} ${wholeUnit}`, `${path}.seq_time_value`)
}

export const recentWindowTooLong = (recent: string, whole: string, attr: string): HedgerowError =>
  new HedgerowError(
    'recent_window_longer_than_total_window',
    `The recent window (${recent}) must be shorter than the whole one (${whole}).`,
    { attr },
  )

function checkPeriods({ total_periods: total, min_periods: least }: BehavioralCriterion, path: string): void {
  if (!total || !least) return
  if (total > cohortLimits.maxPeriods)
    throw invalidInput(`${path}.total_periods`, `is ${total}; at most ${cohortLimits.maxPeriods} are allowed`)
  if (least > total) throw invalidInput(`${path}.min_periods`, `is ${least}, more than total_periods, which is ${total}`)
}
