import type { RejectionReason, WarningReason } from '@hedgerow/protocol'
import type { ColumnType, Generated } from 'kysely'

/**
 * The application database's tables as Kysely types, written by hand after ../migrations/application.
 * `bigint` columns are read as numbers, `timestamptz` as `Date`, `jsonb` as parsed JSON.
 */
export interface ApplicationTables {
  schema_migrations: SchemaMigrationsTable
  organization_settings: OrganizationSettingsTable
  projects: ProjectsTable
  personal_api_keys: PersonalApiKeysTable
  persons: PersonsTable
  person_distinct_ids: PersonDistinctIdsTable
  person_tombstones: PersonTombstonesTable
  person_merges: PersonMergesTable
  group_types: GroupTypesTable
  groups: GroupsTable
  event_definitions: EventDefinitionsTable
  property_definitions: PropertyDefinitionsTable
  event_properties: EventPropertiesTable
  ingestion_warnings: IngestionWarningsTable
  ingestion_repeats: IngestionRepeatsTable
  ingestion_ledger: IngestionLedgerTable
  ingestion_progress: IngestionProgressTable
  ingestion_pending_batches: IngestionPendingBatchesTable
  ingestion_commands: IngestionCommandsTable
  actions: ActionsTable
  cohorts: CohortsTable
  cohort_calculations: CohortCalculationsTable
  cohort_definitions: CohortDefinitionsTable
  static_cohort_members: StaticCohortMembersTable
  insights: InsightsTable
  dashboards: DashboardsTable
  dashboard_tiles: DashboardTilesTable
  annotations: AnnotationsTable
  insight_variables: InsightVariablesTable
  activity_log: ActivityLogTable
  query_history: QueryHistoryTable
  project_revisions: ProjectRevisionsTable
}

/** Written as a `Date` or as ISO text, which keeps microseconds. */
export type Instant = ColumnType<Date, Date | string, Date | string>
export type NullableInstant = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** Set by the database unless given. */
export type DefaultInstant = ColumnType<Date, Date | string | undefined, Date | string>
/** A JSON object; written as an object or as JSON text. */
export type JsonObject<T extends object = Record<string, unknown>> = ColumnType<T, T | string, T | string>
export type DefaultJsonObject<T extends object = Record<string, unknown>> = ColumnType<T, T | string | undefined, T | string>

export interface SchemaMigrationsTable {
  id: string
  checksum: string
  applied_at: DefaultInstant
}

export interface OrganizationSettingsTable {
  organization_id: string
  created_at: DefaultInstant
}

export interface ProjectsTable {
  id: Generated<number>
  uuid: Generated<string>
  organization_id: string | null
  name: string
  api_token: string
  /** SHA-256 of the project secret key, hex. */
  secret_key_hash: string | null
  secret_key_hint: string | null
  timezone: Generated<string>
  /** 0 is Sunday, 1 Monday. */
  week_start_day: Generated<number>
  settings: DefaultJsonObject
  is_demo: Generated<boolean>
  ingested_event: Generated<boolean>
  created_at: DefaultInstant
  updated_at: DefaultInstant
  deleted_at: NullableInstant
}

export interface PersonalApiKeysTable {
  id: string
  user_id: string
  label: string
  /** SHA-256 of the key, hex. */
  key_hash: string
  key_hint: string
  scopes: string[]
  created_at: DefaultInstant
  last_used_at: NullableInstant
  revoked_at: NullableInstant
}

export interface PersonsTable {
  project_id: number
  id: string
  properties: DefaultJsonObject
  is_identified: Generated<boolean>
  created_at: Instant
  last_seen_at: NullableInstant
  version: Generated<number>
}

export interface PersonDistinctIdsTable {
  project_id: number
  distinct_id: string
  person_id: string
  version: Generated<number>
}

export interface PersonTombstonesTable {
  project_id: number
  id: string
  version: number
  deleted_at: Instant
}

