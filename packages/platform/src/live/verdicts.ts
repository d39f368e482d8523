import type { VerdictBody } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'

/** Up to which rows of the two tables somebody has read. */
export interface VerdictCursor {
  warning: number
  repeat: number
}

interface VerdictRow {
  kind: 'warning' | 'repeat'
  id: number
  rejected: boolean | null
  occurred_at: Date
  event_uuid: string | null
  event_name: string | null
  distinct_id: string | null
  reason: string | null
  detail: string | null
}

/** What became of events that were not simply stored: rejected, stored with a warning, dropped as repeats. */
export function createVerdicts({ pool }: ApplicationStore) {
  return {
    /** From now on. */
    async now(projectId: number): Promise<VerdictCursor> {
      const { rows } = await pool.query<VerdictCursor>(
        `SELECT coalesce((SELECT max(id) FROM ingestion_warnings WHERE project_id = $1), 0) AS warning,
                coalesce((SELECT max(id) FROM ingestion_repeats WHERE project_id = $1), 0) AS repeat`,
        [projectId],
      )
      return { warning: Number(rows[0]?.warning ?? 0), repeat: Number(rows[0]?.repeat ?? 0) }
    },

    /** Those after a cursor, or of all, the newest; oldest first, at most so many of each kind. */
    async after(
      projectId: number,
      cursor: VerdictCursor | undefined,
      limit: number,
    ): Promise<{ verdicts: VerdictBody[]; cursor: VerdictCursor }> {
      const from = cursor ?? { warning: 0, repeat: 0 }
      const { rows } = await pool.query<VerdictRow>(
        `(SELECT 'warning' AS kind, id, rejected, occurred_at, event_uuid, event_name, distinct_id, reason, detail
          FROM ingestion_warnings WHERE project_id = $1 AND id > $2 ORDER BY id DESC LIMIT $4)
         UNION ALL
         (SELECT 'repeat', id, NULL, received_at, event_uuid, event_name, distinct_id, NULL, NULL
          FROM ingestion_repeats WHERE project_id = $1 AND id > $3 ORDER BY id DESC LIMIT $4)
         ORDER BY occurred_at, kind, id`,
        [projectId, from.warning, from.repeat, limit],
      )
      const newest = (kind: VerdictRow['kind']) =>
        Math.max(from[kind], ...rows.filter((row) => row.kind === kind).map(({ id }) => Number(id)))
      return { verdicts: rows.map(verdictOf), cursor: { warning: newest('warning'), repeat: newest('repeat') } }
    },
  }
}

export type Verdicts = ReturnType<typeof createVerdicts>

function verdictOf({ kind, id, rejected, occurred_at, event_uuid, event_name, distinct_id, reason, detail }: VerdictRow): VerdictBody {
  return {
    id: `${kind} ${id}`,
    verdict: kind === 'repeat' ? 'repeated' : rejected ? 'rejected' : 'warning',
    event_uuid,
    event: event_name,
    distinct_id,
    occurred_at: occurred_at.toISOString(),
    reason,
    detail: detail ?? 'An event with this uuid was stored before.',
  }
}
