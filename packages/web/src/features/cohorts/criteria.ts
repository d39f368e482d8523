import type { BehavioralCriterion, BehavioralKind, CohortCriteria, CohortGroup, CohortInterval, CohortLeaf } from '@hedgerow/protocol'
import { filterWords } from '../../query-model/operators.ts'
import { eventLabel } from '../../ui/event-name.ts'
import { countOf } from '../../ui/numbers.ts'

/** What a condition is about, in the order in which it is offered. */
export const leafKinds: readonly { value: LeafKind; label: string }[] = [
  { value: 'person', label: 'has the property' },
  { value: 'cohort', label: 'is in the cohort' },
  { value: 'performed_event', label: 'did' },
  { value: 'performed_event_multiple', label: 'did so many times' },
  { value: 'performed_event_first_time', label: 'did for the first time' },
  { value: 'performed_event_sequence', label: 'did one thing, then another' },
  { value: 'performed_event_regularly', label: 'did regularly' },
  { value: 'stopped_performing_event', label: 'stopped doing' },
  { value: 'restarted_performing_event', label: 'started again to do' },
]
export type LeafKind = 'person' | 'cohort' | BehavioralKind

export const countOperators = [
  { value: 'gte', label: 'at least' },
  { value: 'eq', label: 'exactly' },
  { value: 'lte', label: 'at most' },
  { value: 'gt', label: 'more than' },
  { value: 'lt', label: 'fewer than' },
] as const

export const isGroup = (criteria: CohortCriteria): criteria is CohortGroup => 'values' in criteria

/** What the builder shows: always a group. */
export const asGroup = (criteria: CohortCriteria | undefined): CohortGroup =>
  criteria === undefined ? { type: 'AND', values: [] } : isGroup(criteria) ? criteria : { type: 'AND', values: [criteria] }

export function kindOf(leaf: CohortLeaf): LeafKind {
  switch (leaf.type) {
    case 'person':
    case 'person_metadata':
      return 'person'
    case 'cohort':
      return 'cohort'
    case 'behavioral':
      return leaf.value
  }
}

/** A new condition: whole but for the property, cohort or event that it is about. */
export function newLeaf(kind: LeafKind): CohortLeaf {
  if (kind === 'person') return { type: 'person', key: '', operator: 'exact', negation: false }
  if (kind === 'cohort') return { type: 'cohort', key: 'id', value: 0, negation: false }
  return ofKind(
    { type: 'behavioral', key: '', event_type: 'events', value: kind, time_value: 30, time_interval: 'day', negation: false },
    kind,
  )
}

/** The condition turned into one of another kind: the event, the window and the negation stay. */
export function withKind(leaf: CohortLeaf, kind: LeafKind): CohortLeaf {
  if (kind === kindOf(leaf)) return leaf
  if (leaf.type !== 'behavioral' || kind === 'person' || kind === 'cohort') return { ...newLeaf(kind), negation: leaf.negation }
  return ofKind(leaf, kind)
}

function ofKind(leaf: BehavioralCriterion, value: BehavioralKind): BehavioralCriterion {
  const { key, event_type, event_filters, negation, explicit_datetime, explicit_datetime_to } = leaf
  const same = { type: 'behavioral' as const, key, event_type, value, event_filters, negation }
  const [time_value, time_interval] = [leaf.time_value ?? 30, leaf.time_interval ?? ('day' as CohortInterval)]
  const window = { time_value, time_interval, ...(explicit_datetime ? { explicit_datetime, explicit_datetime_to } : {}) }
  const second = { seq_time_value: leaf.seq_time_value ?? 7, seq_time_interval: leaf.seq_time_interval ?? ('day' as const) }
  const count = { operator: leaf.operator ?? ('gte' as const), operator_value: leaf.operator_value ?? 3 }
  switch (value) {
    case 'performed_event':
    case 'performed_event_first_time':
      return { ...same, ...window }
    case 'performed_event_multiple':
      return { ...same, ...window, ...count }
    case 'performed_event_sequence':
      return { ...same, ...window, ...second, seq_event: leaf.seq_event ?? '', seq_event_type: leaf.seq_event_type ?? 'events' }
    case 'stopped_performing_event':
    case 'restarted_performing_event':
      return { ...same, ...window, ...second }
    case 'performed_event_regularly':
      return {
        ...same,
        time_value: leaf.time_value === 30 ? 7 : time_value,
        time_interval,
        ...count,
        operator_value: leaf.operator_value ?? 1,
        total_periods: 4,
        min_periods: 3,
      }
  }
}

