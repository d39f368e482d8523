import type { PropertyFilter } from '@hedgerow/protocol'
import { describe, expect, test } from 'vitest'
import { asGroups, fromGroups } from './filters.ts'
import { filtersWords, isComplete, operatorsFor } from './operators.ts'

const browser: PropertyFilter = { type: 'event', key: '$browser', operator: 'exact', value: ['Chrome', 'Safari'] }
const plan: PropertyFilter = { type: 'person', key: 'plan', operator: 'is_not', value: ['free'] }

describe('filters in groups and back', () => {
  test.each([
    ['a list', [browser, plan]],
    ['one group joined by or', { type: 'OR' as const, values: [browser, plan] }],
    [
      'groups of groups',
      {
        type: 'OR' as const,
        values: [
          { type: 'AND' as const, values: [browser] },
          { type: 'AND' as const, values: [plan] },
        ],
      },
    ],
  ])('%s', (_name, value) => {
    expect(fromGroups(asGroups(value))).toEqual(value)
  })

  test('nothing is nothing, and an emptied group goes', () => {
    expect(fromGroups(asGroups(undefined))).toBeUndefined()
    expect(fromGroups(asGroups([]))).toBeUndefined()
    expect(
      fromGroups({
        type: 'OR',
        values: [
          { type: 'AND', values: [] },
          { type: 'AND', values: [plan] },
        ],
      }),
    ).toEqual([plan])
  })
})

test('filters in words', () => {
  expect(filtersWords([browser, plan])).toBe('Browser is Chrome or Safari and plan is not free')
  expect(
    filtersWords({
      type: 'OR',
      values: [
        { type: 'AND', values: [browser, plan] },
        { type: 'AND', values: [plan] },
      ],
    }),
  ).toBe('(Browser is Chrome or Safari and plan is not free) or plan is not free')
  expect(filtersWords([{ type: 'cohort', key: 'id', value: 3, cohort_name: 'Payers', operator: 'not_in' }])).toBe('not in cohort Payers')
})

test.each([
  [{ type: 'event', key: 'a', operator: 'exact', value: [] }, false],
  [{ type: 'event', key: 'a', operator: 'exact', value: ['x'] }, true],
  [{ type: 'event', key: 'a', operator: 'between', value: [1] }, false],
  [{ type: 'event', key: 'a', operator: 'between', value: [1, 2] }, true],
  [{ type: 'event', key: 'a', operator: 'is_set' }, true],
  [{ type: 'event', key: 'a', operator: 'gt', value: 0 }, true],
  [{ type: 'event', key: 'a', operator: 'gt', value: '' }, false],
  [{ type: 'cohort', key: 'id' }, false],
] as [PropertyFilter, boolean][])('%j is complete: %s', (filter, complete) => {
  expect(isComplete(filter)).toBe(complete)
})

test('what a property is compared with depends on what it is', () => {
  expect(operatorsFor('event', 'Numeric')).toContain('between')
  expect(operatorsFor('event', 'String')).not.toContain('gt')
  expect(operatorsFor('cohort', null)).toEqual(['in', 'not_in'])
})
