import { type Layout, localName, tableStatements, viewStatement } from './layout.ts'

/** Why it is so and what was measured: docs/decisions/0001-event-schema.md. */
export function foundation(layout: Layout): string[] {
  return [
    ...tableStatements(events, layout),
    ...tableStatements(persons, layout),
    ...tableStatements(personDistinctIds, layout),
    ...tableStatements(personDistinctIdOverrides, layout),
    ...tableStatements(groups, layout),
    ...tableStatements(sessions, layout),
    viewStatement({ name: 'sessions_view', to: 'sessions', select: sessionsOf(localName('events', layout)) }, layout),
  ]
}

const fewValuedProperties = [
  ...['$browser', '$os', '$os_version', '$device_type', '$device_manufacturer', '$device_model', '$browser_language'],
  ...['$browser_language_prefix', '$timezone', '$lib', '$lib_version', '$host', '$pathname', '$referring_domain', '$event_type'],
  ...['$app_name', '$app_version', '$app_namespace', '$screen_name', '$feature_flag', '$geoip_country_code', '$geoip_country_name'],
  ...['$geoip_continent_code', '$geoip_city_name', '$geoip_subdivision_1_name', '$geoip_time_zone', 'utm_source', 'utm_medium'],
  ...['utm_campaign', 'utm_term', 'utm_content'],
]
const manyValuedProperties = ['$current_url', '$referrer', '$raw_user_agent', '$device_id', '$session_id', '$window_id', '$ip']
const typedPaths = [
  ...fewValuedProperties.map((name) => `\`${name}\` LowCardinality(Nullable(String))`),
  ...manyValuedProperties.map((name) => `\`${name}\` Nullable(String)`),
].join(', ')

/**
 * Names that have no typed path go into buckets: reading one reads a bucket, and a million names make no more files than one.
 * Parts fresh from an insert are one file with one map, which halves the cost of an insert; the first merge makes columns of them.
 */
const propertyStorage = {
  object_serialization_version: 'v3',
  object_shared_data_serialization_version: 'map_with_buckets',
  object_shared_data_serialization_version_for_zero_level_parts: 'map',
  min_level_for_wide_part: 1,
}

const events = {
  name: 'events',
  columns: `
  project_id UInt32,
  uuid UUID,
  event LowCardinality(String),
  timestamp DateTime64(6, 'UTC'),
  distinct_id String,
  person_id UUID,
  person_mode Enum8('full' = 0, 'propertyless' = 1, 'force_upgrade' = 2),
  properties JSON(max_dynamic_paths = 0, ${typedPaths}),
  person_properties JSON(max_dynamic_paths = 0),
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
  inserted_at DateTime64(6, 'UTC'),
  INDEX by_inserted_at inserted_at TYPE minmax GRANULARITY 1,
  INDEX by_uuid uuid TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX by_person_id person_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_distinct_id distinct_id TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_session_id \`$session_id\` TYPE bloom_filter(0.01) GRANULARITY 1`,
  engine: 'MergeTree',
  partitionBy: 'toYYYYMM(timestamp)',
  orderBy: 'project_id, toDate(timestamp), event, cityHash64(distinct_id), timestamp',
  settings: propertyStorage,
  shardBy: 'cityHash64(distinct_id)',
}

const persons = {
  name: 'persons',
  columns: `
  project_id UInt32,
  id UUID,
  created_at DateTime64(6, 'UTC'),
  properties JSON(max_dynamic_paths = 0),
  is_identified UInt8,
  is_deleted UInt8,
  version UInt64`,
  engine: 'ReplacingMergeTree(version)',
  orderBy: 'project_id, id',
  settings: propertyStorage,
  shardBy: 'cityHash64(id)',
}

const personDistinctIds = {
  name: 'person_distinct_ids',
  columns: `
  project_id UInt32,
  distinct_id String,
  person_id UUID,
  is_deleted UInt8,
  version UInt64`,
  engine: 'ReplacingMergeTree(version)',
  orderBy: 'project_id, distinct_id',
  shardBy: 'cityHash64(distinct_id)',
}

const personDistinctIdOverrides = { ...personDistinctIds, name: 'person_distinct_id_overrides' }

const groups = {
  name: 'groups',
  columns: `
  project_id UInt32,
  group_type_index UInt8,
  group_key String,
  created_at DateTime64(6, 'UTC'),
  updated_at DateTime64(6, 'UTC'),
  properties JSON(max_dynamic_paths = 0),
  is_deleted UInt8,
  version UInt64`,
  engine: 'ReplacingMergeTree(version)',
  orderBy: 'project_id, group_type_index, group_key',
  settings: propertyStorage,
  shardBy: 'cityHash64(group_key)',
}

/**
 * One row for each block that had events of the session, merged in the background: always read with
 * GROUP BY project_id, session_id and the functions that docs/reference/event-store.md lists.
 */
const sessions = {
  name: 'sessions',
  columns: `
  project_id UInt32,
  session_id String,
  min_timestamp SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
  max_timestamp SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
  max_inserted_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
  -- Name → 16 digits of the event's microseconds, then the value: the least is the earliest that had one.
  entry SimpleAggregateFunction(minMap, Map(String, String)),
  -- The same, where the greatest counts.
  last SimpleAggregateFunction(maxMap, Map(String, String)),
  urls AggregateFunction(groupUniqArray(1000), String),
  pageviews AggregateFunction(uniq, UUID),
  autocaptures AggregateFunction(uniq, UUID),
  screens AggregateFunction(uniq, UUID)`,
  engine: 'AggregatingMergeTree',
  orderBy: 'project_id, session_id',
  shardBy: 'cityHash64(session_id)',
}

/** Without what goes again in 0006-light-sessions.ts: `IF NOT EXISTS` looks at the columns of the table also where the view is there. */
function sessionsOf(eventsTable: string): string {
  return `
SELECT
  project_id,
  \`$session_id\` AS session_id,
  min(timestamp) AS min_timestamp,
  max(timestamp) AS max_timestamp,
  max(inserted_at) AS max_inserted_at
FROM ${eventsTable}
WHERE \`$session_id\` != ''
GROUP BY project_id, session_id`
}
