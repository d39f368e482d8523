import { HogqlError } from '@hedgerow/hogql'
import { expect, test } from 'vitest'
import { testContext } from '../insight-context.fixture.ts'
import { resolveRetention } from './resolve.ts'
import { retention } from './retention.ts'

const context = await testContext()
const resolve = (node: Record<string, unknown>) => resolveRetention({ kind: 'RetentionQuery', ...node }, context)
const filter = (fields: unknown) => ({ retentionFilter: fields })

test.each<[Record<string, unknown>, string]>([
  [filter('x'), 'retentionFilter must be an object, not "x"'],
  [filter({ period: 'Year' }), 'retentionFilter.period must be one of Day, Hour, Week, Month, not "Year"'],
  [filter({ totalIntervals: 0 }), 'retentionFilter.totalIntervals must be a whole number, 1 to 1000, not 0'],
  [filter({ totalIntervals: 1e9 }), 'retentionFilter.totalIntervals must be a whole number'],
  [filter({ totalIntervals: '7' }), 'retentionFilter.totalIntervals must be a whole number'],
  [filter({ retentionType: 'first' }), 'retentionFilter.retentionType must be one of retention_recurring'],
  [filter({ targetEntity: 5 }), 'retentionFilter.targetEntity must be an object, not 5'],
  [filter({ targetEntity: { id: 5, type: 'events' } }), 'retentionFilter.targetEntity.id must be a text, not 5'],
  [filter({ returningEntity: { id: 5, type: 'actions' } }), 'The action 5 of retentionFilter.returningEntity does not exist'],
  [filter({ returningEntity: { id: 'x', type: 'warehouse' } }), 'retentionFilter.returningEntity.type must be one of events, actions'],
  [filter({ minimumOccurrences: 0 }), 'retentionFilter.minimumOccurrences must be a whole number'],
  [filter({ timeWindowMode: 'rolling' }), 'retentionFilter.timeWindowMode must be one of strict_calendar_dates, 24_hour_windows'],
  [filter({ timeWindowMode: '24_hour_windows', cumulative: true }), 'cumulative cannot be used with timeWindowMode "24_hour_windows"'],
  [filter({ cumulative: 'yes' }), 'retentionFilter.cumulative must be true or false'],
  [filter({ retentionCustomBrackets: 7 }), 'retentionFilter.retentionCustomBrackets must be a list of widths like [1, 2, 4], not 7'],
  [filter({ retentionCustomBrackets: [1, 0] }), 'retentionFilter.retentionCustomBrackets[1] must be a whole number'],
  [filter({ retentionCustomBrackets: [900, 900] }), 'adds up to 1800 intervals; there can be 1000'],
  [filter({ retentionCustomBrackets: Array.from({ length: 101 }, () => 1) }), 'can have 100 widths at most; there are 101'],
  [filter({ aggregationType: 'sum' }), 'retentionFilter.aggregationType "sum" needs an aggregationProperty'],
  [filter({ aggregationType: 'max', aggregationProperty: 'x' }), 'retentionFilter.aggregationType must be one of count, sum, avg'],
  [{ ...filter({ period: 'Hour', totalIntervals: 1000 }), dateRange: { date_from: '-2y' } }, 'rows of 1000 columns are too many'],
  [{ dateRange: { date_from: '2024-05-02', date_to: '2024-05-01' } }, 'date_to'],
  [{ aggregation_group_type_index: 7 }, 'aggregation_group_type_index must be 0 to 4'],
  [{ samplingFactor: -1 }, 'samplingFactor must be more than 0'],
])('%j is refused', (node, message) => {
  expect(() => resolve(node)).toThrow(HogqlError)
  expect(() => resolve(node)).toThrow(message)
})

test.each([
  [{}, ['Day 0', 'Day 1', 'Day 2', 'Day 3', 'Day 4', 'Day 5', 'Day 6', 'Day 7'], [1, 2, 3, 4, 5, 6, 7]],
  [{ period: 'Week', totalIntervals: 2 }, ['Week 0', 'Week 1'], [1]],
  [{ totalIntervals: 1 }, ['Day 0'], []],
  [{ retentionCustomBrackets: [1, 2, 4] }, ['Day 0', 'Day 1', 'Day 2-3', 'Day 4-7'], [1, 2, 2, 3, 3, 3, 3]],
])('%j has the columns %j', (fields, labels, columnOf) => {
  expect(resolve(filter(fields))).toMatchObject({ labels, columnOf })
})

test.each([
  [{}, ['2024-05-08', '2024-05-15'], 8],
  [{ dateRange: { date_from: '-3d' } }, ['2024-05-12', '2024-05-15'], 4],
  [{ ...filter({ period: 'Week', totalIntervals: 2 }), dateRange: { date_to: '2024-05-08' } }, ['2024-04-28', '2024-05-05'], 2],
  [{ ...filter({ period: 'Month', totalIntervals: 3 }) }, ['2024-03-01', '2024-05-01'], 3],
])('%j has the rows %j', (node, [first, last], count) => {
  const { rows } = resolve(node)
  expect([rows[0], rows.at(-1)].map((row) => row?.toISOString().slice(0, 10))).toEqual([first, last])
  expect(rows).toHaveLength(count)
})

test.each<[Record<string, unknown>, Record<string, unknown>, string]>([
  [{}, {}, 'interval must say which row of the source, 0 to 7'],
  [{}, { interval: 8 }, 'interval must be a whole number, 0 to 7, not 8'],
  [{ breakdownFilter: { breakdown: 'plan' } }, { interval: 0 }, "breakdown must be one of the source's breakdown_values"],
  [{ breakdownFilter: { breakdown: 'plan' } }, { interval: 0, breakdown: '$$_posthog_breakdown_other_$$' }, 'choose one value'],
])('the people of %j %j are refused', async (node, selection, message) => {
  await expect(retention.actors(node, selection, context, async () => [])).rejects.toThrow(message)
})
