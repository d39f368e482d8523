import { createCapture, type IngestionThread, openGeoDatabase, startIngestionThread } from '@hedgerow/ingestion'
import type { SetUp } from '@hedgerow/protocol'
import { openStores, type Stores, shareStores } from '@hedgerow/stores'
import { createAccess } from './accounts/access.ts'
import { createAccounts, type User } from './accounts/accounts.ts'
import { createAuth } from './accounts/auth.ts'
import { cookieSecret } from './accounts/installation.ts'
import { createMembers } from './accounts/members.ts'
import { createSignInLimits } from './accounts/sign-in-limits.ts'
import { setUpUnattended } from './accounts/unattended-set-up.ts'
import { createActions } from './actions/actions.ts'
import { assembleCohorts } from './cohorts/assemble-cohorts.ts'
import type { HedgerowConfig } from './config/read-config.ts'
import { createDefinitions } from './definitions/definitions.ts'
import { createDemo } from './demo/demo.ts'
import { createEvents } from './events/events.ts'
import { createExperiments } from './experiments/experiments.ts'
import { createHoldouts } from './experiments/holdouts.ts'
import { createRecalculation } from './experiments/recalculation.ts'
import { createSavedMetrics } from './experiments/saved-metrics.ts'
import { createExports } from './exports/exports.ts'
import { createFeatureFlags } from './flags/feature-flags.ts'
import { createGroups } from './groups/groups.ts'
import { checkHealth, type Health } from './health.ts'
import { createSavedThings } from './insights/saved-things.ts'
import { createPersonalApiKeys } from './keys/personal-api-keys.ts'
import { createLedger } from './ledger/ledger.ts'
import { createLive } from './live/live.ts'
import { createReadNewEvents } from './live/read-new-events.ts'
import { createVerdicts } from './live/verdicts.ts'
import { createLog, type Log } from './log.ts'
import { createLogChanges } from './log-changes.ts'
import { createPersons } from './persons/persons.ts'
import { createDefinitionsAccess } from './projects/definitions-access.ts'
import type { Project } from './projects/project.ts'
import { createProjects } from './projects/projects.ts'
import { purgeDeletedProjects } from './projects/purge.ts'
import { createQueryEngine } from './query/query-engine.ts'
import { createQuestions } from './query/questions.ts'
import { warmUp } from './query/warm-up.ts'

export interface HedgerowOptions {
  now?: () => Date
  /** Standard error unless given. */
  log?: Log
}

/**
 * The product as an object, without HTTP. It opens the stores, brings their tables to this version and makes what the
 * environment asks for; `start` begins ingestion, `stop` ends it and closes the stores.
 */
export async function createHedgerow(config: HedgerowConfig, options: HedgerowOptions = {}) {
  const now = options.now ?? (() => new Date())
  const log = options.log ?? createLog(config.logLevel, (line) => process.stderr.write(line))
  const stores = await openStores({
    dataDir: config.dataDir,
    clickhouseUrl: config.clickhouseUrl,
    clickhouseCluster: config.clickhouseCluster,
    clickhouseNodeUrls: config.clickhouseNodeUrls.length > 0 ? config.clickhouseNodeUrls : undefined,
    isClickhouseReplicated: config.isClickhouseReplicated,
    databaseUrl: config.databaseUrl,
    natsUrl: config.natsUrl,
    eventStore: config.eventStore,
    applicationStore: config.applicationStore,
    eventLog: config.eventLog,
  })
  try {
    return await assemble(config, stores, now, log)
  } catch (error) {
    await stores.close()
    throw error
  }
}

export type Hedgerow = Awaited<ReturnType<typeof createHedgerow>>

