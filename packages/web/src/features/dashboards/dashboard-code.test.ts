import type { DashboardBody, TileBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { dashboardCode } from './dashboard-code.ts'

const nothing = { insight: null, text: null, feature_flag: null, experiment: null }
const tile = (id: number, content: object) =>
  ({ ...nothing, id, layouts: {}, last_refresh: '2026-03-01T00:00:00Z', ...content }) as unknown as TileBody
const dashboard = {
  id: 7,
  name: 'Mornings',
  description: '',
  tags: [],
  filters: { date_from: '-30d', properties: [{ type: 'event', key: 'plan', operator: 'exact', value: ['team'] }] },
  variables: { v1: { value: 3 } },
  tiles: [
    tile(1, {
      insight: { name: 'Sign-ups', description: '', result: [1], query: { kind: 'TrendsQuery', series: [{ event: 'signed_up' }] } },
    }),
    tile(2, { text: { body: '# Read me\nfirst' } }),
    tile(3, { feature_flag: { id: 4, key: 'new-checkout' } }),
  ],
} as unknown as DashboardBody

test('what a dashboard is, from the top left, without what changes by looking', () => {
  const places = [
    { id: 1, x: 6, y: 0, w: 6, h: 5 },
    { id: 3, x: 0, y: 5, w: 4, h: 4 },
    { id: 2, x: 0, y: 0, w: 6, h: 2 },
  ]
  expect(dashboardCode(dashboard, places)).toBe(`name: Mornings
range:
  date_from: -30d
filters:
  - type: event
    key: plan
    operator: exact
    value:
      - team
variables:
  v1: 3
tiles:
  - text: |-
      # Read me
      first
    layout:
      x: 0
      y: 0
      w: 6
      h: 2
  - insight: Sign-ups
    query:
      kind: TrendsQuery
      series:
        - event: signed_up
    layout:
      x: 6
      y: 0
      w: 6
      h: 5
  - feature_flag: new-checkout
    layout:
      x: 0
      y: 5
      w: 4
      h: 4
`)
})
