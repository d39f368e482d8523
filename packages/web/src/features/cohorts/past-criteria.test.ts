import type { CohortCalculationBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { pastCriteria } from './past-criteria.ts'

const plan = (value: string) => ({ type: 'AND', values: [{ type: 'person', key: 'plan', value, negation: false }] })
const count = (at: number, properties: object | undefined, people: number, error: string | null = null): CohortCalculationBody => ({
  id: at,
  version: at,
  filters: properties === undefined ? {} : { properties },
  count: people,
  started_at: `2026-03-0${at}T12:00:00Z`,
  finished_at: null,
  error,
})

test('counts are gathered while the criteria stay the same, in whatever order their fields stand', () => {
  const turned = { values: [{ negation: false, value: 'team', key: 'plan', type: 'person' }], type: 'AND' }
  const past = pastCriteria([
    count(5, plan('free'), 0, 'too slow'),
    count(4, plan('free'), 7),
    count(3, turned, 5),
    count(2, plan('team'), 4),
    count(1, plan('free'), 2),
  ])
  expect(past.map(({ fromAt, untilAt, first, last, times }) => [fromAt.slice(9, 10), untilAt.slice(9, 10), first, last, times])).toEqual([
    ['4', '5', 7, 7, 2],
    ['2', '3', 4, 5, 2],
    ['1', '1', 2, 2, 1],
  ])
  expect(past[1]?.criteria).toEqual(plan('team'))
})

test('what has no criteria is left out', () => {
  expect(pastCriteria([count(1, undefined, 3)])).toEqual([])
})