async function assemble(config: HedgerowConfig, stores: Stores, now: () => Date, log: Log) {
  const limits = config.platform
  const nowMs = () => now().getTime()
  const publicOrigin = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).origin]
  const allowedOrigins = [...publicOrigin, ...config.allowedOrigins]
  let phase: 'starting' | 'running' | 'stopping' = 'starting'
  let ingestion: IngestionThread | undefined
  const stalled = () => ingestion?.stalled()

  const projects = createProjects(stores, {
    cacheMs: limits.projectCacheMs,
    cacheCount: limits.projectCacheCount,
    nowMs,
    onDeleted: () => purge(),
  })
  const secret = config.secret ?? (await cookieSecret(stores.application))
  const auth = createAuth({
    application: stores.application,
    secret,
    useSecureCookies: config.publicUrl?.startsWith('https://') ?? false,
    allowedOrigins,
    sessionDays: limits.sessionDays,
    log: (level, message) => log(level, message),
  })
  const accounts = createAccounts(stores.application, auth)
  const keys = createPersonalApiKeys(stores.application, { cacheMs: limits.keyCacheMs, nowMs })
  const access = createAccess({ auth, accounts, keys, projects, cacheMs: limits.keyCacheMs, nowMs })
  const members = createMembers({ accounts, access, passwordLinkMs: limits.passwordLinkMs, now })
  const query = createQueryEngine({ events: stores.events, application: stores.application, now })
  const questions = createQuestions({
    engine: query,
    events: stores.events,
    application: stores.application,
    limits: config.query,
    interactivePlaces: config.eventStore.interactiveQueries,
    now,
    log,
  })
  const changes = createLogChanges(stores, { now, waitMs: limits.commandWaitMs })
  const persons = createPersons(stores, query, changes)
  const cohorts = assembleCohorts({ stores, query, persons, now, log, limits })
  const verdicts = createVerdicts(stores.application)
  const live = createLive({
    ...limits,
    verdicts,
    read: createReadNewEvents(stores.application, query),
    warn: (message, error) => log('warn', message, { error }),
  })
  const capture = createCapture({
    log: stores.log,
    limits: config.capture,
    now,
    async findProject(token) {
      const project = await projects.findByToken(token)
      return project && { id: project.id, anonymizeIps: project.settings.anonymize_ips }
    },
  })
  const ledger = createLedger(stores, { nowMs, stalled })

  const stopping = new AbortController()
  let purging: Promise<void> = Promise.resolve()
  /** One after another, in the background. */
  function purge(): void {
    purging = purging
      .then(() => (phase === 'running' ? purgeDeletedProjects(stores, { ledger, log, signal: stopping.signal }) : undefined))
      .catch((error) => log('warn', 'deleted projects could not be purged', { error }))
  }

  const featureFlags = createFeatureFlags({
    stores,
    limits,
    secret,
    log,
    query,
    cohortRuns: cohorts.runs,
    nowMs,
    geo: config.geoipFile === undefined ? undefined : await openGeoDatabase(config.geoipFile),
    watch: (projectIds) => ingestion?.watch(projectIds),
  })
  const actions = createActions(stores)
  const saved = createSavedThings(stores.application, questions, { now, tilesAtOnce: config.query.tilesAtOnce })
  const holdouts = createHoldouts(stores.application)
  const experiments = createExperiments(stores.application, { flags: featureFlags.flags, holdouts, cohorts: cohorts.cohorts, now })

  const recalculation = createRecalculation(stores.application, { engine: query, now, log, pollMs: limits.experimentsPollMs })

  const demo = createDemo({ stores, accounts, projects, capture, ledger, now, experiments, actions, cohorts: cohorts.cohorts, ...saved })
  await setUpUnattended(config, { accounts, keys, projects })

  async function start(): Promise<void> {
    ingestion = await startIngestionThread(() => shareStores(stores), { limits: config.ingestion, geoipFile: config.geoipFile, log })
    ingestion.onCommit(({ changes: committed }) => committed && featureFlags.hear(committed))
    featureFlags.start()
    phase = 'running'
    purge()
    cohorts.calculations.start()
    recalculation.start()
  }

  let stopped: Promise<void> | undefined
  /** What does not end in time is left: nothing is lost by it, since the next start does again what was not committed. */
  async function inTime(what: string, ending: Promise<unknown> | undefined): Promise<void> {
    const late = AbortSignal.timeout(limits.stopTimeoutMs)
    const lateness = new Promise((_resolve, reject) => late.addEventListener('abort', () => reject(late.reason)))
    await Promise.race([ending, lateness]).catch((error) => log('warn', `${what} did not end as it should`, { error }))
  }

  async function end(): Promise<void> {
    phase = 'stopping'
    stopping.abort()
    await Promise.all([
      inTime('the live streams', live.stop()),
      inTime('purging', purging),
      inTime('ingestion', ingestion?.stop()),
      inTime('calculating cohorts', cohorts.calculations.stop()),
      inTime('filling the demo', demo.settled()),
      inTime('recalculating experiments', recalculation.stop()),
    ])
    await inTime('feature flags', featureFlags.stop())
    await inTime('a store', stores.close())
  }

  return {
    config,
    log,
    allowedOrigins,
    stores,
    capture,
    auth,
    accounts,
    members,
    signIns: createSignInLimits(stores.application, limits, now),
    access,
    projects,
    definitionsAccess: createDefinitionsAccess({ access, projects, cacheMs: limits.keyCacheMs, nowMs }),
    keys,
    persons,
    featureFlags,
    experiments,
    recalculation,
    holdouts,
    savedMetrics: createSavedMetrics(stores.application),
    groups: createGroups(stores.application, query, changes, persons),
    actions,
    cohorts: cohorts.cohorts,
    cohortMembers: cohorts.members,
    definitions: createDefinitions(stores.application),
    events: createEvents(query, persons, now),
    ledger,
    verdicts,
    live,
    query,
    questions,
    ...saved,
    exports: createExports({ engine: query, questions, events: stores.events, maxRows: config.query.exportRows }),
    demo,
    /** Begins the organisation's demo in the background, unless it is there; ends with the process, and goes on when it is asked for again. */
    beginDemo: (organizationId: string) => demo.begin(organizationId, { signal: stopping.signal }),
    /** First run: the first account with its organisation and project. Throws `already_set_up`. */
    async setUp(wanted: SetUp): Promise<{ user: User; project: Project }> {
      const { user, organization } = await accounts.setUp(wanted)
      return { user, project: await projects.create(organization.id, { name: wanted.project_name, timezone: wanted.timezone }) }
    },
    health: (): Promise<Health> => checkHealth(stores, { timeoutMs: limits.healthTimeoutMs, phase: () => phase, stalled }),
    /** Resolves once ingestion runs. */
    start,
    /** Makes the first queries as quick as later ones; in the background, once people can be served. */
    warmUp: () => warmUp(query, { signal: stopping.signal, log }),
    /** Ends streams, lets ingestion commit its batch, closes the stores. Safe to call twice. */
    stop(): Promise<void> {
      stopped ??= end()
      return stopped
    },
  }
}
