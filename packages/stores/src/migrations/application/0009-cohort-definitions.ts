import type { Migration } from '../runner/migration.ts'

/** How cohorts were defined before. */
export const cohortDefinitions: Migration = {
  id: '0009-cohort-definitions',
  sql: `
-- Each definition that a cohort ever had, from when it holds until the next one does. Static cohorts have none.
CREATE TABLE cohort_definitions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id integer NOT NULL,
  cohort_id integer NOT NULL,
  filters jsonb NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX cohort_definitions_cohort ON cohort_definitions (project_id, cohort_id, since DESC);

-- What calculations remember of the time before, and then what holds now.
INSERT INTO cohort_definitions (project_id, cohort_id, filters, since)
SELECT project_id, cohort_id, filters, started_at FROM (
  SELECT k.*, filters IS DISTINCT FROM lag(filters) OVER (PARTITION BY cohort_id ORDER BY id) AS is_other FROM cohort_calculations k
) calculated WHERE is_other ORDER BY id;
INSERT INTO cohort_definitions (project_id, cohort_id, filters, since)
SELECT c.project_id, c.id, c.filters, c.updated_at FROM cohorts c
WHERE NOT c.is_static AND c.filters IS DISTINCT FROM
  (SELECT d.filters FROM cohort_definitions d WHERE d.project_id = c.project_id AND d.cohort_id = c.id ORDER BY d.id DESC LIMIT 1);

CREATE FUNCTION note_cohort_definition() RETURNS trigger AS $$
BEGIN
  INSERT INTO cohort_definitions (project_id, cohort_id, filters) VALUES (NEW.project_id, NEW.id, NEW.filters);
  RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER note_new_cohort_definition AFTER INSERT ON cohorts
  FOR EACH ROW WHEN (NOT NEW.is_static) EXECUTE FUNCTION note_cohort_definition();
CREATE TRIGGER note_changed_cohort_definition AFTER UPDATE OF filters ON cohorts
  FOR EACH ROW WHEN (NOT NEW.is_static AND NEW.filters IS DISTINCT FROM OLD.filters) EXECUTE FUNCTION note_cohort_definition();
`,
}
