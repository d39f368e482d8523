import { HogqlError } from '@hedgerow/hogql'
import { expect, test } from 'vitest'
import { testContext } from '../insight-context.fixture.ts'
import { resolveStickiness } from './resolve.ts'
import { stickiness } from './stickiness.ts'

const context = await testContext()
const event = { kind: 'EventsNode', event: '$pageview' }
const resolve = (node: Record<string, unknown>) => resolveStickiness({ series: [event], ...node }, context)
const criteria = (fields: unknown) => ({ stickinessFilter: { stickinessCriteria: fields } })

test.each<[Record<string, unknown>, string]>([
  [{ series: [] }, 'series must be a list of at least one'],
  [{ interval: 'second' }, 'interval must be one of hour, day, week, month, not "second"'],
  [{ intervalCount: 0 }, 'intervalCount must be a whole number, 1 to 1000, not 0'],
  [{ intervalCount: 1.5 }, 'intervalCount must be a whole number'],
  [{ stickinessFilter: 'x' }, 'stickinessFilter must be an object'],
  [{ stickinessFilter: { computedAs: 'sum' } }, 'stickinessFilter.computedAs must be one of non_cumulative, cumulative'],
  [criteria([]), 'stickinessFilter.stickinessCriteria must be an object'],
  [criteria({ operator: 'toString', value: 1 }), 'stickinessCriteria.operator must be gte, lte or exact, not "toString"'],
  [criteria({ operator: 'gte' }), 'stickinessCriteria needs a value'],
  [criteria({ operator: 'gte', value: -1 }), 'stickinessCriteria.value must be a whole number'],
  [{ compareFilter: { compare: 'yes' } }, 'compareFilter.compare must be true or false'],
  [{ compareFilter: { compare: true, compare_to: 'before' } }, 'compare_to must be a length of time'],
  [{ series: [{ ...event, math: 'unique_group', math_group_type_index: 9 }] }, 'series[0].math_group_type_index must be 0 to 4'],
  [{ series: [{ ...event, math: 'hogql' }] }, 'series[0].math_hogql must be a HogQL expression'],
])('%j is refused', (node, message) => {
  expect(() => resolve(node)).toThrow(HogqlError)
  expect(() => resolve(node)).toThrow(message)
})

test.each([
  ['2024-05-05', '2024-05-10', 2, 3],
  // Pairs of days are counted from 1970 on, whatever day the range begins with.
  ['2024-05-04', '2024-05-09', 2, 4],
  ['2024-05-04', '2024-05-04', 7, 1],
  ['2024-05-01', '2024-05-31', 1, 31],
])('from %s to %s in steps of %i days: %i intervals', (date_from, date_to, intervalCount, intervals) => {
  expect(resolve({ dateRange: { date_from, date_to }, intervalCount }).periods[0]?.intervals).toBe(intervals)
})

test.each<[Record<string, unknown>, string]>([
  [{ series: 1 }, 'The source has no series 1'],
  [{ compare: 'previous' }, 'The source has no series 0 of a previous period'],
  [{ day: 0 }, 'day must be a whole number'],
  [{ operator: 'more' }, 'operator must be one of exact, gte, lte, not "more"'],
])('the people of %j are refused', async (selection, message) => {
  await expect(stickiness.actors({ series: [event] }, selection, context, async () => [])).rejects.toThrow(message)
})
