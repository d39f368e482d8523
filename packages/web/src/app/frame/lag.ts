import type { LedgerBody } from '@hedgerow/protocol'
import { countOf } from '../../ui/numbers.ts'
import { formatDuration } from '../../ui/time.ts'

// limit: from here on the data of a page is called behind; seconds are what the way of an event normally takes.
const behindMs = 15_000
// limit: younger than this, what waits is only passing through.
const passingMs = 4000

export interface Freshness {
  level: 'current' | 'working' | 'behind' | 'stalled'
  /** For the small chip. */
  short: string
  /** For the banner; says what follows from it. */
  sentence: string
}

/** How current what people see is. */
export function freshness(ledger: Pick<LedgerBody, 'lag_ms' | 'waiting' | 'stalled'>): Freshness {
  if (ledger.stalled) {
    return {
      level: 'stalled',
      short: 'Ingestion stands still',
      sentence: `Ingestion stands still: ${ledger.stalled} Events are still accepted and kept; ${countOf(ledger.waiting, 'event')} ${ledger.waiting === 1 ? 'waits' : 'wait'}.`,
    }
  }
  const lag = formatDuration(ledger.lag_ms)
  if (ledger.lag_ms >= behindMs) {
    return {
      level: 'behind',
      short: `${lag} behind`,
      sentence: `Data is ${lag} behind: ${countOf(ledger.waiting, 'accepted event')} ${ledger.waiting === 1 ? 'waits' : 'wait'} to be stored. Nothing is lost, but pages do not show it yet.`,
    }
  }
  if (ledger.waiting > 0 && ledger.lag_ms >= passingMs)
    return { level: 'working', short: `${countOf(ledger.waiting, 'event')} on the way`, sentence: '' }
  return { level: 'current', short: 'Up to date', sentence: '' }
}