export interface PersonMergesTable {
  id: Generated<number>
  project_id: number
  person_id: string
  kind: 'merged' | 'attached' | 'split'
  distinct_id: string
  other_person_id: string | null
  event_uuid: string | null
  event_name: string | null
  occurred_at: Instant
}

export interface GroupTypesTable {
  project_id: number
  /** 0 to 4. */
  group_type_index: number
  group_type: string
  name_singular: string | null
  name_plural: string | null
  created_at: DefaultInstant
}

export interface GroupsTable {
  project_id: number
  group_type_index: number
  group_key: string
  properties: DefaultJsonObject
  created_at: Instant
  version: Generated<number>
}

export interface EventDefinitionsTable {
  id: Generated<string>
  project_id: number
  name: string
  description: string | null
  owner_id: string | null
  tags: Generated<string[]>
  verified: Generated<boolean>
  hidden: Generated<boolean>
  volume: Generated<number>
  created_at: Instant
  last_seen_at: NullableInstant
}

export interface PropertyDefinitionsTable {
  id: Generated<string>
  project_id: number
  type: 'event' | 'person' | 'group' | 'session'
  /** -1 unless `type` is `group`. */
  group_type_index: Generated<number>
  name: string
  /** Null while unknown. */
  property_type: 'String' | 'Numeric' | 'Boolean' | 'DateTime' | null
  property_type_source: Generated<'inferred' | 'set'>
  description: string | null
  owner_id: string | null
  tags: Generated<string[]>
  verified: Generated<boolean>
  hidden: Generated<boolean>
  created_at: Instant
  last_seen_at: NullableInstant
}

export interface EventPropertiesTable {
  project_id: number
  event: string
  property: string
}

export interface IngestionWarningsTable {
  id: Generated<number>
  project_id: number
  reason: RejectionReason | WarningReason
  /** Whether the event was left out, rather than stored with a change. */
  rejected: boolean
  occurred_at: Instant
  event_uuid: string | null
  event_name: string | null
  distinct_id: string | null
  detail: string
}

export interface IngestionRepeatsTable {
  id: Generated<number>
  project_id: number
  received_at: Instant
  event_uuid: string
  event_name: string
  distinct_id: string
}

export interface IngestionLedgerTable {
  project_id: number
  accepted: Generated<number>
  stored: Generated<number>
  rejected: Generated<number>
  repeated: Generated<number>
  rejected_by_reason: DefaultJsonObject<Partial<Record<RejectionReason, number>>>
  warnings_by_reason: DefaultJsonObject<Partial<Record<WarningReason, number>>>
  last_event_stored_at: NullableInstant
}

export interface IngestionProgressTable {
  id: Generated<number>
  committed_position: Generated<number>
  last_inserted_at: NullableInstant
  /** Which log the position is of. */
  log_id: string | null
}

export interface IngestionPendingBatchesTable {
  from_position: number
  to_position: number
  inserted_at: Instant
}

export interface IngestionCommandsTable {
  command_id: string
  project_id: number
  finished_at: Instant
  outcome: JsonObject
}

export interface InsightsTable {
  id: Generated<number>
  project_id: number
  short_id: string
  name: Generated<string>
  derived_name: string | null
  description: Generated<string>
  query: JsonObject
  kind: string
  tags: Generated<string[]>
  favorited: Generated<boolean>
  saved: Generated<boolean>
  deleted: Generated<boolean>
  created_by: string | null
  created_at: DefaultInstant
  last_modified_by: string | null
  last_modified_at: DefaultInstant
  updated_at: DefaultInstant
  last_viewed_at: NullableInstant
}

export interface DashboardsTable {
  id: Generated<number>
  project_id: number
  name: Generated<string>
  description: Generated<string>
  pinned: Generated<boolean>
  tags: Generated<string[]>
  filters: DefaultJsonObject
  variables: DefaultJsonObject
  breakdown_colors: DefaultJsonObject<unknown[]>
  creation_mode: Generated<string>
  deleted: Generated<boolean>
  created_by: string | null
  created_at: DefaultInstant
  last_modified_at: DefaultInstant
  last_accessed_at: NullableInstant
}

