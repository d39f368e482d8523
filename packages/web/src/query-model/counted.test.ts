import { expect, test } from 'vitest'
import { countedBy, hasActors, withCounted } from './counted.ts'
import { funnels } from './funnels.ts'
import { retention } from './retention.ts'

test.each(['persons', 'group 0', 'group 4', 'sessions', 'expression'])('a funnel that counts %s says so when it is read again', (kind) => {
  const query = withCounted(funnels.initial(), kind)
  expect(countedBy(funnels.read(JSON.parse(JSON.stringify(query)))).kind).toBe(kind)
  expect(hasActors(query)).toBe(!['sessions', 'expression'].includes(kind))
})

test('one takes the place of the other', () => {
  const groups = withCounted(withCounted(funnels.initial(), 'sessions'), 'group 1')
  expect(groups).toMatchObject({ aggregation_group_type_index: 1, funnelsFilter: { funnelAggregateByHogQL: undefined } })
  expect(countedBy(withCounted(retention.initial(), 'sessions')).kind).toBe('persons')
})
