import { cohortCriteria, criteriaOf, newCohort } from '@hedgerow/protocol'
import { describe, expect, test } from 'vitest'

describe('criteria', () => {
  test('are read to any depth, with what was left out filled in', () => {
    const given = {
      type: 'OR',
      values: [
        { type: 'property', values: [{ type: 'person', key: 'plan', value: 'pro' }] },
        { type: 'behavioral', key: 'bought', value: 'performed_event_multiple', time_value: '7', time_interval: 'day', operator_value: 2 },
        { type: 'cohort', value: '12', negation: true },
      ],
    }
    expect(cohortCriteria.parse(given)).toMatchObject({
      type: 'OR',
      values: [
        { type: 'AND', values: [{ type: 'person', key: 'plan', value: 'pro', negation: false }] },
        { event_type: 'events', time_value: 7, operator_value: 2, negation: false },
        { type: 'cohort', key: 'id', value: 12, negation: true },
      ],
    })
  })

  test('are the same when they are read again', () => {
    const once = cohortCriteria.parse({ type: 'AND', values: [{ type: 'person', key: 'a', operator: 'is_set' }] })
    expect(cohortCriteria.parse(structuredClone(once))).toEqual(once)
  })

  test.each([
    [{ type: 'XOR', values: [] }, ['type']],
    [{ type: 'AND', values: [{ type: 'event', key: 'a' }] }, ['values', 0, 'type']],
    [{ type: 'AND', values: [{ type: 'behavioral', key: 'a', value: 'performed_event', time_value: -1 }] }, ['values', 0, 'time_value']],
    [{ type: 'AND', values: [{ type: 'AND', values: [{ type: 'cohort', value: 'x' }] }] }, ['values', 0, 'values', 0, 'value']],
  ])('%j is refused at its place', (given, path) => {
    expect(cohortCriteria.safeParse(given).error?.issues[0]?.path).toEqual(path)
  })
})

describe('the old form', () => {
  test.each([
    [{ properties: [{ key: 'plan', value: 'pro', type: 'person' }] }, [{ type: 'person', key: 'plan', value: 'pro' }]],
    [
      { properties: { plan: 'pro', age__gt: 30 } },
      [
        { key: 'plan', operator: 'exact' },
        { key: 'age', operator: 'gt', value: 30 },
      ],
    ],
    [{ action_id: 3, days: 7 }, [{ type: 'behavioral', key: 3, event_type: 'actions', value: 'performed_event', time_value: 7 }]],
    [
      { event_id: 'bought', count: 2, count_operator: 'gte' },
      [{ key: 'bought', value: 'performed_event_multiple', operator: 'gte', operator_value: 2, time_value: 365 }],
    ],
    [
      { event_id: 'bought', start_date: '2024-01-01', end_date: '2024-02-01' },
      [{ explicit_datetime: '2024-01-01', explicit_datetime_to: '2024-02-01' }],
    ],
  ])('%j', (group, values) => {
    const { groups } = newCohort.parse({ name: 'x', groups: [group] })
    expect(criteriaOf({ groups })).toMatchObject({ type: 'OR', values: [{ type: 'AND', values }] })
  })
})
