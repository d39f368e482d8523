import { quote } from '../draft.ts'
import type { IngestionLimits } from '../limits.ts'
import type { EventStep } from './event-step.ts'
import { parseTimestamp } from './parse-timestamp.ts'

/** The event store's instants begin in 1900. */
const earliestMs = Date.UTC(1900, 0, 1)
const latestMs = Date.UTC(10_000, 0, 1)

export interface TimestampSource {
  timestamp?: string | number | undefined
  offset?: number | undefined
  receivedAtMs: number
  sentAtMs?: number | undefined
  ignoresSentAt: boolean
}

export interface ResolvedTimestamp {
  timestampMs: number
  warning?: { reason: 'timestamp_unparseable' | 'timestamp_in_future' | 'timestamp_out_of_range'; detail: string }
}

/**
 * When an event happened, on the server's clock: `offset` before anything else, then `timestamp`
 * corrected by the difference between the client's clock (`sentAt`) and ours, else the time of arrival.
 */
function resolveTimestampOf(source: TimestampSource, limits: Pick<IngestionLimits, 'futureToleranceMs'>): ResolvedTimestamp {
  const { receivedAtMs, sentAtMs, offset, timestamp } = source
  if (typeof offset === 'number' && Number.isInteger(offset)) return bound(receivedAtMs - offset, source, limits)
  if (timestamp === undefined || timestamp === null || timestamp === '') return { timestampMs: receivedAtMs }
  const parsedMs = parseTimestamp(timestamp)
  if (parsedMs === undefined) {
    const detail = `The timestamp ${quote(timestamp)} could not be read; the time of arrival was used. Send ISO 8601, for instance 2026-01-31T08:00:00.000Z.`
    return { timestampMs: receivedAtMs, warning: { reason: 'timestamp_unparseable', detail } }
  }
  const corrects = sentAtMs !== undefined && !source.ignoresSentAt
  return bound(corrects ? parsedMs - (sentAtMs - receivedAtMs) : parsedMs, source, limits)
}

function bound(ms: number, source: TimestampSource, limits: Pick<IngestionLimits, 'futureToleranceMs'>): ResolvedTimestamp {
  const said = source.offset === undefined ? `timestamp ${quote(source.timestamp)}` : `offset ${source.offset}`
  if (!(ms < latestMs)) {
    return {
      timestampMs: source.receivedAtMs,
      warning: { reason: 'timestamp_out_of_range', detail: `The ${said} lies after the year 9999; the time of arrival was used.` },
    }
  }
  if (ms > source.receivedAtMs + limits.futureToleranceMs) {
    return {
      timestampMs: source.receivedAtMs,
      warning: { reason: 'timestamp_in_future', detail: `The ${said} lies in the future; the time of arrival was used.` },
    }
  }
  if (ms < earliestMs) {
    return {
      timestampMs: 0,
      warning: { reason: 'timestamp_out_of_range', detail: `The ${said} lies before the year 1900; 1970-01-01 was used.` },
    }
  }
  return { timestampMs: ms }
}

export const resolveTimestamp: EventStep = {
  name: 'resolve-timestamp',
  apply(draft, { limits, warnings }) {
    const { captured, entry } = draft
    const resolved = resolveTimestampOf(
      {
        timestamp: captured.timestamp,
        offset: captured.offset,
        receivedAtMs: entry.receivedAtMs,
        sentAtMs: entry.sentAtMs,
        ignoresSentAt: Boolean(draft.properties.$ignore_sent_at),
      },
      limits,
    )
    draft.timestampMs = resolved.timestampMs
    if (resolved.warning) warnings.warn(draft, resolved.warning.reason, resolved.warning.detail)
    return undefined
  },
}
