import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from './csv.ts'
import { resultTable } from './result-table.ts'

describe('CSV', () => {
  test.each([
    [[null, undefined, 1, -2.5, true], ',,1,-2.5,true'],
    [['a,b', 'say "x"', 'two\nlines', ' padded'], '"a,b","say ""x""","two\nlines"," padded"'],
    [['=1+1', '+cmd', '-x', '@a', '|b', '%c', ' =d', '\t=e'], `'=1+1,'+cmd,'-x,'@a,'|b,'%c,' =d,"'\t=e"`],
    [['-5', '+1.5e3', '-'], "-5,+1.5e3,'-"],
    [['＝1+1'], "'＝1+1"],
    [[{ a: 1 }, ['b']], '"{""a"":1}","[""b""]"'],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(`${line}\r\n`)
  })

  test('no text becomes a formula, and every text can be read back', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const line = csvLine([text]).slice(0, -2)
        const read = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line
        expect(read === text || read === `'${text}`).toBe(true)
        if (!/^\s*[+-]?[\d.]/.test(text)) expect(read).not.toMatch(/^\s*[=+\-@|%]/)
      }),
    )
  })
})

describe('any answer as a table', () => {
  test('rows and columns stay', () => {
    expect(resultTable({ columns: ['a', 'a'], results: [[1, 2]] })).toEqual({ columns: ['a', 'a'], rows: [[1, 2]] })
  })

  test('series become rows, their buckets columns', () => {
    const results = [
      { label: 'one', days: ['d1', 'd2'], data: [1, 2], breakdown_value: 'x' },
      { label: 'two', days: ['d2', 'd3'], data: [3, 4] },
    ]
    expect(resultTable({ results })).toEqual({
      columns: ['series', 'breakdown_value', 'd1', 'd2', 'd3'],
      rows: [
        ['one', 'x', 1, 2, null],
        ['two', null, null, 3, 4],
      ],
    })
  })

  test('cohorts of retention become rows, their periods columns', () => {
    const results = [
      { label: 'Week 0', date: 'd', values: [{ count: 5 }, { count: 2 }] },
      { label: 'Week 1', date: 'e', values: [{ count: 4 }] },
    ]
    expect(resultTable({ results }).rows).toEqual([
      ['Week 0', 'd', 5, 2],
      ['Week 1', 'e', 4, null],
    ])
  })

  test('anything else becomes its fields, or a single column', () => {
    expect(resultTable({ results: [{ a: 1 }, { b: 2 }] })).toEqual({
      columns: ['a', 'b'],
      rows: [
        [1, null],
        [null, 2],
      ],
    })
    expect(resultTable({ results: [[{ name: 'step' }]] })).toEqual({ columns: ['name'], rows: [['step']] })
    expect(resultTable({ results: [1, 'x'] })).toEqual({ columns: ['value'], rows: [[1], ['x']] })
    expect(resultTable({ results: null })).toEqual({ columns: [], rows: [] })
  })
})
