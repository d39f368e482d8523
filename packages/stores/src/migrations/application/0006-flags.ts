import type { Migration } from '../runner/migration.ts'

/** Feature flags, what was ever changed about them, and what is kept about who asked. */
export const featureFlags: Migration = {
  id: '0006-flags',
  sql: `
CREATE TABLE feature_flags (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- What it is for; PostHog calls it the name.
  name text NOT NULL DEFAULT '',
  filters jsonb NOT NULL DEFAULT '{}',
  active boolean NOT NULL DEFAULT true,
  archived boolean NOT NULL DEFAULT false,
  deleted boolean NOT NULL DEFAULT false,
  -- Grows by 1 with every change.
  version integer NOT NULL DEFAULT 1,
  ensure_experience_continuity boolean NOT NULL DEFAULT false,
  bucketing_identifier text NOT NULL DEFAULT 'distinct_id',
  evaluation_runtime text NOT NULL DEFAULT 'all',
  evaluation_contexts text[] NOT NULL DEFAULT '{}',
  is_remote_configuration boolean NOT NULL DEFAULT false,
  has_encrypted_payloads boolean NOT NULL DEFAULT false,
  tags text[] NOT NULL DEFAULT '{}',
  created_by text,
  last_modified_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- When an app last asked for it, by its own account.
  last_called_at timestamptz
);
CREATE UNIQUE INDEX feature_flags_key ON feature_flags (project_id, key) WHERE NOT deleted;
CREATE INDEX feature_flags_project ON feature_flags (project_id, id);

-- One row a write: what changed, by whom, and the flag as it was afterwards.
CREATE TABLE feature_flag_versions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  flag_id integer NOT NULL,
  version integer NOT NULL,
  activity text NOT NULL,
  changes jsonb NOT NULL DEFAULT '[]',
  definition jsonb NOT NULL,
  user_id text,
  -- What made it, where it was no person: a scheduled change, an experiment.
  trigger jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (flag_id, version)
);
CREATE INDEX feature_flag_versions_project ON feature_flag_versions (project_id, created_at DESC);

-- The identifier that a person keeps in flags with continuity. By distinct id, so that it goes wherever the id goes; of a person's
-- several rows for a flag the oldest counts.
CREATE TABLE feature_flag_hash_keys (
  project_id integer NOT NULL,
  distinct_id text COLLATE "C" NOT NULL,
  flag_key text COLLATE "C" NOT NULL,
  hash_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (project_id, distinct_id, flag_key)
);

CREATE TABLE early_access_features (
  id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
  project_id integer NOT NULL,
  flag_id integer,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  stage text NOT NULL DEFAULT 'draft',
  documentation_url text NOT NULL DEFAULT '',
  payload jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX early_access_features_project ON early_access_features (project_id);

CREATE TABLE scheduled_changes (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  record_id integer NOT NULL,
  model_name text NOT NULL,
  payload jsonb NOT NULL,
  scheduled_at timestamptz NOT NULL,
  is_recurring boolean NOT NULL DEFAULT false,
  recurrence_interval text,
  cron_expression text,
  end_date timestamptz,
  -- When it was done for good.
  executed_at timestamptz,
  last_executed_at timestamptz,
  failure_reason text,
  timezone text NOT NULL,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX scheduled_changes_due ON scheduled_changes (scheduled_at) WHERE executed_at IS NULL;
CREATE INDEX scheduled_changes_record ON scheduled_changes (project_id, record_id);

-- How often the server itself answered what, by day.
CREATE TABLE feature_flag_counts (
  project_id integer NOT NULL,
  flag_id integer NOT NULL,
  day date NOT NULL,
  -- A variant, 'true' or 'false'.
  answer text NOT NULL,
  count bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, flag_id, day, answer)
);
CREATE TABLE feature_flag_request_counts (
  project_id integer NOT NULL,
  day date NOT NULL,
  -- 'evaluation' or 'definitions'
  kind text NOT NULL,
  count bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, day, kind)
);

-- Grows whenever something changes that flags are evaluated by, in whichever process: definitions (flags, cohorts, group types, the
-- time zone), or members of cohorts.
CREATE TABLE feature_flag_revisions (
  project_id integer PRIMARY KEY,
  definitions bigint NOT NULL DEFAULT 0,
  members bigint NOT NULL DEFAULT 0
);

CREATE FUNCTION note_flag_definitions(changed integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO feature_flag_revisions AS r (project_id, definitions) VALUES (changed, 1)
  ON CONFLICT (project_id) DO UPDATE SET definitions = r.definitions + 1
$$;

CREATE FUNCTION note_flag_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_flag_definitions(NEW.project_id);
  RETURN NULL;
END $$;

CREATE FUNCTION note_flag_project_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_flag_definitions(NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION note_flag_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO feature_flag_revisions AS r (project_id, members) SELECT DISTINCT project_id, 1 FROM changed ORDER BY project_id
  ON CONFLICT (project_id) DO UPDATE SET members = r.members + 1;
  RETURN NULL;
END $$;

CREATE TRIGGER note_flag_change AFTER INSERT OR UPDATE OF version ON feature_flags FOR EACH ROW EXECUTE FUNCTION note_flag_change();
CREATE TRIGGER note_flag_change AFTER INSERT OR UPDATE OF filters, groups, is_static, deleted, version ON cohorts
  FOR EACH ROW EXECUTE FUNCTION note_flag_change();
CREATE TRIGGER note_flag_change AFTER INSERT ON group_types FOR EACH ROW EXECUTE FUNCTION note_flag_change();
CREATE TRIGGER note_flag_change AFTER UPDATE OF timezone ON projects FOR EACH ROW EXECUTE FUNCTION note_flag_project_change();
CREATE TRIGGER note_flag_members_added AFTER INSERT ON static_cohort_members
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_flag_members();
CREATE TRIGGER note_flag_members_removed AFTER DELETE ON static_cohort_members
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_flag_members();
`,
}
