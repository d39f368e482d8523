import { type Layout, localName } from './layout.ts'

/** How parts are packed, and how long what a merge replaced stays. Why, and what was measured: docs/decisions/0013-packing.md. */
export function packing(layout: Layout): string[] {
  const change = (table: string, change: string) => `ALTER TABLE ${localName(table, layout)} ${change}`
  return [
    ...wide.map((table) => change(table, 'MODIFY SETTING max_compress_block_size = 262144')),
    ...all.map((table) => change(table, 'MODIFY SETTING old_parts_lifetime = 120')),
    // The embedded engine's own configuration decides by the size of a part.
    ...(layout.kind === 'single' && layout.isEmbedded ? all.map((table) => change(table, 'RESET SETTING default_compression_codec')) : []),
  ]
}

const wide = ['events', 'sessions']
const all = ['events', 'persons', 'person_distinct_ids', 'person_distinct_id_overrides', 'groups', 'sessions']
