import { HogqlError } from '@hedgerow/hogql'
import { expect, test } from 'vitest'
import { testContext } from '../insight-context.fixture.ts'
import { edgesOf } from './bins.ts'
import { resolveTrends } from './resolve.ts'

const event = { kind: 'EventsNode', event: '$pageview' }
const context = await testContext({ cohorts: new Map([[7, { id: 7, name: 'early' }]]) })
const resolve = (node: Record<string, unknown>) => resolveTrends({ series: [event], ...node }, context)
const math = (fields: Record<string, unknown>) => ({ series: [{ ...event, ...fields }] })
const breakdown = (fields: unknown) => ({ breakdownFilter: fields })

test.each<[Record<string, unknown>, string]>([
  [{ series: undefined }, 'series must be a list'],
  [{ series: [] }, 'series must be a list of at least one'],
  [{ series: 'x' }, 'series must be a list'],
  [{ series: [null] }, 'series[0] must be an object'],
  [{ series: [{ kind: 'FooNode' }] }, 'series[0].kind must be EventsNode or ActionsNode, not "FooNode"'],
  [{ series: Array.from({ length: 27 }, () => event) }, 'at most 26 entries, one for each letter; there are 27'],
  [{ interval: 'fortnight' }, 'interval must be one of second, minute, hour, day, week, month, not "fortnight"'],
  [{ interval: 7 }, 'interval must be one of'],
  [{ dateRange: 'yesterday' }, 'dateRange must be an object'],
  [{ dateRange: { date_from: 'yesterday' } }, 'date_from must be a date like 2024-01-31 or -7d; it is "yesterday"'],
  [{ dateRange: { date_from: 20240101 } }, 'date_from must be a date'],
  [{ dateRange: { date_from: '2024-13-45' } }, 'date_from must be a date'],
  [{ dateRange: { date_from: '-999999999d' } }, 'date_from must be a date'],
  [{ dateRange: { date_from: '0001-01-01' } }, 'between the years 1900 and 2299'],
  [{ dateRange: { date_from: '2024-05-10', date_to: '2024-05-01' } }, 'is after date_to'],
  [{ dateRange: { date_from: '-9y' }, interval: 'second' }, 'more than 50000 intervals of a second'],
  [{ dateRange: { date_from: '-30d' }, interval: 'minute', series: [event, event, event] }, 'more than 100000; choose a longer interval'],
  [{ trendsFilter: [] }, 'trendsFilter must be an object'],
  [{ trendsFilter: { display: 'ActionsLineGrap' } }, 'Unknown trendsFilter.display "ActionsLineGrap". Did you mean'],
  [{ trendsFilter: { display: 5 } }, 'Unknown trendsFilter.display 5. There are'],
  [{ trendsFilter: { smoothingIntervals: 0 } }, 'smoothingIntervals must be a whole number, 1 to 1000, not 0'],
  [{ trendsFilter: { smoothingIntervals: '3' } }, 'smoothingIntervals must be a whole number'],
  [{ trendsFilter: { formula: 'A+B' } }, 'there is no series B; the last one is A'],
  [{ trendsFilter: { formula: 5 } }, 'A formula must be text'],
  [{ trendsFilter: { formulaNodes: ['A'] } }, 'formulaNodes[…] must be an object, not "A"'],
  [{ compareFilter: { compare: true, compare_to: 'last week' } }, 'compare_to must be a length of time like -1w or -1y, not "last week"'],
  [{ compareFilter: { compare: true, compare_to: '2024-01-01' } }, 'compare_to must be a length of time'],
  [{ samplingFactor: 2 }, 'samplingFactor must be more than 0 and at most 1, not 2'],
  [{ aggregation_group_type_index: 9 }, 'aggregation_group_type_index must be 0 to 4, not 9'],
  [math({ math: 'dua' }), 'Unknown series[0].math "dua". Did you mean "dau"'],
  [math({ math: 5 }), 'series[0].math must be a name like dau, not 5'],
  [math({ math: 'sum' }), 'series[0].math is sum: it needs the name of a property in math_property'],
  [math({ math: 'sum', math_property: 'x', math_property_type: 'y' }), 'series[0].math_property_type must be event_properties'],
  [math({ math: 'sum', math_property: 'x', math_multiplier: 'y' }), 'series[0].math_multiplier must be a number, not "y"'],
  [math({ math: 'hogql' }), 'it needs an expression in math_hogql'],
  [math({ math: 'hogql', math_hogql: 'properties.x' }), 'must aggregate, like sum(properties.price); "properties.x" does not'],
  [math({ math: 'unique_group', math_group_type_index: 5 }), 'series[0].math_group_type_index must be 0 to 4, not 5'],
  [math({ math: 'unique_group' }), 'series[0].math_group_type_index must be 0 to 4'],
  [breakdown('x'), 'breakdownFilter must be an object'],
  [breakdown({ breakdown: { a: 1 } }), 'A breakdown must name a property'],
  [breakdown({ breakdown: 'x', breakdown_type: 'persn' }), 'Unknown breakdown_type "persn". Did you mean "person"'],
  [breakdown({ breakdown: 'x', breakdown_limit: 0 }), 'breakdown_limit must be a whole number, 1 to 1000, not 0'],
  [breakdown({ breakdown: 'x', breakdown_limit: 1e9 }), 'breakdown_limit must be a whole number'],
  [breakdown({ breakdown: 'x', breakdown_type: 'group', breakdown_group_type_index: 7 }), 'breakdown_group_type_index must be 0 to 4'],
  [breakdown({ breakdowns: Array.from({ length: 4 }, () => ({ property: 'x' })) }), 'breakdowns has at most 3 entries; there are 4'],
  [breakdown({ breakdown: ['early'], breakdown_type: 'cohort' }), 'ids of cohorts or "all"'],
  [breakdown({ breakdown: 'x', breakdown_histogram_bin_count: 1000 }), 'histogram_bin_count must be a whole number, 1 to 100'],
  [{ trendsFilter: { display: 'BoxPlot' }, ...breakdown({ breakdown: 'x' }) }, 'The display BoxPlot cannot be broken down'],
])('refuses %j', (node, message) => {
  expect(() => resolve(node)).toThrow(HogqlError)
  expect(() => resolve(node)).toThrow(message)
})

test('weekly active people by the week are its people', () => {
  const [series] = resolve({ ...math({ math: 'weekly_active' }), interval: 'week' }).series
  expect(series?.math.kind).toBe('unique')
  expect(resolve({ ...math({ math: 'monthly_active' }), interval: 'week' }).series[0]?.math.kind).toBe('active')
})

test('an action that does not exist is no series, and keeps its letter', () => {
  const { series } = resolve({ series: [{ kind: 'ActionsNode', id: 404 }, event], trendsFilter: { formula: 'A+B' } })
  expect(series.map(({ index }) => index)).toEqual([1])
})

test.each([
  [10, 40, 4, [10, 17.5, 25, 32.5, 40.01]],
  [4, 128, 5, [4, 28.8, 53.6, 78.4, 103.2, 128.01]],
  [4, 4, 10, [4, 4.01]],
  [0, 0.3, 3, [0, 0.1, 0.2, 0.31]],
  [null, null, 3, undefined],
])('bins of %s to %s in %s', (least, greatest, count, edges) => {
  expect(edgesOf(least, greatest, count)).toEqual(edges)
})
