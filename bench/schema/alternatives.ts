import { fewValuedProperties, manyValuedProperties } from '../../packages/stores/src/event-store/typed-properties.ts'

/** One way to store events: what it changes against {@link basis}. */
export interface Alternative {
  name: string
  properties: string
  personProperties: string
  orderBy: string
  /** More entries after the columns. */
  indices: string
  settings: Record<string, string | number>
}

const few = fewValuedProperties.map((name) => `\`${name}\` LowCardinality(Nullable(String))`)
const many = manyValuedProperties.map((name) => `\`${name}\` Nullable(String)`)
const typed = [...few, ...many].join(', ')
const numbers = ['$browser_version', '$screen_width', '$screen_height', '$viewport_width', '$viewport_height']
const typedDynamic = [typed, ...numbers.map((name) => `\`${name}\` Dynamic`)].join(', ')

function shared(version: string): Record<string, string> {
  return {
    object_serialization_version: 'v3',
    object_shared_data_serialization_version: version,
    object_shared_data_serialization_version_for_zero_level_parts: version,
  }
}

const indices = `
  INDEX by_inserted_at inserted_at TYPE minmax GRANULARITY 1,
  INDEX by_uuid uuid TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX by_person_id person_id TYPE bloom_filter(0.01) GRANULARITY 1`

/** What every other one is compared with. */
const basis: Alternative = {
  name: 'typed, buckets',
  properties: `JSON(max_dynamic_paths = 0, ${typed})`,
  personProperties: 'JSON(max_dynamic_paths = 0)',
  orderBy: 'project_id, toDate(timestamp), event, cityHash64(distinct_id), timestamp',
  indices,
  settings: shared('map_with_buckets'),
}

/** What the migration makes: docs/decisions/0001-event-schema.md. */
const chosen: Alternative = {
  ...basis,
  name: 'chosen',
  settings: {
    ...shared('map_with_buckets'),
    object_shared_data_serialization_version_for_zero_level_parts: 'map',
    min_level_for_wide_part: 1,
    default_compression_codec: 'ZSTD(1)',
  },
}

/** By group: each differs from the basis in one thing. */
export const alternatives: Record<string, Alternative[]> = {
  properties: [
    basis,
    { ...basis, name: 'typed, buckets, all parts wide', settings: { ...basis.settings, min_bytes_for_wide_part: 0 } },
    { ...basis, name: 'typed and Dynamic numbers, buckets', properties: `JSON(max_dynamic_paths = 0, ${typedDynamic})` },
    { ...basis, name: 'typed, 64 dynamic paths, buckets', properties: `JSON(max_dynamic_paths = 64, ${typed})` },
    { ...basis, name: 'typed, map', settings: shared('map') },
    { ...basis, name: 'typed, advanced', settings: shared('advanced') },
    { ...basis, name: 'plain JSON', properties: 'JSON', settings: {} },
    { ...basis, name: 'String', properties: 'String' },
  ],
  person: [
    { ...basis, name: 'person: String', personProperties: 'String' },
    { ...basis, name: 'person: String, ZSTD(3)', personProperties: 'String CODEC(ZSTD(3))' },
    { ...basis, name: 'person: 64 dynamic paths', personProperties: 'JSON(max_dynamic_paths = 64)' },
    { ...basis, name: 'person: Map', personProperties: 'Map(LowCardinality(String), String)' },
  ],
  order: [
    { ...basis, name: 'order: day, event, time', orderBy: 'project_id, toDate(timestamp), event, timestamp' },
    {
      ...basis,
      name: 'order: event, day, distinct id',
      orderBy: 'project_id, event, toDate(timestamp), cityHash64(distinct_id), timestamp',
    },
    { ...basis, name: 'order: day, distinct id, time', orderBy: 'project_id, toDate(timestamp), cityHash64(distinct_id), timestamp' },
    { ...basis, name: 'order: day, event, person', orderBy: 'project_id, toDate(timestamp), event, cityHash64(person_id), timestamp' },
  ],
  storage: [
    { ...basis, name: 'ZSTD(1)', settings: { ...basis.settings, default_compression_codec: 'ZSTD(1)' } },
    { ...basis, name: 'no indices', indices: '' },
    {
      ...basis,
      name: 'projection by person',
      indices: `${indices},\n  PROJECTION by_person (SELECT _part_offset ORDER BY project_id, person_id, timestamp)`,
    },
    { ...basis, name: 'granules of 4 096 rows', settings: { ...basis.settings, index_granularity: 4_096 } },
  ],
  parts: [
    { ...basis, name: 'wide from level 1', settings: { ...basis.settings, min_level_for_wide_part: 1 } },
    { ...basis, name: 'compact up to 200 MB', settings: { ...basis.settings, min_bytes_for_wide_part: 200_000_000 } },
    { ...chosen, name: 'wide from level 1, zero level map, ZSTD(1)' },
  ],
  decision: [
    chosen,
    { ...chosen, name: 'chosen, but day, distinct id, time', orderBy: 'project_id, toDate(timestamp), cityHash64(distinct_id), timestamp' },
    { ...chosen, name: 'chosen, but plain JSON', properties: 'JSON' },
    { ...chosen, name: 'chosen, but String', properties: 'String', personProperties: 'String' },
  ],
}

export function createTable(table: string, { properties, personProperties, orderBy, indices, settings }: Alternative): string {
  const all = { ...settings, non_replicated_deduplication_window: 1_000 }
  const settingsText = Object.entries(all).map(([name, value]) => `${name} = ${typeof value === 'string' ? `'${value}'` : value}`)
  return `CREATE TABLE ${table} (
  project_id UInt32,
  uuid UUID,
  event LowCardinality(String),
  timestamp DateTime64(6, 'UTC'),
  distinct_id String,
  person_id UUID,
  person_mode Enum8('full' = 0, 'propertyless' = 1, 'force_upgrade' = 2),
  properties ${properties},
  person_properties ${personProperties},
  person_created_at DateTime64(6, 'UTC'),
  \`$group_0\` String,
  \`$group_1\` String,
  \`$group_2\` String,
  \`$group_3\` String,
  \`$group_4\` String,
  \`$session_id\` String,
  \`$window_id\` String,
  elements_chain String,
  created_at DateTime64(6, 'UTC'),
  inserted_at DateTime64(6, 'UTC')${indices ? `,${indices}` : ''}
) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (${orderBy}) SETTINGS ${settingsText.join(', ')}`
}
