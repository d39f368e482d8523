import { receivedAtOf } from '@hedgerow/ingestion'
import type { LedgerBody, Page, PageQuery, WarningBody } from '@hedgerow/protocol'
import type { Stores } from '@hedgerow/stores'
import { WaitingTally } from './waiting-tally.ts'

interface LedgerRow {
  committed_position: number
  accepted: number | null
  stored: number | null
  rejected: number | null
  repeated: number | null
  rejected_by_reason: Record<string, number> | null
  warnings_by_reason: Record<string, number> | null
  last_event_stored_at: Date | null
}

interface WarningRow {
  id: string
  reason: string
  rejected: boolean
  occurred_at: Date
  event_uuid: string | null
  event_name: string | null
  distinct_id: string | null
  detail: string
  total: number
}

export interface LedgerOptions {
  nowMs: () => number
  /** Why ingestion stands still, if it does. */
  stalled: () => string | undefined
}

/** Of this process's log, `$1`: where ingestion works on another one, everything in this one waits. */
const committedPosition = 'CASE WHEN progress.log_id IS DISTINCT FROM $1 THEN 0 ELSE progress.committed_position END AS committed_position'

/** What became of every event that was accepted. */
export function createLedger(stores: Stores, { nowMs, stalled }: LedgerOptions) {
  const { pool } = stores.application
  let tally: Promise<WaitingTally> | undefined

  const startTally = async (): Promise<WaitingTally> => {
    const { rows } = await pool.query<{ committed_position: number }>(`SELECT ${committedPosition} FROM ingestion_progress progress`, [
      await stores.log.identity(),
    ])
    return new WaitingTally(stores.log, rows[0]?.committed_position ?? 0)
  }

  function openTally(): Promise<WaitingTally> {
    tally ??= startTally().catch((error) => {
      tally = undefined
      throw error
    })
    return tally
  }

  async function receivedAtMs(position: number): Promise<number | undefined> {
    const [entry] = await stores.log.read(position - 1, { maxEntries: 1, maxBytes: 1 })
    return entry && receivedAtOf(entry.payload)
  }

  let turn: Promise<unknown> = Promise.resolve()
  /** tricky: one at a time. Else a later read, with a later position, would take events out of the tally that an earlier one still counts. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  /** The committed numbers and, of the same moment, what waits. */
  const balance = (projectId: number) =>
    inTurn(async () => {
      const waitingTally = await openTally()
      // why: the log first, the database second. What is committed in between is then in the database's numbers, so that no
      // accepted event is missing; and one statement reads the numbers and the position that they stand for.
      await waitingTally.catchUp()
      const { rows } = await pool.query<LedgerRow>(
        `SELECT ${committedPosition}, ledger.* FROM ingestion_progress progress
         LEFT JOIN ingestion_ledger ledger ON ledger.project_id = $2`,
        [await stores.log.identity(), projectId],
      )
      const row = rows[0]
      // tricky: a log that was lost begins anew, and ingestion with it; what was counted by the old positions means nothing then.
      if (waitingTally.committed > (row?.committed_position ?? 0)) tally = undefined
      waitingTally.commit(row?.committed_position ?? 0)
      const waiting = waitingTally.waiting(projectId)
      return { row, waiting, oldest: waitingTally.oldest(projectId) }
    })

  return {
    /** Adds up at any moment, and counts every event whose request was answered before the call. */
    async read(projectId: number): Promise<LedgerBody> {
      const { row, waiting, oldest } = await balance(projectId)
      const sinceMs = oldest === undefined ? undefined : await receivedAtMs(oldest)
      const size = await stores.log.size()
      return {
        accepted: (row?.accepted ?? 0) + waiting,
        stored: row?.stored ?? 0,
        rejected: row?.rejected ?? 0,
        repeated: row?.repeated ?? 0,
        waiting,
        lag_ms: sinceMs === undefined ? 0 : Math.max(0, nowMs() - sinceMs),
        rejected_by_reason: row?.rejected_by_reason ?? {},
        warnings_by_reason: row?.warnings_by_reason ?? {},
        last_event_stored_at: row?.last_event_stored_at?.toISOString() ?? null,
        event_log: { used_bytes: size.usedBytes, limit_bytes: size.limitBytes },
        stalled: stalled() ?? null,
      }
    },

    /** Newest first. */
    async warnings(
      projectId: number,
      { limit, offset, reason, rejected }: PageQuery & { reason?: string | undefined; rejected?: boolean | undefined },
    ): Promise<Omit<Page<WarningBody>, 'next' | 'previous'>> {
      const { rows } = await pool.query<WarningRow>(
        `SELECT id, reason, rejected, occurred_at, event_uuid, event_name, distinct_id, detail, count(*) OVER () AS total
         FROM ingestion_warnings
         WHERE project_id = $1 AND ($2::text IS NULL OR reason = $2) AND ($3::boolean IS NULL OR rejected = $3)
         ORDER BY id DESC LIMIT $4 OFFSET $5`,
        [projectId, reason ?? null, rejected ?? null, limit, offset],
      )
      return { count: rows[0]?.total ?? 0, results: rows.map(warningOf) }
    },
  }
}

export type Ledger = ReturnType<typeof createLedger>

const warningOf = (row: WarningRow): WarningBody => ({
  id: String(row.id),
  reason: row.reason,
  rejected: row.rejected,
  occurred_at: row.occurred_at.toISOString(),
  event_uuid: row.event_uuid,
  event: row.event_name,
  distinct_id: row.distinct_id,
  detail: row.detail,
})
