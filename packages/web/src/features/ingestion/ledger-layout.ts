import type { LedgerBody } from '@hedgerow/protocol'

export const ledgerParts = ['stored', 'rejected', 'repeated', 'waiting'] as const
export type LedgerPart = (typeof ledgerParts)[number]

export interface LedgerSegment {
  part: LedgerPart
  count: number
  /** Of the whole bar; all together make 100. */
  widthPercent: number
}

export interface LedgerLayout {
  segments: LedgerSegment[]
  /** Accepted less the sum of the parts: always 0, and shown if it should ever not be. */
  difference: number
}

/** Lays the parts of the ledger out side by side. */
export function ledgerLayout(ledger: Pick<LedgerBody, 'accepted' | LedgerPart>): LedgerLayout {
  const counts = ledgerParts.map((part) => ({ part, count: Math.max(0, ledger[part]) }))
  const sum = counts.reduce((total, { count }) => total + count, 0)
  const difference = ledger.accepted - sum
  return { segments: counts.map(({ part, count }) => ({ part, count, widthPercent: sum === 0 ? 0 : (count / sum) * 100 })), difference }
}

export const partTexts: Record<LedgerPart, { label: string; help: string }> = {
  stored: { label: 'Stored', help: 'In the event store, once.' },
  rejected: { label: 'Rejected', help: 'Not stored, each with its reason below.' },
  repeated: { label: 'Repeated', help: 'Sent again with the same id, as SDKs do after a lost answer. Stored once already.' },
  waiting: { label: 'Waiting', help: 'Safely in the event log, on their way into the store.' },
}

/** `12.4 MB`, in powers of a thousand. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
