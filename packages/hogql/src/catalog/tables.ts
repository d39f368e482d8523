import type { ValueType } from './value-type.ts'
import * as t from './value-type.ts'

/** What a JSON column's properties belong to; their definitions are looked up by it. */
export type PropertyScope = 'event' | 'person' | 'group' | 'session'

export interface ColumnDefinition {
  type: ValueType
  /** For JSON columns. */
  properties?: PropertyScope
  /** Left out of `*`. */
  hidden?: boolean
  description?: string
}

/** `person.…` on a table: joined only where used. One row of the target at most for each row, unless `many`. */
export interface LazyJoin {
  table: TableName
  /** Pairs of columns that have to be equal. */
  on: { from: string; to: string }[]
  many?: boolean
  /** For groups: which type. */
  groupTypeIndex?: number
}

export type TableName = 'events' | 'persons' | 'person_distinct_ids' | 'groups' | 'sessions' | 'cohort_people' | 'static_cohort_people'

export interface TableDefinition {
  name: TableName
  /** By name; `poe.id` is written so in a query, as if poe were a joined table. */
  columns: Record<string, ColumnDefinition>
  joins: Record<string, LazyJoin>
  /** Other names of columns. */
  aliases?: Record<string, string>
  /** The column that `{filters}` compares with the date range. */
  timestamp?: string
  description: string
}

const visible = (type: ValueType, description?: string): ColumnDefinition => ({ type, ...(description ? { description } : {}) })
const hidden = (type: ValueType, description?: string): ColumnDefinition => ({
  type,
  hidden: true,
  ...(description ? { description } : {}),
})

const groupIndexes = [0, 1, 2, 3, 4]

const events: TableDefinition = {
  name: 'events',
  description: 'What happened: one row an event.',
  timestamp: 'timestamp',
  columns: {
    uuid: visible(t.uuid, "The event's id"),
    event: visible(t.string, 'Its name'),
    properties: { type: t.json, properties: 'event', description: 'What was sent with it; properties.x reads one' },
    timestamp: visible(t.datetime, 'When it happened'),
    team_id: visible(t.integer, 'The project'),
    distinct_id: visible(t.string, 'Who, as the SDK called them'),
    elements_chain: visible(t.string, 'The elements clicked, innermost first'),
    created_at: visible(t.datetime, 'When it was received'),
    $session_id: visible(t.nullable(t.string), 'The session, if any'),
    $window_id: visible(t.nullable(t.string), 'The browser window, if any'),
    person_mode: visible(t.string, 'full, propertyless or force_upgrade'),
    person_id: hidden(t.uuid, 'The person that the distinct id belongs to now'),
    inserted_at: hidden(t.datetime, 'When it was stored'),
    $session_id_uuid: hidden(t.nullable(t.uuid), 'The session id as a UUID'),
    ...Object.fromEntries(groupIndexes.map((i) => [`$group_${i}`, visible(t.string, `Key of its group of type ${i}`)])),
    // poe: the person as stored on the event.
    'poe.id': hidden(t.uuid),
    'poe.created_at': hidden(t.datetime),
    'poe.properties': { type: t.json, properties: 'person', hidden: true },
    elements_chain_href: hidden(t.string, 'The first href among the elements'),
    elements_chain_texts: hidden(t.arrayOf(t.string), 'Texts of the elements'),
    elements_chain_ids: hidden(t.arrayOf(t.string), 'Ids of the elements'),
    elements_chain_elements: hidden(t.arrayOf(t.string), 'Tags among a, button, form, input, select, textarea, label'),
  },
  joins: {
    person: { table: 'persons', on: [{ from: 'person_id', to: 'id' }] },
    pdi: { table: 'person_distinct_ids', on: [{ from: 'distinct_id', to: 'distinct_id' }] },
    session: { table: 'sessions', on: [{ from: '$session_id', to: 'session_id' }] },
    cohort: { table: 'cohort_people', on: [{ from: 'person_id', to: 'person_id' }], many: true },
    ...Object.fromEntries(
      groupIndexes.map((i) => [
        `group_${i}`,
        { table: 'groups', on: [{ from: `$group_${i}`, to: 'key' }], groupTypeIndex: i } satisfies LazyJoin,
      ]),
    ),
  },
}

const persons: TableDefinition = {
  name: 'persons',
  description: 'People as they are now, without deleted ones.',
  columns: {
    id: visible(t.uuid),
    created_at: visible(t.datetime, 'First seen'),
    team_id: visible(t.integer, 'The project'),
    properties: { type: t.json, properties: 'person' },
    is_identified: visible(t.boolean),
    $virt_initial_channel_type: hidden(t.nullable(t.string), 'How the person first came'),
    $virt_initial_referring_domain_type: hidden(t.nullable(t.string), 'What kind of site the person first came from'),
  },
  joins: {
    pdi: { table: 'person_distinct_ids', on: [{ from: 'id', to: 'person_id' }], many: true },
    cohort: { table: 'cohort_people', on: [{ from: 'id', to: 'person_id' }], many: true },
  },
}

