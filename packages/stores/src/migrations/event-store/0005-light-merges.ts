import { type Layout, localName } from './layout.ts'

/** Why, and what was measured: docs/decisions/0009-light-merges.md. */
export function lightMerges(layout: Layout): string[] {
  const change = (table: string, settings: string) => `ALTER TABLE ${localName(table, layout)} MODIFY SETTING ${settings}`
  return [
    change('events', `min_level_for_wide_part = 2, ${smallBlocks}`),
    ...['persons', 'groups', 'sessions'].map((table) => change(table, smallBlocks)),
  ]
}

/** Bytes of rows that a merge takes from a part at once. */
const smallBlocks = 'merge_max_block_size_bytes = 2000000'
