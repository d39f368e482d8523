import type { CohortBody, CohortCriteria } from '@hedgerow/protocol'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import { leavesOf } from './check-criteria.ts'

export interface CohortRow extends CreatorColumns {
  id: number
  project_id: number
  name: string
  description: string
  is_static: boolean
  filters: { properties?: CohortCriteria }
  groups: unknown[]
  query: Record<string, unknown> | null
  created_at: Date
  deleted: boolean
  version: number | null
  pending_version: number
  count: number | null
  is_due: boolean
  calculation_started_at: Date | null
  last_calculation: Date | null
  errors_calculating: number
  last_error_at: Date | null
  last_error: string | null
  found_so_far: number | null
}

export const cohortColumns = `cohorts.id, cohorts.project_id, cohorts.name, cohorts.description, cohorts.is_static, cohorts.filters, cohorts.groups,
  cohorts.query, cohorts.created_at, cohorts.deleted, cohorts.version, cohorts.pending_version, cohorts.count, cohorts.is_due,
  cohorts.calculation_started_at, cohorts.last_calculation, cohorts.errors_calculating, cohorts.last_error_at, cohorts.last_error,
  running.count AS found_so_far, ${creatorColumns}`

export const cohortFrom = `cohorts ${creatorJoin('cohorts')}
  LEFT JOIN cohort_calculations running ON running.project_id = cohorts.project_id AND running.cohort_id = cohorts.id
    AND running.version = cohorts.pending_version AND running.finished_at IS NULL AND cohorts.calculation_started_at IS NOT NULL`

export function cohortBody(row: CohortRow): CohortBody {
  const { properties } = row.filters
  const startedAt = row.calculation_started_at
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    groups: row.groups,
    filters: properties ? { properties } : {},
    query: row.query,
    is_static: row.is_static,
    cohort_type: typeOf(row),
    count: row.count,
    is_calculating: row.is_due || startedAt !== null,
    progress: startedAt && { people: row.found_so_far ?? 0, started_at: startedAt.toISOString() },
    last_calculation: row.last_calculation?.toISOString() ?? null,
    errors_calculating: row.errors_calculating,
    last_error_at: row.last_error_at?.toISOString() ?? null,
    last_error_message: row.last_error,
    version: row.version,
    pending_version: row.pending_version,
    deleted: row.deleted,
    created_by: creatorBody(row),
    created_at: row.created_at.toISOString(),
  }
}

function typeOf({ is_static, filters: { properties } }: CohortRow): CohortBody['cohort_type'] {
  if (is_static) return 'static'
  return properties && leavesOf(properties).some(({ leaf }) => leaf.type === 'behavioral') ? 'behavioral' : 'person_property'
}
