import type { Migration } from '../runner/migration.ts'

/** Whoever is put into a static cohort, or taken out of it, changes the answers to questions about it at once, and not when it is counted. */
export const staticMembersRevision: Migration = {
  id: '0012-static-members-revision',
  sql: `
CREATE FUNCTION project_rows_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_project_revision(project_id) FROM (SELECT DISTINCT project_id FROM changed) AS projects;
  RETURN NULL;
END $$;
CREATE TRIGGER static_cohort_members_added AFTER INSERT ON static_cohort_members
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION project_rows_changed();
CREATE TRIGGER static_cohort_members_removed AFTER DELETE ON static_cohort_members
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION project_rows_changed();
`,
}
