/**
 * The rows that ingestion writes, by the names of the columns. Instants are `YYYY-MM-DD hh:mm:ss.ffffff` in UTC.
 * The tables themselves are in ../migrations/event-store.
 */

export interface EventRow {
  project_id: number
  uuid: string
  event: string
  timestamp: string
  distinct_id: string
  /** The person that the distinct id belonged to when the event was stored; overrides say what it is now. */
  person_id: string
  person_mode: 'full' | 'propertyless' | 'force_upgrade'
  properties: Record<string, unknown>
  /** The person's properties right after this event, in the form of `personSnapshot`; `{}` for a personless event. */
  person_snapshot: Record<string, string>
  person_created_at: string
  $group_0: string
  $group_1: string
  $group_2: string
  $group_3: string
  $group_4: string
  /** Empty where the event has none; else lower-case. */
  $session_id: string
  $window_id: string
  elements_chain: string
  /** When capture received it. */
  created_at: string
  /** One value for each batch of ingestion, strictly increasing from batch to batch. */
  inserted_at: string
}

export interface PersonRow {
  project_id: number
  id: string
  created_at: string
  properties: Record<string, unknown>
  is_identified: 0 | 1
  is_deleted: 0 | 1
  version: number
}

export interface PersonDistinctIdRow {
  project_id: number
  distinct_id: string
  person_id: string
  is_deleted: 0 | 1
  version: number
}

/**
 * Events of `distinct_id` may be stored under another person than the one it belongs to now.
 * Read by queries; folded into the events and emptied in the background.
 */
export interface PersonDistinctIdOverrideRow {
  project_id: number
  distinct_id: string
  person_id: string
  is_deleted: 0 | 1
  version: number
}

export interface GroupRow {
  project_id: number
  group_type_index: number
  group_key: string
  created_at: string
  updated_at: string
  properties: Record<string, unknown>
  is_deleted: 0 | 1
  version: number
}

/** A member of a cohort, as one calculation found it. */
export interface CohortPersonRow {
  project_id: number
  cohort_id: number
  version: number
  person_id: string
}

/** Whoever the distinct id belongs to is a member of the static cohort. */
export interface StaticCohortPersonRow {
  project_id: number
  cohort_id: number
  distinct_id: string
  is_deleted: 0 | 1
  version: number
}

/** Table names that queries and ingestion use; the same on one server and on a cluster. */
export const eventStoreTables = {
  events: 'events',
  persons: 'persons',
  personDistinctIds: 'person_distinct_ids',
  personDistinctIdOverrides: 'person_distinct_id_overrides',
  groups: 'groups',
  sessions: 'sessions',
  cohortPeople: 'cohort_people',
  staticCohortPeople: 'static_cohort_people',
} as const
