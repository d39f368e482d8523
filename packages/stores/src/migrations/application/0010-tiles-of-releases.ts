import type { Migration } from '../runner/migration.ts'

/** A tile of a dashboard shows a feature flag or an experiment too. */
export const tilesOfReleases: Migration = {
  id: '0010-tiles-of-releases',
  sql: `
ALTER TABLE dashboard_tiles ADD COLUMN flag_id integer, ADD COLUMN experiment_id integer;
ALTER TABLE dashboard_tiles DROP CONSTRAINT dashboard_tiles_check;
ALTER TABLE dashboard_tiles ADD CONSTRAINT dashboard_tiles_shows_one_thing
  CHECK (num_nonnulls(insight_id, text_body, flag_id, experiment_id) = 1);
ALTER TABLE dashboard_tiles ADD UNIQUE (dashboard_id, flag_id), ADD UNIQUE (dashboard_id, experiment_id);
`,
}
