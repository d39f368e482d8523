import { describe, expect, test } from 'vitest'
import type { TrendsRow } from '../../api-client/insight-results.ts'
import type { TrendsQuery } from '../../query-model/nodes.ts'
import { actorsOfLine, linesOf, nearestLine, soloLine, toggleLine } from './trends-lines.ts'

const row = (order: number | undefined, data: number[], more: Partial<TrendsRow> = {}): TrendsRow => ({
  action: order === undefined ? null : { order },
  label: 'x',
  count: data.reduce((sum, value) => sum + value, 0),
  data,
  labels: data.map((_, index) => `${index + 1}-Jan-2026`),
  days: data.map((_, index) => `2026-01-0${index + 1}`),
  ...more,
})
const query: TrendsQuery = {
  kind: 'TrendsQuery',
  series: [
    { kind: 'EventsNode', event: 'paid' },
    { kind: 'EventsNode', event: 'paid', math: 'dau' },
    { kind: 'EventsNode', event: '$pageview', custom_name: 'Views' },
  ],
}

describe('lines', () => {
  test('are named by what tells them apart', () => {
    expect(linesOf(query, [row(0, [1]), row(1, [1]), row(2, [1])]).map(({ label }) => label)).toEqual([
      'paid: total count',
      'paid: unique persons',
      'Views',
    ])
    const broken: TrendsQuery = {
      kind: 'TrendsQuery',
      series: [{ kind: 'EventsNode', event: 'paid' }],
      breakdownFilter: { breakdowns: [{ property: '$geoip_country_code', type: 'event' }] },
    }
    const values = [['DE'], ['$$_posthog_breakdown_null_$$'], ['$$_posthog_breakdown_other_$$'], ['??']]
    expect(
      linesOf(
        broken,
        values.map((value) => row(0, [1], { breakdown_value: value })),
      ).map(({ label }) => label),
    ).toEqual(['Germany', '(none)', '(others)', '??'])
  })

  test('the period before has the colour of its present', () => {
    const lines = linesOf(query, [
      row(0, [1], { compare_label: 'current' }),
      row(1, [1], { compare_label: 'current' }),
      row(0, [1], { compare_label: 'previous' }),
    ])
    expect(lines.map(({ colour, isPrevious }) => [colour, isPrevious])).toEqual([
      [0, false],
      [1, false],
      [0, true],
    ])
  })

  test('are hidden, shown, and shown alone', () => {
    const hidden = toggleLine(query, 1)
    expect(hidden.trendsFilter?.hiddenLegendIndexes).toEqual([1])
    expect(toggleLine(hidden, 1).trendsFilter?.hiddenLegendIndexes).toBeUndefined()
    const solo = soloLine(query, 2, 3)
    expect(solo.trendsFilter?.hiddenLegendIndexes).toEqual([0, 1])
    expect(soloLine(solo, 2, 3).trendsFilter?.hiddenLegendIndexes).toBeUndefined()
  })

  test('a click finds the nearest one, in a stack the one it hit', () => {
    const lines = linesOf(query, [row(0, [10]), row(1, [20]), row(2, [5])])
    expect(nearestLine(lines, 0, 17, false)?.index).toBe(1)
    expect(nearestLine(lines, 0, 17, true)?.index).toBe(1)
    expect(nearestLine(lines, 0, 9, true)?.index).toBe(0)
    expect(nearestLine(lines, 0, 99, true)?.index).toBe(2)
    expect(nearestLine(lines, 3, 9, false)).toBeUndefined()
  })

  test('know the people behind a number; a formula has none of its own', () => {
    const [line, , formula] = linesOf(query, [row(1, [3, 4]), row(2, [1, 1]), row(undefined, [1, 1])])
    expect(line && actorsOfLine(query, line, 1)).toEqual({
      title: 'paid: unique persons · 2 Jan 2026',
      value: 4,
      counts: 'people',
      point: { kind: 'InsightActorsQuery', series: 1, day: '2026-01-02', breakdown: undefined, compare: undefined },
    })
    expect(formula && actorsOfLine(query, formula, 0)).toBeUndefined()
  })
})
