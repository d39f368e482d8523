import type { Migration } from '../runner/migration.ts'

/** Who looks after a property, and which events came twice. */
export const dataPeopleSee: Migration = {
  id: '0008-data-people-see',
  sql: `
ALTER TABLE property_definitions ADD COLUMN owner_id text;

-- The newest events that were dropped since an earlier one has their uuid. The ledger counts them all.
CREATE TABLE ingestion_repeats (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  received_at timestamptz NOT NULL,
  event_uuid uuid NOT NULL,
  event_name text NOT NULL,
  distinct_id text NOT NULL
);
CREATE INDEX ingestion_repeats_recent ON ingestion_repeats (project_id, id DESC);
`,
}