export interface DashboardTilesTable {
  id: Generated<number>
  project_id: number
  dashboard_id: number
  insight_id: number | null
  text_body: string | null
  flag_id: number | null
  experiment_id: number | null
  layouts: DefaultJsonObject
  color: string | null
  show_description: boolean | null
  filters_overrides: DefaultJsonObject
  deleted: Generated<boolean>
  created_by: string | null
  created_at: DefaultInstant
  last_modified_at: DefaultInstant
}

export interface AnnotationsTable {
  id: Generated<number>
  project_id: number
  content: string
  date_marker: Instant
  scope: Generated<string>
  creation_type: Generated<string>
  dashboard_id: number | null
  insight_id: number | null
  deleted: Generated<boolean>
  created_by: string | null
  created_at: DefaultInstant
  updated_at: DefaultInstant
}

export interface InsightVariablesTable {
  id: Generated<string>
  project_id: number
  name: string
  code_name: string
  type: 'String' | 'Number' | 'Boolean' | 'List' | 'Date'
  default_value: ColumnType<unknown, string | null | undefined, string | null>
  values: ColumnType<unknown, string | null | undefined, string | null>
  created_by: string | null
  created_at: DefaultInstant
}

export interface ActivityLogTable {
  id: Generated<number>
  project_id: number
  user_id: string | null
  scope: string
  item_id: string
  activity: string
  detail: DefaultJsonObject
  created_at: DefaultInstant
}

export interface QueryHistoryTable {
  id: Generated<number>
  project_id: number
  user_id: string
  client_query_id: string | null
  name: string | null
  kind: string
  query: JsonObject
  started_at: Instant
  duration_ms: number
  rows_read: Generated<number>
  bytes_read: Generated<number>
  is_cached: Generated<boolean>
  error_code: string | null
  error: string | null
}

/** Grows with every change, beside new events, that can change an answer of the project. Written by triggers. */
export interface ProjectRevisionsTable {
  project_id: number
  revision: Generated<number>
}

export interface ActionsTable {
  id: Generated<number>
  project_id: number
  name: string
  description: Generated<string>
  /** JSON text when written. */
  steps: ColumnType<unknown[], string | undefined, string>
  tags: Generated<string[]>
  pinned_at: NullableInstant
  deleted: Generated<boolean>
  /** A user's id. */
  created_by: string | null
  created_at: DefaultInstant
  updated_at: DefaultInstant
}

export interface CohortsTable {
  id: Generated<number>
  project_id: number
  name: string
  description: Generated<string>
  is_static: Generated<boolean>
  filters: DefaultJsonObject
  /** JSON text when written. */
  groups: ColumnType<unknown[], string | undefined, string>
  query: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>
  created_by: string | null
  created_at: DefaultInstant
  updated_at: DefaultInstant
  deleted: Generated<boolean>
  /** Null before the first calculation. */
  version: number | null
  pending_version: Generated<number>
  count: number | null
  is_due: Generated<boolean>
  calculation_started_at: NullableInstant
  last_calculation: NullableInstant
  errors_calculating: Generated<number>
  last_error_at: NullableInstant
  last_error: string | null
}

export interface CohortCalculationsTable {
  id: Generated<number>
  project_id: number
  cohort_id: number
  version: number
  filters: JsonObject
  started_at: Instant
  finished_at: NullableInstant
  count: Generated<number>
  error: string | null
}

export interface CohortDefinitionsTable {
  id: Generated<number>
  project_id: number
  cohort_id: number
  filters: JsonObject
  since: DefaultInstant
}

export interface StaticCohortMembersTable {
  project_id: number
  cohort_id: number
  distinct_id: string
  added_at: DefaultInstant
}
