import { expect, test } from 'vitest'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { asksByItself } from './asking.ts'
import { withRange } from './ranges.ts'
import { isChanged, type SavedInsight } from './saved-insight.ts'

const trend: InsightQuery = { kind: 'TrendsQuery', series: [] }
const paths: InsightQuery = { kind: 'PathsQuery' }

test.each([
  ['the first question', { from: trend, to: trend, tookMs: undefined }, true],
  ['after a quick answer', { from: trend, to: trend, tookMs: 120 }, true],
  ['after a slow answer', { from: trend, to: trend, tookMs: 4000 }, false],
  ['another kind, even after a slow answer', { from: trend, to: paths, tookMs: 4000 }, true],
])('%s is asked by itself: %j %s', (_name, asked, expected) => {
  expect(asksByItself(asked)).toBe(expected)
})

test.each([
  ['-24h', undefined, 'hour'],
  ['-30d', undefined, undefined],
  ['-180d', undefined, 'week'],
  ['-30d', 'week', 'week'],
  ['-7d', 'month', undefined],
  ['all', undefined, 'month'],
] as const)('over %s, what was by %s becomes by %s', (from, before, after) => {
  const changed = withRange({ ...trend, interval: before }, { date_from: from }, '2026-11-22')
  expect('interval' in changed ? changed.interval : undefined).toBe(after)
})

test('a saved insight has changed where its question or its drawing has, not where its fields stand in another order', () => {
  const saved = {
    body: {},
    query: { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'a' }], interval: 'week' },
  } as unknown as SavedInsight
  expect(
    isChanged(saved, { interval: 'week', series: [{ event: 'a', kind: 'EventsNode' }], kind: 'TrendsQuery', properties: undefined }),
  ).toBe(false)
  expect(
    isChanged(saved, {
      kind: 'TrendsQuery',
      series: [{ kind: 'EventsNode', event: 'a' }],
      interval: 'week',
      trendsFilter: { display: 'ActionsPie' },
    }),
  ).toBe(true)
})
