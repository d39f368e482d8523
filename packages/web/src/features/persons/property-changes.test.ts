import type { PropertyChangeBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { groupChanges, isSdkOnly } from './property-changes.ts'

const change = (event_uuid: string, key: string): PropertyChangeBody => ({
  key,
  after: 1,
  at: '2026-03-01T10:00:00.000Z',
  event_uuid,
  event: '$set',
  distinct_id: 'ada',
})

test('changes of one event stand together, the own ones first', () => {
  const groups = groupChanges([change('b', '$os'), change('b', 'plan'), change('b', 'seats'), change('a', '$os')])
  expect(groups.map(({ eventId, changes }) => [eventId, changes.map(({ key }) => key)])).toEqual([
    ['b', ['plan', 'seats', '$os']],
    ['a', ['$os']],
  ])
  expect(groups.map(isSdkOnly)).toEqual([false, true])
})
