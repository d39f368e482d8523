import { expect, test } from 'vitest'
import type { FunnelStepRow } from '../../api-client/insight-results.ts'
import type { FunnelsQuery } from '../../query-model/nodes.ts'
import { funnelPaths, funnelSummary, sharesWords } from './funnel-steps.ts'

const query: FunnelsQuery = {
  kind: 'FunnelsQuery',
  series: ['signed_up', 'invited', 'paid'].map((event) => ({ kind: 'EventsNode', event })),
}
const row = (order: number, count: number, median: number | null): FunnelStepRow => ({
  action_id: query.series[order]?.event ?? null,
  name: query.series[order]?.event ?? '',
  custom_name: null,
  order,
  count,
  type: 'events',
  average_conversion_time: median,
  median_conversion_time: median,
})

test('the step that loses most is that with the smallest share of the step before, not that with most people', () => {
  const [path] = funnelPaths(query, [row(0, 1000, null), row(1, 500, 60), { ...row(2, 100, 30), median_time_to_convert: 75 }])
  if (!path) throw new Error('no path')
  expect(path.steps.map(({ share, shareOfPrevious, dropped }) => [share, shareOfPrevious, dropped])).toEqual([
    [1, 1, 0],
    [0.5, 0.5, 500],
    [0.1, 0.2, 400],
  ])
  expect(funnelSummary(path)).toEqual({ share: 0.1, medianSeconds: 75, worst: { from: 2, to: 3, dropped: 400, lost: 0.8 } })
})

test('nobody at all, nobody further, nobody lost', () => {
  expect(funnelPaths(query, [])).toEqual([])
  expect(funnelPaths(query, null)).toEqual([])
  const [stuck] = funnelPaths(query, [row(0, 3, null), row(1, 0, null), row(2, 0, null)])
  expect(stuck && funnelSummary(stuck)).toEqual({ share: 0, medianSeconds: null, worst: { from: 1, to: 2, dropped: 3, lost: 1 } })
  const [whole] = funnelPaths(query, [row(0, 3, null), row(1, 3, 1), row(2, 3, 1)])
  expect(whole && funnelSummary(whole).worst).toBeUndefined()
})

test('a breakdown gives one funnel for each value', () => {
  const of = (value: string, counts: number[]) =>
    counts.map((count, order) => ({ ...row(order, count, null), breakdown: [value], breakdown_value: [value] }))
  const paths = funnelPaths(query, [of('Chrome', [4, 2, 1]), of('', [1, 0, 0])])
  expect(paths.map(({ label, breakdown }) => [label, breakdown])).toEqual([
    ['Chrome', ['Chrome']],
    ['(none)', ['']],
  ])
  expect([0, 1, 2, 3].map((index) => sharesWords(paths, index, 'first'))).toEqual(['100 %', '0 % to 50.0 %', '0 % to 25.0 %', ''])
  expect(sharesWords(paths, 2, 'previous')).toBe('0 % to 50.0 %')
})
