import { expect, test } from 'vitest'
import { answerTable, csvText } from './answer-table.ts'

test('a spreadsheet gets text where text was, never a formula', () => {
  expect(
    csvText({
      columns: ['name', 'value'],
      rows: [
        ['=cmd()', 1],
        ['a "b", c', null],
        ['-1+1', -1],
        ['two\nlines', 0.5],
      ],
    }),
  ).toBe('name,value\r\n\'=cmd(),1\r\n"a ""b"", c",\r\n\'-1+1,-1\r\n"two\nlines",0.5')
})

test('trends are a row for each interval of each line', () => {
  const table = answerTable({ kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'paid' }] }, [
    {
      action: { order: 0 },
      label: 'paid',
      count: 3,
      data: [1, 2],
      labels: ['1-Jan-2026', '2-Jan-2026'],
      days: ['2026-01-01', '2026-01-02'],
    },
  ])
  expect(table).toEqual({
    columns: ['date', 'series', 'value'],
    rows: [
      ['2026-01-01', 'paid', 1],
      ['2026-01-02', 'paid', 2],
    ],
  })
})

test('paths tell steps apart by their place', () => {
  const table = answerTable({ kind: 'PathsQuery' }, [{ source: '1_/a', target: '2_/b', value: 3, average_conversion_time: 1500 }])
  expect(table.rows).toEqual([[1, '/a', '/b', 3, 1.5]])
})