/** What is still missing; empty when the cohort can be made. */
export function problemsOf(criteria: CohortCriteria): string[] {
  if (!isGroup(criteria)) return leafProblems(criteria)
  if (criteria.values.length === 0) return ['A group needs a condition.']
  return [...new Set(criteria.values.flatMap(problemsOf))]
}

function leafProblems(leaf: CohortLeaf): string[] {
  switch (leaf.type) {
    case 'person':
    case 'person_metadata': {
      if (leaf.key === '') return ['Choose a property.']
      const needsValue = leaf.operator !== 'is_set' && leaf.operator !== 'is_not_set'
      const isMissing =
        leaf.value === undefined || leaf.value === null || leaf.value === '' || (Array.isArray(leaf.value) && leaf.value.length === 0)
      return needsValue && isMissing ? [`Choose what “${leaf.key}” is compared to.`] : []
    }
    case 'cohort':
      return leaf.value > 0 ? [] : ['Choose a cohort.']
    case 'behavioral':
      if (leaf.key === '') return ['Choose an event.']
      if (leaf.value === 'performed_event_sequence' && !leaf.seq_event) return ['Choose the second event.']
      if (leaf.value === 'performed_event_regularly' && (leaf.min_periods ?? 0) > (leaf.total_periods ?? 0))
        return ['No more periods can be asked for than there are.']
      return []
  }
}

/** Whether somebody is in it at all: a cohort of nothing but negations has no beginning. */
export function hasOnlyNegations(criteria: CohortCriteria): boolean {
  if (!isGroup(criteria)) return criteria.negation
  return criteria.values.length > 0 && criteria.values.every(hasOnlyNegations)
}

/** What is named by number in a cohort's conditions. */
export interface CriteriaNames {
  cohort: (id: string | number) => string
  action: (id: string | number) => string
}

/** The kinds of things that a cohort's conditions name by number. */
export function namedBy(criteria: CohortCriteria): { cohorts: boolean; actions: boolean } {
  if (isGroup(criteria)) {
    const inside = criteria.values.map(namedBy)
    return { cohorts: inside.some(({ cohorts }) => cohorts), actions: inside.some(({ actions }) => actions) }
  }
  return { cohorts: criteria.type === 'cohort', actions: criteria.type === 'behavioral' && criteria.event_type === 'actions' }
}

/** The cohort in a sentence. */
export function criteriaWords(criteria: CohortCriteria, names: CriteriaNames): string {
  if (!isGroup(criteria)) return leafWords(criteria, names)
  const parts = criteria.values.map((each) => {
    const words = criteriaWords(each, names)
    return isGroup(each) && each.values.length > 1 ? `(${words})` : words
  })
  return parts.filter((part) => part !== '').join(criteria.type === 'OR' ? ' or ' : ' and ')
}

function leafWords(leaf: CohortLeaf, names: CriteriaNames): string {
  const not = leaf.negation ? 'not: ' : ''
  switch (leaf.type) {
    case 'person':
    case 'person_metadata':
      return (
        not +
        filterWords({ type: 'person', key: leaf.key, operator: leaf.operator ?? 'exact', value: leaf.value } as Parameters<
          typeof filterWords
        >[0])
      )
    case 'cohort':
      return `${not}in “${names.cohort(leaf.value)}”`
    case 'behavioral': {
      const event = leaf.event_type === 'actions' ? `“${names.action(leaf.key)}”` : eventLabel(String(leaf.key))
      const within = leaf.explicit_datetime
        ? ` since ${leaf.explicit_datetime}`
        : ` in the last ${plural(leaf.time_value ?? 0, leaf.time_interval ?? 'day')}`
      const label = leafKinds.find(({ value }) => value === leaf.value)?.label ?? leaf.value
      const times =
        leaf.value === 'performed_event_multiple'
          ? ` ${countOperators.find(({ value }) => value === leaf.operator)?.label ?? ''} ${countOf(leaf.operator_value ?? 1, 'time')}`
          : ''
      return `${not}${leaf.value === 'performed_event_multiple' ? 'did' : label} ${event}${times}${within}`
    }
  }
}

const plural = (count: number, unit: string) => (count === 1 ? unit : `${count} ${unit}s`)
