import { expect, test } from 'vitest'
import { cellText, sortedPlaces, tabbedText } from './cells.ts'
import { chartColumns } from './rows-chart.ts'

test('cells are one line of text', () => {
  expect([null, undefined, 'a', 1.5, true, [1, 'b'], { c: null }].map(cellText)).toEqual([
    '',
    '',
    'a',
    '1.5',
    'true',
    '[1,"b"]',
    '{"c":null}',
  ])
  expect(tabbedText(['a', 'b'], [['x\ty', 'two\nlines']])).toBe('a\tb\nx y\ttwo lines')
})

test('numbers are sorted by size, text by its numbers, and what is empty comes last either way', () => {
  const numbers = [[10], [null], [9]]
  expect(sortedPlaces(numbers, 0, false)).toEqual([2, 0, 1])
  expect(sortedPlaces(numbers, 0, true)).toEqual([0, 2, 1])
  expect(sortedPlaces([['v10'], ['v9']], 0, false)).toEqual([1, 0])
})

test('a chart takes the first column that is no number across, and the numbers up', () => {
  const columns = ['n', 'day', 'm']
  const rows = [
    [1, 'mon', 2],
    [null, 'tue', 3],
  ]
  expect(chartColumns(columns, rows, {})).toEqual({ x: 1, y: [0, 2] })
  expect(chartColumns(columns, rows, { y: ['m', 'gone'] })).toEqual({ x: 1, y: [2] })
  expect(chartColumns(['a', 'b'], [[1, 2]], {})).toEqual({ x: 0, y: [1] })
  expect(chartColumns(['a'], [['x']], {})).toBeUndefined()
  expect(chartColumns(['count()'], [[7]], {})).toEqual({ x: 0, y: [0] })
})
