import type { Migration } from '../runner/migration.ts'

/** Named events and named sets of people. */
export const cohortsAndActions: Migration = {
  id: '0004-cohorts-actions',
  sql: `
CREATE TABLE actions (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  -- Or-ed; the conditions of each are and-ed.
  steps jsonb NOT NULL DEFAULT '[]',
  tags text[] NOT NULL DEFAULT '{}',
  pinned_at timestamptz,
  deleted boolean NOT NULL DEFAULT false,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX actions_project ON actions (project_id, id);

CREATE TABLE cohorts (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  is_static boolean NOT NULL DEFAULT false,
  -- {"properties": tree}; the old form (groups) is kept beside it as it was given.
  filters jsonb NOT NULL DEFAULT '{}',
  groups jsonb NOT NULL DEFAULT '[]',
  -- Of a static cohort: the query whose people it was made of.
  query jsonb,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted boolean NOT NULL DEFAULT false,
  -- The calculation whose rows in the event store count; null before the first.
  version bigint,
  -- The newest calculation that was begun; its rows count once it becomes the version.
  pending_version bigint NOT NULL DEFAULT 0,
  count bigint,
  -- Set where the definition or the list changed after the last calculation began.
  is_due boolean NOT NULL DEFAULT true,
  calculation_started_at timestamptz,
  last_calculation timestamptz,
  -- In a row; 0 after a success.
  errors_calculating integer NOT NULL DEFAULT 0,
  last_error_at timestamptz,
  last_error text
);
CREATE INDEX cohorts_project ON cohorts (project_id, id);
CREATE INDEX cohorts_due ON cohorts (is_due, last_calculation) WHERE NOT deleted;

CREATE TABLE cohort_calculations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  cohort_id integer NOT NULL,
  version bigint NOT NULL,
  filters jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  -- People found so far, all of them once it has finished.
  count bigint NOT NULL DEFAULT 0,
  error text
);
CREATE INDEX cohort_calculations_cohort ON cohort_calculations (project_id, cohort_id, id DESC);

-- Members of static cohorts, by one distinct id each: whoever it belongs to is the member.
CREATE TABLE static_cohort_members (
  project_id integer NOT NULL,
  cohort_id integer NOT NULL,
  distinct_id text COLLATE "C" NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, cohort_id, distinct_id)
);
CREATE INDEX static_cohort_members_distinct_id ON static_cohort_members (project_id, distinct_id);

-- Versions of rows of static cohorts in the event store.
CREATE SEQUENCE static_cohort_versions;
`,
}
