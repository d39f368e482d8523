import type { Migration } from '../runner/migration.ts'
import { foundation } from './0001-foundation.ts'
import { accounts } from './0002-accounts.ts'
import { logIdentity } from './0003-log-identity.ts'
import { cohortsAndActions } from './0004-cohorts-actions.ts'
import { insightsDashboards } from './0005-insights-dashboards.ts'
import { featureFlags } from './0006-flags.ts'
import { experiments } from './0007-experiments.ts'
import { dataPeopleSee } from './0008-data-people-see.ts'
import { cohortDefinitions } from './0009-cohort-definitions.ts'
import { tilesOfReleases } from './0010-tiles-of-releases.ts'
import { projectRevisionFunction } from './0011-project-revision-function.ts'
import { staticMembersRevision } from './0012-static-members-revision.ts'

/** In the order in which they are applied. A new one goes to the end; a released one never changes. */
export const applicationMigrations: readonly Migration[] = [
  foundation,
  accounts,
  logIdentity,
  cohortsAndActions,
  insightsDashboards,
  featureFlags,
  experiments,
  dataPeopleSee,
  cohortDefinitions,
  tilesOfReleases,
  projectRevisionFunction,
  staticMembersRevision,
]
