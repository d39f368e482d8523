import type { CommittedChanges, GeoLookup } from '@hedgerow/ingestion'
import type { Stores } from '@hedgerow/stores'
import type { CohortRuns } from '../cohorts/cohort-runs.ts'
import type { Log } from '../log.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { createCopyFlag } from './copy-flag.ts'
import { createEarlyAccess } from './early-access.ts'
import { createPayloadCipher } from './encrypted-payloads.ts'
import { createExplainFlags } from './explain-flags.ts'
import { createFlagAudience } from './flag-audience.ts'
import { createFlagChanges } from './flag-changes.ts'
import { createFlagCounts } from './flag-counts.ts'
import { createFlagEvaluations } from './flag-evaluations.ts'
import { createFlagHistory } from './flag-history.ts'
import { FlagPeople, type PeopleLimits } from './flag-people.ts'
import { createFlagQuota } from './flag-quota.ts'
import { createFlagRegistry } from './flag-registry.ts'
import { createFlagService } from './flag-service.ts'
import { createFlagUsage } from './flag-usage.ts'
import { createFlags } from './flags.ts'
import { createFlagsAsCode } from './flags-as-code.ts'
import { FollowedCohorts } from './followed-cohorts.ts'
import { hearChanges } from './hear-changes.ts'
import { createReplayFlag } from './replay-flag.ts'
import { createScheduledChanges } from './scheduled-changes.ts'

export interface FeatureFlagLimits extends PeopleLimits {
  flagPollMs: number
  flagProjectCount: number
  flagCountsWriteMs: number
  flagListeners: number
  flagScheduleMs: number
  flagFollowMs: number
  flagCohortReloadMs: number
}

export interface FeatureFlagParts {
  stores: Stores
  limits: FeatureFlagLimits
  /** Encrypts payloads. */
  secret: string
  log: Log
  query: QueryEngine
  cohortRuns: CohortRuns
  nowMs: () => number
  geo: GeoLookup | undefined
  /** Told of the projects whose persons and groups are to be heard of. */
  watch(projectIds: readonly number[]): void
}

const warnEveryMs = 10_000
const noteCallsEveryMs = 60_000
/** People that are remembered while everybody for whom a flag is on is listed. */
const audiencePeopleCount = 2_000

/** Feature flags as an object: management, evaluation, and what both keep in memory. */
export function createFeatureFlags({ stores, limits, secret, log, query, cohortRuns, nowMs, geo, watch }: FeatureFlagParts) {
  const { application } = stores
  const warned = new Map<string, number>()
  // why: a store that is away is met by every request.
  const warn = (message: string, error: unknown) => {
    const lastMs = warned.get(message)
    if (lastMs !== undefined && nowMs() - lastMs < warnEveryMs) return
    warned.set(message, nowMs())
    log('warn', message, { error })
  }
  const people = new FlagPeople(application, limits)
  const registry = createFlagRegistry(application, {
    onDefinitionsChanged: (projectId) => followed.outdate(projectId),
    pollMs: limits.flagPollMs,
    maxProjects: limits.flagProjectCount,
    onMembersChanged: (projectId) => people.forgetProject(projectId),
    onProjects: watch,
    warn,
  })
  const counts = createFlagCounts(application, { writeMs: limits.flagCountsWriteMs, nowMs, warn })
  const quota = createFlagQuota(application, { readMs: limits.flagCountsWriteMs, nowMs, warn })
  const followed = new FollowedCohorts({ query, everyMs: limits.flagFollowMs, reloadMs: limits.flagCohortReloadMs, nowMs, warn })
  const serviceWith = (known: FlagPeople) => createFlagService({ application, registry, people: known, counts, followed, geo, nowMs, warn })
  const service = serviceWith(people)
  const cipher = createPayloadCipher(secret)
  const flags = createFlags(application, { nowMs, cipher, onChanged: (projectId) => registry.refresh(projectId) })
  const evaluations = createFlagEvaluations(application, { flags, registry, service, followed, nowMs })
  const audience = createFlagAudience(application, {
    flags,
    registry,
    newService: () => serviceWith(new FlagPeople(application, { ...limits, flagPeopleCount: audiencePeopleCount })),
  })
  const history = createFlagHistory(application, flags)
  const explain = createExplainFlags(application, { registry, service, people, query, cohortRuns, nowMs })
  const replay = createReplayFlag(application, { flags, people, followed, query, nowMs })
  const usage = createFlagUsage(application, { flags, query, nowMs })
  const copies = createCopyFlag(application, flags)
  const code = createFlagsAsCode(application, flags)
  const scheduled = createScheduledChanges(application, { flags, nowMs, everyMs: limits.flagScheduleMs, warn })
  const earlyAccess = createEarlyAccess(application, flags)
  const changes = createFlagChanges(registry, limits)
  let noting: NodeJS.Timeout | undefined
  const noteCalls = (): void => {
    usage.noteCalls(registry.projectIds()).catch((error: unknown) => warn('when flags were last called could not be noted', error))
  }
  const hear = (changes: CommittedChanges): void => {
    people.hear(changes)
    followed.hear(changes)
  }
  let stopHearing: () => Promise<void> = async () => undefined

  return {
    flags,
    explain,
    replay,
    usage,
    copies,
    code,
    scheduled,
    evaluations,
    audience,
    history,
    earlyAccess,
    changes,
    registry,
    service,
    counts,
    quota,
    /** A commit of ingestion in this process. */
    hear,
    start(): void {
      registry.start()
      counts.start()
      followed.start()
      noting = setInterval(noteCalls, noteCallsEveryMs)
      noting.unref()
      scheduled.start()
      stopHearing = hearChanges(application, { hear, onGap: () => people.forgetAll() })
    },
    async stop(): Promise<void> {
      clearInterval(noting)
      await stopHearing()
      await followed.stop()
      await scheduled.stop()
      await registry.stop()
      await counts.stop()
    },
  }
}
