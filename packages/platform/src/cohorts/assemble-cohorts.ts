import type { Stores } from '@hedgerow/stores'
import type { Log } from '../log.ts'
import type { Persons } from '../persons/persons.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { createCohortCalculations } from './calculations.ts'
import { createCohortRuns } from './cohort-runs.ts'
import { createCohorts } from './cohorts.ts'
import { createStaticMembers } from './static-members.ts'

export interface CohortParts {
  stores: Pick<Stores, 'application' | 'events'>
  query: QueryEngine
  persons: Pick<Persons, 'byIds'>
  now: () => Date
  log: Log
  limits: { cohortRefreshMs: number; cohortPollMs: number; cohortAbandonedMs: number }
}

/** Cohorts, their lists, and what calculates them. */
export function assembleCohorts({ stores, query, persons, now, log, limits }: CohortParts) {
  const runs = createCohortRuns(stores, now)
  const members = createStaticMembers(stores)
  const calculations = createCohortCalculations(stores, {
    runs,
    now,
    log,
    refreshMs: limits.cohortRefreshMs,
    pollMs: limits.cohortPollMs,
    abandonedMs: limits.cohortAbandonedMs,
  })
  return { runs, members, calculations, cohorts: createCohorts({ stores, query, persons, runs, members, calculations }) }
}
