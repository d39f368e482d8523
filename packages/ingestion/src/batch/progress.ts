import type { BatchBounds } from './batch.ts'
import { microsText } from './instants.ts'
import { invariant } from './retry.ts'
import type { Sql } from './sql.ts'

export interface Progress {
  committed: number
  /** A batch that was begun and not finished: it must be done again with the same bounds. */
  pending: { to: number; insertedAtMicros: number } | undefined
  lastInsertedAtMicros: number
}

interface ProgressRow {
  committed: string
  pending_to: string | null
  pending_micros: string | null
  last_micros: string | null
}

export async function readProgress(store: Sql): Promise<Progress> {
  const { rows } = await store.query<ProgressRow>(
    `SELECT committed_position::text AS committed, pending_to::text,
            (extract(epoch FROM pending_inserted_at) * 1000000)::bigint::text AS pending_micros,
            (extract(epoch FROM last_inserted_at) * 1000000)::bigint::text AS last_micros
     FROM ingestion_progress WHERE id = 1`,
  )
  const row = rows[0]
  invariant(row, 'The table ingestion_progress has no row; the migrations have not run.')
  return {
    committed: Number(row.committed),
    pending:
      row.pending_to && row.pending_micros ? { to: Number(row.pending_to), insertedAtMicros: Number(row.pending_micros) } : undefined,
    lastInsertedAtMicros: Number(row.last_micros ?? 0),
  }
}

/** Writes down what is about to be done, before anything of it is. Doing it again for the same batch changes nothing. */
export async function beginBatch(store: Sql, batch: BatchBounds): Promise<void> {
  const { rowCount } = await store.query(
    `UPDATE ingestion_progress
     SET pending_to = $2, pending_inserted_at = $3::timestamptz, last_inserted_at = $3::timestamptz
     WHERE id = 1 AND committed_position = $1 AND (pending_to IS NULL OR (pending_to = $2 AND pending_inserted_at = $3::timestamptz))`,
    [batch.from, batch.to, `${microsText(batch.insertedAtMicros)}+00`],
  )
  invariant(rowCount === 1, `Batch ${batch.from}–${batch.to} cannot begin: another process has moved the progress of ingestion.`)
}

/** To be done in the transaction that writes all that the batch changed. */
export async function finishBatch(store: Sql, batch: BatchBounds): Promise<void> {
  const { rowCount } = await store.query(
    `UPDATE ingestion_progress SET committed_position = $2, pending_to = NULL, pending_inserted_at = NULL
     WHERE id = 1 AND committed_position = $1 AND pending_to = $2 AND pending_inserted_at = $3::timestamptz`,
    [batch.from, batch.to, `${microsText(batch.insertedAtMicros)}+00`],
  )
  invariant(rowCount === 1, `Batch ${batch.from}–${batch.to} cannot be finished: another process has moved the progress of ingestion.`)
}

/** The log lost the batch that was begun: there is nothing to do again. */
export async function abandonBatch(store: Sql): Promise<void> {
  await store.query('UPDATE ingestion_progress SET pending_to = NULL, pending_inserted_at = NULL WHERE id = 1')
}

/** The log is younger than the progress (it was replaced): begin at its beginning; repeats are dropped by their uuids. */
export async function restartProgress(store: Sql): Promise<void> {
  await store.query('UPDATE ingestion_progress SET committed_position = 0, pending_to = NULL, pending_inserted_at = NULL WHERE id = 1')
}
