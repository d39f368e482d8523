import { type Layout, tableStatements } from './layout.ts'

/** Who belongs to which cohort. Why it is stored at all: docs/decisions/0005-cohorts.md. */
export function cohorts(layout: Layout): string[] {
  return [...tableStatements(cohortPeople, layout), ...tableStatements(staticCohortPeople, layout)]
}

/** Rows of each calculation; the application store says which one of a cohort counts. */
const cohortPeople = {
  name: 'cohort_people',
  columns: `
  project_id UInt32,
  cohort_id UInt32,
  version UInt64,
  person_id UUID`,
  engine: 'MergeTree',
  orderBy: 'project_id, cohort_id, version, person_id',
  shardBy: 'cityHash64(person_id)',
}

/** The list of a static cohort: whoever a distinct id belongs to is a member. */
const staticCohortPeople = {
  name: 'static_cohort_people',
  columns: `
  project_id UInt32,
  cohort_id UInt32,
  distinct_id String,
  is_deleted UInt8,
  version UInt64`,
  engine: 'ReplacingMergeTree(version)',
  orderBy: 'project_id, cohort_id, distinct_id',
  shardBy: 'cityHash64(distinct_id)',
}
