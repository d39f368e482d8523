import { behavioralKinds, type CohortCriteria, cohortCriteria } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import {
  asGroup,
  criteriaWords,
  hasOnlyNegations,
  kindOf,
  type LeafKind,
  leafKinds,
  namedBy,
  newLeaf,
  problemsOf,
  withKind,
} from './criteria.ts'

const kinds = leafKinds.map(({ value }) => value)
const named = (leaf: ReturnType<typeof newLeaf>): ReturnType<typeof newLeaf> => {
  if (leaf.type === 'cohort') return { ...leaf, value: 5 }
  if (leaf.type === 'behavioral') return { ...leaf, key: 'signed_up', ...(leaf.seq_event === undefined ? {} : { seq_event: 'paid' }) }
  return { ...leaf, key: 'plan', value: 'pro' }
}

test('every kind of the API is offered', () => {
  for (const kind of behavioralKinds) expect(kinds).toContain(kind)
})

test.each(kinds)('a new condition is taken by the API once it has its name: %s', (kind: LeafKind) => {
  const leaf = newLeaf(kind)
  expect(kindOf(leaf)).toBe(kind)
  expect(problemsOf(leaf)).toHaveLength(1)
  const whole = named(leaf)
  expect(problemsOf(whole)).toEqual([])
  expect(cohortCriteria.safeParse(whole).success).toBe(true)
  for (const other of kinds) {
    const turned = withKind(whole, other)
    expect(kindOf(turned)).toBe(other)
    expect(cohortCriteria.safeParse(named(turned)).success).toBe(true)
  }
})

test('the event and the negation stay when the kind changes', () => {
  const leaf = { ...named(newLeaf('performed_event')), negation: true }
  expect(withKind(leaf, 'performed_event_multiple')).toMatchObject({
    key: 'signed_up',
    negation: true,
    operator: 'gte',
    operator_value: 3,
    time_value: 30,
  })
  expect(withKind(leaf, 'cohort').negation).toBe(true)
})

test('a cohort is told in a sentence, and its mistakes are named', () => {
  const criteria: CohortCriteria = {
    type: 'OR',
    values: [
      { type: 'AND', values: [named(newLeaf('person')), { ...named(newLeaf('performed_event_multiple')), negation: true }] },
      named(newLeaf('cohort')),
    ],
  }
  const names = { cohort: (id: string | number) => `Cohort no. ${id}`, action: (id: string | number) => `Action no. ${id}` }
  expect(criteriaWords(criteria, names)).toBe(
    '(plan is pro and not: did signed_up at least 3 times in the last 30 days) or in “Cohort no. 5”',
  )
  const once: CohortCriteria = {
    ...newLeaf('performed_event_multiple'),
    key: 7,
    event_type: 'actions',
    operator_value: 1,
  } as CohortCriteria
  expect(criteriaWords(once, names)).toBe('did “Action no. 7” at least 1 time in the last 30 days')
  expect([namedBy(criteria), namedBy(once)]).toEqual([
    { cohorts: true, actions: false },
    { cohorts: false, actions: true },
  ])
  expect(problemsOf({ type: 'AND', values: [] })).toEqual(['A group needs a condition.'])
  expect(hasOnlyNegations(criteria)).toBe(false)
  expect(hasOnlyNegations({ type: 'AND', values: [{ ...newLeaf('cohort'), negation: true }] })).toBe(true)
  expect(asGroup(newLeaf('person')).values).toHaveLength(1)
})
