import { type Layout, localName } from './layout.ts'

/**
 * A merged part is flushed to the disk, so that those that it replaces can go at once instead of after eight minutes: at full load these took as
 * much room as all else. Measured in docs/decisions/0011-light-sessions.md.
 */
export function durableMerges(layout: Layout): string[] {
  return tables.map(
    (table) =>
      `ALTER TABLE ${localName(table, layout)} MODIFY SETTING min_compressed_bytes_to_fsync_after_merge = 1, old_parts_lifetime = 20`,
  )
}

const tables = ['events', 'persons', 'person_distinct_ids', 'person_distinct_id_overrides', 'groups', 'sessions']
