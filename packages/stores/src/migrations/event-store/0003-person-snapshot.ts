import { type Layout, localName } from './layout.ts'

/** Why: docs/decisions/0006-person-snapshot.md. What is stored is carried over; the old column goes in a step of its own, when it has been. */
export function personSnapshots(layout: Layout): string[] {
  const local = localName('events', layout)
  const add = (table: string) => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS person_snapshot Map(String, String) AFTER person_mode`
  return [
    // Only where it is done again after the next step, as a first run has no way to know.
    `ALTER TABLE ${local} ADD COLUMN IF NOT EXISTS person_properties JSON(max_dynamic_paths = 0)`,
    `ALTER TABLE ${local} MODIFY SETTING map_serialization_version = 'with_buckets', map_buckets_strategy = 'constant', max_buckets_in_map = 32, map_buckets_min_avg_size = 1`,
    add(local),
    ...(layout.kind === 'cluster' ? [add(`${layout.database}.events`)] : []),
    `ALTER TABLE ${local} UPDATE person_snapshot = ${snapshotOfJson('person_properties')} WHERE empty(person_snapshot) AND notEmpty(JSONAllPaths(person_properties))`,
  ]
}

export function dropPersonProperties(layout: Layout): string[] {
  const drop = (table: string) => `ALTER TABLE ${table} DROP COLUMN IF EXISTS person_properties`
  const local = drop(localName('events', layout))
  return layout.kind === 'cluster' ? [drop(`${layout.database}.events`), local] : [local]
}

/** SQL that makes a snapshot of a JSON column, for what was stored as one. */
function snapshotOfJson(column: string): string {
  const text = 'JSONExtractString(raw)'
  const value = `if(startsWith(raw, '"'), if(${text} < '\\x03', concat('\\x02', ${text}), ${text}), concat('\\x01', raw))`
  // The engine writes a dot in a name as %2E.
  return `(arrayMap(kv -> (replaceAll(kv.1, '%2E', '.'), arrayMap(raw -> ${value}, [kv.2])[1]), JSONExtractKeysAndValuesRaw(toJSONString(${column})))::Map(String, String))`
}
