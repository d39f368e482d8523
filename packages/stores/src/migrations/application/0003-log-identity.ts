import type { Migration } from '../runner/migration.ts'

/** Progress says which log its positions are of, and several batches may be under way at once. */
export const logIdentity: Migration = {
  id: '0003-log-identity',
  sql: `
-- Null until ingestion next begins: the log that is there then is the one that was meant.
ALTER TABLE ingestion_progress ADD COLUMN log_id text;

-- Batches that were begun and are not committed, in the order of the log: each begins where the one before ends. They are done again
-- with the same bounds and the same inserted_at, so that the event store recognises their blocks.
CREATE TABLE ingestion_pending_batches (
  from_position bigint PRIMARY KEY,
  to_position bigint NOT NULL,
  inserted_at timestamptz NOT NULL
);
INSERT INTO ingestion_pending_batches
SELECT committed_position, pending_to, pending_inserted_at FROM ingestion_progress WHERE pending_to IS NOT NULL AND pending_inserted_at IS NOT NULL;

ALTER TABLE ingestion_progress DROP COLUMN pending_to;
ALTER TABLE ingestion_progress DROP COLUMN pending_inserted_at;
`,
}
