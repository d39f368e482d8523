import { type Layout, localName } from './layout.ts'

/** Why, and what was measured: docs/decisions/0008-small-parts.md. Parts that are there already stay as they are until they are merged. */
export function smallParts(layout: Layout): string[] {
  const change = (table: string, settings: string) => `ALTER TABLE ${localName(table, layout)} MODIFY SETTING ${settings}`
  return [
    ...['events', 'persons', 'groups'].map((table) => change(table, `min_rows_for_wide_part = ${wideRows}, ${fewPasses}`)),
    change('sessions', fewPasses),
  ]
}

/** A part of fewer rows is one file; a larger one has a file for each column, and for each bucket of names. */
const wideRows = 60_000
/** Parts that are merged at once; more of them are merged in fewer passes. */
const fewPasses = 'merge_selector_base = 10'
