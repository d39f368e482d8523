import { expect, test } from 'vitest'
import { personMerge } from '../../ui/person-merge.fixture.ts'
import { identityIds, looksAnonymous } from './identity.ts'

test.each([
  ['0190c0de-0000-7000-8000-000000000001', true],
  ['17f3a4b5c6d7e8-0a1b2c3d4e5f6a-1e525635-1fa400-17f3a4b5c6d8f9', true],
  ['ada@example.com', false],
  ['42', false],
])('%s looks anonymous: %s', (distinctId, expected) => {
  expect(looksAnonymous(distinctId)).toBe(expected)
})

test('ids chosen by the app come first, each with its own history', () => {
  const anonymous = '0190c0de-0000-7000-8000-000000000001'
  const ids = identityIds([anonymous, 'ada'], [personMerge({ distinct_id: anonymous }), personMerge({ distinct_id: 'elsewhere' })])
  expect(ids.map(({ distinctId, history }) => [distinctId, history.length])).toEqual([
    ['ada', 0],
    [anonymous, 1],
  ])
})
