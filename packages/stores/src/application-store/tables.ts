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
  ingestion_ledger: IngestionLedgerTable
  ingestion_progress: IngestionProgressTable
  ingestion_commands: IngestionCommandsTable
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
  pending_to: number | null
  pending_inserted_at: NullableInstant
  last_inserted_at: NullableInstant
}

export interface IngestionCommandsTable {
  command_id: string
  project_id: number
  finished_at: Instant
  outcome: JsonObject
}
