import type { Migration } from '../runner/migration.ts'

/**
 * How far a project has come, asked with every question.
 * why: of its query as text, more than half of the time went into planning it; a function keeps its plan for the whole session.
 */
export const projectRevisionFunction: Migration = {
  id: '0011-project-revision-function',
  sql: `
CREATE FUNCTION project_revision(asked integer)
  RETURNS TABLE (timezone text, stored bigint, revision bigint, included_until timestamptz)
  LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT projects.timezone, coalesce(l.stored, 0)::bigint, coalesce(r.revision, 0)::bigint,
      coalesce((SELECT min(inserted_at) - interval '1 microsecond' FROM ingestion_pending_batches), p.last_inserted_at)
    FROM projects
    LEFT JOIN ingestion_ledger l ON l.project_id = projects.id
    LEFT JOIN project_revisions r ON r.project_id = projects.id
    CROSS JOIN ingestion_progress p
    WHERE projects.id = asked AND projects.deleted_at IS NULL;
END $$;
`,
}
