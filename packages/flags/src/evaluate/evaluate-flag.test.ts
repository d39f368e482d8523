import { expect, test } from 'vitest'
import { flagOf, subjectOf } from '../golden/evaluation-case.fixture.ts'
import { FlagSet } from './flag-set.ts'

const evaluate = (filters: object, stored: Record<string, unknown>, requested?: Record<string, unknown>) => {
  const set = new FlagSet({
    flags: [flagOf({ id: 1, key: 'f', active: true, filters })],
    cohorts: [],
    groupTypes: new Map(),
    timezone: 'UTC',
  })
  const request = { distinct_id: 'ann', ...(requested ? { person_properties: requested } : {}) }
  const persons = [{ distinct_ids: ['ann'], properties: stored }]
  return set.evaluate(subjectOf({ name: '', flags: [], persons, request, answers: {}, node: {} })).results[0]
}

test.each([
  [true, true],
  ['true', true],
  ['True', false],
  [1, false],
  [null, false],
  ['', false],
])('whoever chose %j early is answered %s, whatever the conditions say', (value, enabled) => {
  const filters = { groups: [{ properties: [], rollout_percentage: 100 }], feature_enrollment: true }
  const result = evaluate(filters, { '$feature_enrollment/f': value })
  expect(result).toMatchObject({ enabled, variant: null, reason: { code: 'super_condition_value', conditionIndex: 0 } })
})

test.each<[string, Record<string, unknown>, Record<string, unknown> | undefined, boolean]>([
  ['is that of the question', {}, undefined, true],
  ['hides a stored property of its name', { distinct_id: 'bob' }, undefined, true],
  ['is hidden by what the request says', {}, { distinct_id: 'bob' }, false],
])('the distinct id of a condition %s', (_, stored, requested, enabled) => {
  const filters = { groups: [{ properties: [{ key: 'distinct_id', value: 'ann', type: 'person' }], rollout_percentage: 100 }] }
  expect(evaluate(filters, stored, requested)).toMatchObject({ enabled })
})

test('a condition on another flag is explained by what that answers', () => {
  const on = { groups: [{ properties: [], rollout_percentage: 100 }] }
  const needing = { groups: [{ properties: [{ key: '1', type: 'flag', operator: 'flag_evaluates_to', value: false }] }] }
  const flags = [flagOf({ id: 1, key: 'base', active: true, filters: on }), flagOf({ id: 2, key: 'top', active: true, filters: needing })]
  const set = new FlagSet({ flags, cohorts: [], groupTypes: new Map(), timezone: 'UTC' })
  const subject = subjectOf({ name: '', flags: [], persons: [], request: { distinct_id: 'ann' }, answers: {}, node: {} })
  expect(set.explain(subject, 'top')?.conditions[0]?.filters).toMatchObject([{ matches: false, actual: true }])
})
