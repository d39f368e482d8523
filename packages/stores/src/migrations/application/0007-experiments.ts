import type { Migration } from '../runner/migration.ts'

/** Experiments, what several of them share, and their results over time. */
export const experiments: Migration = {
  id: '0007-experiments',
  sql: `
CREATE TABLE experiment_holdouts (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  filters jsonb NOT NULL,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX experiment_holdouts_project ON experiment_holdouts (project_id);

CREATE TABLE experiments (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  type text NOT NULL DEFAULT 'product',
  flag_id integer NOT NULL,
  -- The key that events carry, also after the flag was deleted and renamed.
  flag_key text COLLATE "C" NOT NULL,
  parameters jsonb NOT NULL DEFAULT '{}',
  running_time_calculation jsonb,
  start_date timestamptz,
  end_date timestamptz,
  archived boolean NOT NULL DEFAULT false,
  deleted boolean NOT NULL DEFAULT false,
  exposure_criteria jsonb NOT NULL DEFAULT '{}',
  exposure_cohort_id integer,
  metrics jsonb NOT NULL DEFAULT '[]',
  metrics_secondary jsonb NOT NULL DEFAULT '[]',
  primary_metrics_ordered_uuids text[] NOT NULL DEFAULT '{}',
  secondary_metrics_ordered_uuids text[] NOT NULL DEFAULT '{}',
  stats_config jsonb NOT NULL DEFAULT '{}',
  only_count_matured_users boolean NOT NULL DEFAULT false,
  holdout_id integer REFERENCES experiment_holdouts (id),
  conclusion text,
  conclusion_comment text,
  phase integer NOT NULL DEFAULT 1,
  -- What the running phase measures: flag version and variants, metrics, exposure, statistics.
  pinned jsonb,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX experiments_project ON experiments (project_id, id);
CREATE INDEX experiments_flag ON experiments (flag_id);

CREATE TABLE experiment_saved_metrics (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  query jsonb NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  tags text[] NOT NULL DEFAULT '{}',
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX experiment_saved_metrics_project ON experiment_saved_metrics (project_id);

CREATE TABLE experiment_metric_links (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  experiment_id integer NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  saved_metric_id integer NOT NULL REFERENCES experiment_saved_metrics (id) ON DELETE CASCADE,
  metadata jsonb NOT NULL DEFAULT '{}',
  UNIQUE (experiment_id, saved_metric_id)
);

-- A result as it was computed: one row for each metric and day, of each definition that it was computed with.
CREATE TABLE experiment_results (
  experiment_id integer NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
  metric_uuid text NOT NULL,
  fingerprint text NOT NULL,
  query_to timestamptz NOT NULL,
  status text NOT NULL,
  result jsonb,
  error text,
  computed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (experiment_id, metric_uuid, fingerprint, query_to)
);
`,
}
