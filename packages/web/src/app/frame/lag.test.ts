import { expect, test } from 'vitest'
import { freshness } from './lag.ts'

test.each([
  [{ lag_ms: 0, waiting: 0, stalled: null }, 'current', 'Up to date'],
  [{ lag_ms: 400, waiting: 12, stalled: null }, 'current', 'Up to date'],
  [{ lag_ms: 4200, waiting: 12, stalled: null }, 'working', '12 events on the way'],
  [{ lag_ms: 14_999, waiting: 1, stalled: null }, 'working', '1 event on the way'],
  [{ lag_ms: 65_000, waiting: 1200, stalled: null }, 'behind', '1 min behind'],
  [{ lag_ms: 65_000, waiting: 1200, stalled: 'The event store does not answer.' }, 'stalled', 'Ingestion stands still'],
] as const)('%j is %s', (ledger, level, short) => {
  expect(freshness(ledger)).toMatchObject({ level, short })
})

test('what stands behind is said in full', () => {
  expect(freshness({ lag_ms: 65_000, waiting: 1200, stalled: null }).sentence).toBe(
    'Data is 1 min behind: 1,200 accepted events wait to be stored. Nothing is lost, but pages do not show it yet.',
  )
})
