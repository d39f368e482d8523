import type { BatchBounds } from './batch.ts'
import { microsText } from './instants.ts'
import { invariant } from './retry.ts'
import type { Sql } from './sql.ts'

/** A batch that was begun and not finished: it must be done again with the same bounds. */
export interface PendingBatch {
  from: number
  to: number
  insertedAtMicros: number
}

export interface Progress {
  /** The log that the positions are of; undefined before ingestion first began. */
  logId: string | undefined
  committed: number
  /** In the order of the log; each begins where the one before ends. */
  pending: PendingBatch[]
  lastInsertedAtMicros: number
}

interface ProgressRow {
  log_id: string | null
  committed: string
  last_micros: string | null
  pending: { from: number; to: number; micros: number }[] | null
}

export async function readProgress(store: Sql): Promise<Progress> {
  const { rows } = await store.query<ProgressRow>(
    `SELECT log_id, committed_position::text AS committed, (extract(epoch FROM last_inserted_at) * 1000000)::bigint::text AS last_micros,
       (SELECT json_agg(json_build_object('from', from_position, 'to', to_position,
          'micros', (extract(epoch FROM inserted_at) * 1000000)::bigint) ORDER BY from_position) FROM ingestion_pending_batches) AS pending
     FROM ingestion_progress WHERE id = 1`,
  )
  const row = rows[0]
  invariant(row, 'The table ingestion_progress has no row; the migrations have not run.')
  return {
    logId: row.log_id ?? undefined,
    committed: Number(row.committed),
    pending: (row.pending ?? []).map(({ from, to, micros }) => ({ from, to, insertedAtMicros: micros })),
    lastInsertedAtMicros: Number(row.last_micros ?? 0),
  }
}

/** Writes down what is about to be done, before anything of it is. Doing it again for the same batch changes nothing. */
export async function beginBatch(store: Sql, batch: BatchBounds): Promise<void> {
  const { rowCount } = await store.query(
    `WITH noted AS (
       INSERT INTO ingestion_pending_batches AS p (from_position, to_position, inserted_at)
       SELECT $1::bigint, $2::bigint, $3::timestamptz FROM ingestion_progress
       WHERE id = 1 AND log_id = $4
         AND (committed_position = $1 OR EXISTS (SELECT FROM ingestion_pending_batches WHERE to_position = $1))
       ON CONFLICT (from_position) DO UPDATE SET to_position = EXCLUDED.to_position
         WHERE p.to_position = EXCLUDED.to_position AND p.inserted_at = EXCLUDED.inserted_at
       RETURNING p.inserted_at)
     UPDATE ingestion_progress SET last_inserted_at = greatest(last_inserted_at, noted.inserted_at) FROM noted WHERE id = 1`,
    [batch.from, batch.to, instantOf(batch), batch.logId],
  )
  invariant(rowCount === 1, `Batch ${batch.from}–${batch.to} cannot begin: another process has moved the progress of ingestion.`)
}

/** To be done in the transaction that writes all that the batch changed. */
export async function finishBatch(store: Sql, batch: BatchBounds): Promise<void> {
  const { rowCount } = await store.query(
    `WITH done AS (
       DELETE FROM ingestion_pending_batches WHERE from_position = $1 AND to_position = $2 AND inserted_at = $3::timestamptz RETURNING to_position)
     UPDATE ingestion_progress SET committed_position = done.to_position FROM done WHERE id = 1 AND committed_position = $1 AND log_id = $4`,
    [batch.from, batch.to, instantOf(batch), batch.logId],
  )
  invariant(rowCount === 1, `Batch ${batch.from}–${batch.to} cannot be finished: another process has moved the progress of ingestion.`)
}

/** The log lost a batch that was begun: there is nothing to do again. */
export async function abandonBatch(store: Sql, pending: PendingBatch): Promise<void> {
  await store.query(
    `WITH gone AS (DELETE FROM ingestion_pending_batches WHERE from_position = $1 RETURNING to_position)
     UPDATE ingestion_progress SET committed_position = gone.to_position FROM gone WHERE id = 1`,
    [pending.from],
  )
}

/** The first beginning: from now on the positions are of this log. */
export async function adoptLog(store: Sql, logId: string): Promise<void> {
  await store.query('UPDATE ingestion_progress SET log_id = $1 WHERE id = 1 AND log_id IS NULL', [logId])
}

/** Another log than the one that the progress is of, or a younger one in its place: begin at its beginning; repeats are dropped by their uuids. */
export async function restartProgress(store: Sql, logId: string): Promise<void> {
  await store.query(
    `WITH gone AS (DELETE FROM ingestion_pending_batches)
     UPDATE ingestion_progress SET committed_position = 0, log_id = $1 WHERE id = 1`,
    [logId],
  )
}

const instantOf = (batch: BatchBounds): string => `${microsText(batch.insertedAtMicros)}+00`
