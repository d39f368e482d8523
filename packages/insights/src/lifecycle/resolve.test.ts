import { HogqlError } from '@hedgerow/hogql'
import { expect, test } from 'vitest'
import { testContext } from '../insight-context.fixture.ts'
import { lifecycle } from './lifecycle.ts'
import { resolveLifecycle } from './resolve.ts'

const context = await testContext({ weekStartDay: 1 })
const series = [{ kind: 'EventsNode', event: '$pageview' }]
const resolve = (node: Record<string, unknown>) => resolveLifecycle({ series, ...node }, context)

test.each<[Record<string, unknown>, string]>([
  [{ series: undefined }, 'exactly one series, an EventsNode or ActionsNode; this one has none'],
  [{ series: [...series, ...series] }, 'exactly one series, an EventsNode or ActionsNode; this one has 2'],
  [{ series: [{ kind: 'ActionsNode', id: 3 }] }, 'The action 3 of series[0] does not exist'],
  [{ series: [null] }, 'series[0] must be an object'],
  [{ interval: 'minute' }, 'interval must be one of hour, day, week, month, not "minute"'],
  [{ dateRange: { date_from: 'then' } }, 'date_from must be a date'],
  [{ aggregation_group_type_index: -1 }, 'aggregation_group_type_index must be 0 to 4'],
  [{ samplingFactor: 0 }, 'samplingFactor must be more than 0'],
])('%j is refused', (node, message) => {
  expect(() => resolve(node)).toThrow(HogqlError)
  expect(() => resolve(node)).toThrow(message)
})

test('periods are counted whole, and the one before the first as well', () => {
  const { before, periods, end } = resolve({ interval: 'week', dateRange: { date_from: '2024-05-08', date_to: '2024-05-14' } })
  const days = [before, ...periods, end].map((at) => at.toISOString().slice(0, 10))
  expect(days).toEqual(['2024-04-29', '2024-05-06', '2024-05-13', '2024-05-20'])
})

test.each<[Record<string, unknown>, string]>([
  [{ status: 'gone' }, 'status must be one of new, returning, resurrecting, dormant, not "gone"'],
  [{ day: 5 }, 'day must be a date or an instant in one of the periods, not 5'],
  [{ day: '2020-01-01' }, 'day must be in the date range of the source; "2020-01-01" is outside of it'],
  [{ day: '2030-01-01' }, 'is outside of it'],
])('the people of %j are refused', async (selection, message) => {
  await expect(lifecycle.actors({ series }, selection, context, async () => [])).rejects.toThrow(message)
})
