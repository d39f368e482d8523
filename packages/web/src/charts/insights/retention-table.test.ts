import { expect, test } from 'vitest'
import type { RetentionRow } from '../../api-client/insight-results.ts'
import type { RetentionQuery } from '../../query-model/nodes.ts'
import { finishedColumns, groupMean, retentionTable } from './retention-table.ts'

const query: RetentionQuery = { kind: 'RetentionQuery', retentionFilter: { period: 'Day', totalIntervals: 3 } }
const row = (date: string, counts: number[]): RetentionRow => ({
  date,
  label: date,
  values: counts.map((count, index) => ({ count, label: `Day ${index}` })),
})
const rows = [row('2026-03-01T00:00:00Z', [10, 5, 2]), row('2026-03-02T00:00:00Z', [30, 3, 0]), row('2026-03-03T00:00:00Z', [0, 0, 0])]
const table = retentionTable(query, rows, Date.parse('2026-03-03T12:00:00Z'), 'UTC')

test('what has not begun is empty, what has not ended is marked', () => {
  expect(
    table.cohorts.map(({ cells }) => cells.map(({ isFuture, isUnfinished }) => (isFuture ? ' ' : isUnfinished ? '~' : '.')).join('')),
  ).toEqual(['..~', '.~ ', '~  '])
  expect(table.cohorts[0]?.cells.map(({ share }) => share)).toEqual([1, 0.5, 0.2])
  expect(table.cohorts[2]?.cells[0]?.share).toBeUndefined()
})

test('the curve leaves out what is not over, and counts people or cohorts', () => {
  expect(groupMean(query, table, table.cohorts)).toEqual([1, 0.5, undefined])
  const later = retentionTable(query, rows, Date.parse('2026-03-10T00:00:00Z'), 'UTC')
  expect(groupMean(query, later, later.cohorts)).toEqual([1, 8 / 40, 2 / 40])
  const simple: RetentionQuery = { ...query, retentionFilter: { ...query.retentionFilter, meanRetentionCalculation: 'simple' } }
  expect(groupMean(simple, later, later.cohorts)[1]).toBeCloseTo((0.5 + 0.1) / 2)
})

test('curves end with the last column that is over for somebody', () => {
  const columnsAt = (at: string) => finishedColumns(retentionTable(query, rows, Date.parse(at), 'UTC'))
  expect(columnsAt('2026-03-10T00:00:00Z')).toEqual(['Day 0', 'Day 1', 'Day 2'])
  expect(columnsAt('2026-03-03T12:00:00Z')).toEqual(['Day 0', 'Day 1'])
  expect(columnsAt('2026-03-01T12:00:00Z')).toEqual(['Day 0'])
})

test('shares of the period before', () => {
  const previous = retentionTable(
    { ...query, retentionFilter: { ...query.retentionFilter, retentionReference: 'previous' } },
    rows,
    Date.parse('2026-03-10T00:00:00Z'),
    'UTC',
  )
  expect(previous.cohorts[0]?.cells.map(({ share }) => share)).toEqual([1, 0.5, 0.4])
})

test('columns of several periods end with their last one', () => {
  const brackets = retentionTable(
    { ...query, retentionFilter: { ...query.retentionFilter, retentionCustomBrackets: [1, 3] } },
    [row('2026-03-01T00:00:00Z', [10, 5, 2])],
    Date.parse('2026-03-04T12:00:00Z'),
    'UTC',
  )
  expect(brackets.cohorts[0]?.cells.map(({ isFuture, isUnfinished }) => (isFuture ? ' ' : isUnfinished ? '~' : '.')).join('')).toBe('..~')
})

test('a sum is drawn for each who began, an average by how many it is of', () => {
  const summed = (type: 'sum' | 'avg', values: [number, number][][]) => {
    const given = values.map(
      (cells, index): RetentionRow => ({
        date: `2026-03-0${index + 1}T00:00:00Z`,
        label: '',
        values: cells.map(([count, value]) => ({ count, aggregation_value: value })),
      }),
    )
    const asked: RetentionQuery = {
      ...query,
      retentionFilter: { ...query.retentionFilter, aggregationType: type, aggregationProperty: 'paid' },
    }
    const made = retentionTable(asked, given, Date.parse('2026-03-10T00:00:00Z'), 'UTC')
    return groupMean(asked, made, made.cohorts)
  }
  const values: [number, number][][] = [
    [
      [10, 0],
      [4, 100],
    ],
    [
      [30, 0],
      [1, 20],
    ],
  ]
  expect(summed('sum', values)).toEqual([0, 120 / 40])
  expect(summed('avg', values)).toEqual([0, (100 * 4 + 20 * 1) / 5])
})

test('each value of a breakdown counts its rows from the first period', () => {
  const of = (value: string) => rows.map((each) => ({ ...each, breakdown_value: value }))
  expect(retentionTable(query, [...of('a'), ...of('b')], 0, 'UTC').cohorts.map(({ row: place }) => place)).toEqual([0, 1, 2, 0, 1, 2])
})
