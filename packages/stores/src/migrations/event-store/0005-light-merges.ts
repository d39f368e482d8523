import { type Layout, localName } from './layout.ts'

/** Why, and what was measured: docs/decisions/0009-light-merges.md. */
export function lightMerges(layout: Layout): string[] {
  const change = (table: string, settings: string) => `ALTER TABLE ${localName(table, layout)} MODIFY SETTING ${settings}`
  return [
    change('events', `min_level_for_wide_part = 2, ${fewAtOnce}`),
    ...['persons', 'groups', 'sessions'].map((table) => change(table, fewAtOnce)),
  ]
}

/** Parts in a merge, and bytes of rows that it takes from each at once. */
const fewAtOnce = 'max_parts_to_merge_at_once = 12, merge_max_block_size_bytes = 2000000'