const personDistinctIds: TableDefinition = {
  name: 'person_distinct_ids',
  description: 'Which person each distinct id belongs to now.',
  columns: {
    team_id: visible(t.integer, 'The project'),
    distinct_id: visible(t.string),
    person_id: visible(t.uuid),
  },
  joins: { person: { table: 'persons', on: [{ from: 'person_id', to: 'id' }] } },
}

const groups: TableDefinition = {
  name: 'groups',
  description: 'Companies, teams and the like.',
  timestamp: 'created_at',
  columns: {
    index: visible(t.integer, 'The group type, 0 to 4'),
    team_id: visible(t.integer, 'The project'),
    key: visible(t.string),
    created_at: visible(t.datetime),
    updated_at: visible(t.datetime),
    properties: { type: t.json, properties: 'group' },
  },
  joins: {},
}

const text = visible(t.nullable(t.string))
const entryAttributes = [
  'utm_source',
  'utm_campaign',
  'utm_medium',
  'utm_term',
  'utm_content',
  'referring_domain',
  'referrer',
  'gclid',
  'gad_source',
  'gclsrc',
  'dclid',
  'gbraid',
  'wbraid',
  'fbclid',
  'msclkid',
  'twclid',
  'li_fat_id',
  'mc_cid',
  'igshid',
  'ttclid',
  '_kx',
  'irclid',
  'epik',
  'qclid',
  'sccid',
] as const
/** Ad ids of which a session also says only whether it began with one. */
const entryFlags = ['gclid', 'fbclid'] as const

const sessions: TableDefinition = {
  name: 'sessions',
  description: 'One row a session, built from its events.',
  timestamp: '$start_timestamp',
  aliases: { id: 'session_id', duration: '$session_duration', $exit_current_url: '$end_current_url', $exit_pathname: '$end_pathname' },
  columns: {
    session_id: visible(t.string),
    team_id: hidden(t.integer, 'The project'),
    distinct_id: visible(t.string, 'Of its last event'),
    $start_timestamp: visible(t.datetime),
    $end_timestamp: visible(t.datetime),
    max_inserted_at: hidden(t.datetime),
    $urls: visible(t.arrayOf(t.string)),
    $num_uniq_urls: visible(t.integer),
    $entry_current_url: text,
    $entry_pathname: text,
    $entry_hostname: text,
    $end_current_url: text,
    $end_pathname: text,
    $end_hostname: text,
    ...Object.fromEntries(entryAttributes.map((name) => [`$entry_${name}`, text])),
    ...Object.fromEntries(entryFlags.map((name) => [`$entry_has_${name}`, visible(t.boolean)])),
    $pageview_count: visible(t.integer),
    $autocapture_count: visible(t.integer),
    $screen_count: visible(t.integer),
    $session_duration: visible(t.integer, 'Seconds'),
    $is_bounce: visible(t.nullable(t.boolean)),
    $channel_type: text,
    $last_external_click_url: text,
    $vitals_lcp: visible(t.nullable(t.float)),
  },
  joins: {},
}

const cohortPeople: TableDefinition = {
  name: 'cohort_people',
  description: 'Who was in which cohort when it was last calculated.',
  columns: {
    person_id: visible(t.uuid),
    cohort_id: visible(t.integer),
    team_id: hidden(t.integer, 'The project'),
  },
  joins: { person: { table: 'persons', on: [{ from: 'person_id', to: 'id' }] } },
}

const staticCohortPeople: TableDefinition = {
  ...cohortPeople,
  name: 'static_cohort_people',
  description: 'Who is on the lists of static cohorts.',
}

export const tables: Record<TableName, TableDefinition> = {
  events,
  persons,
  person_distinct_ids: personDistinctIds,
  groups,
  sessions,
  cohort_people: cohortPeople,
  static_cohort_people: staticCohortPeople,
}

/** Tables that a query can name. */
export const tableNames: string[] = Object.keys(tables)

export { entryAttributes, entryFlags }

const recordings = 'sessions are not recorded here'
const refusedTables: Record<string, string> = {
  session_replay_events: recordings,
  raw_session_replay_events: recordings,
  log_entries: 'logs are not kept here',
  logs: 'logs are not kept here',
  heatmaps: 'heatmap events are not kept apart; they are in events under the name $$heatmap',
  query_log: 'running queries are listed by the API',
  app_metrics: 'there are no apps to measure',
  exchange_rate: 'exchange rates are not kept here; multiply by a rate of your own',
  cohort_membership: 'cohort_people and static_cohort_people hold the members of cohorts',
  error_tracking_issue_fingerprint_overrides: 'errors are not grouped here',
}

/** Why a table of PostHog's is not there; undefined for any other name. */
export function refusedTable(name: string): string | undefined {
  const known = Object.hasOwn(refusedTables, name) ? refusedTables[name] : undefined
  if (known) return known
  const plain = name.replace(/^raw_/, '')
  if (plain !== name && Object.hasOwn(tables, plain)) return `"${plain}" has the same rows, each once`
  return name.startsWith('system.') || name.startsWith('information_schema.') ? 'tables of the server cannot be read' : undefined
}
