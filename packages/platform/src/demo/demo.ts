import { setTimeout as sleep } from 'node:timers/promises'
import type { Capture } from '@hedgerow/ingestion'
import type { DemoBody } from '@hedgerow/protocol'
import type { Stores } from '@hedgerow/stores'
import type { Accounts } from '../accounts/accounts.ts'
import { randomPassword } from '../accounts/random-password.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Project } from '../projects/project.ts'
import type { Projects } from '../projects/projects.ts'
import { testAccountDomain } from './effects.ts'
import { envelopes } from './envelopes.ts'
import { type FurnishParts, furnish } from './furnish.ts'
import { type DemoOptions, generateDemo } from './generate.ts'

export interface DemoProgress {
  projectId: number
  /** Events accepted by capture so far. */
  sent: number
  /** Events that ingestion has finished with. */
  stored: number
  /** From 0 to 1. */
  fraction: number
}

export interface DemoRun {
  onProgress?: (progress: DemoProgress) => void
  /** Told once, before the fill: the account that was made since there was none. Its password is kept nowhere. */
  onAccount?: (account: { email: string; password: string }) => void
  /** Stops after the current request; the same call later goes on where this one stopped. */
  signal?: AbortSignal
}

export interface DemoOutcome {
  project: Project
  /** False if the demo was there already. */
  isNew: boolean
  events: number
}

interface DemoParts extends FurnishParts {
  stores: Stores
  accounts: Accounts
  projects: Projects
  capture: Capture
  ledger: Ledger
  now: () => Date
}

const demoEmail = `demo@${testAccountDomain}`
/** limit: keeps one request below a megabyte. */
const eventsPerRequest = 500
const progressIntervalMs = 250

/**
 * Makes and fills demo projects. The events are as old as the project: their `now` is its creation, so that a fill that
 * was interrupted is done again with the same uuids, of which ingestion stores each once.
 */
export function createDemo(parts: DemoParts, options: Omit<DemoOptions, 'now'> = {}) {
  const { stores, accounts, projects, capture, ledger, now } = parts
  const running = new Map<string, Promise<DemoOutcome>>()
  /** The newest of each fill under way, and why one failed, by organisation. */
  const progress = new Map<string, DemoProgress>()
  const failures = new Map<string, string>()

  /** The account that nobody has yet, or the organisation that was here first. */
  async function ownOrganization({ onAccount }: DemoRun): Promise<string> {
    if (await accounts.setUpRequired()) {
      const account = { email: demoEmail, password: randomPassword() }
      const user = await accounts.createUser(account.email, 'Demo')
      await accounts.setPassword(user.id, account.password)
      const { id } = await accounts.createOrganization('Meadow', user.id)
      onAccount?.(account)
      return id
    }
    const { rows } = await stores.application.pool.query<{ id: string }>('SELECT id FROM organizations ORDER BY created_at, id LIMIT 1')
    const [first] = rows
    if (!first) throw new Error('invariant: there is an account, but no organization')
    return first.id
  }

  async function findOrCreate(organizationId: string): Promise<{ project: Project; isNew: boolean }> {
    const known = (await projects.listOf([organizationId])).find((project) => project.isDemo)
    if (known) return { project: known, isNew: false }
    const wanted = {
      name: 'Meadow (demo)',
      timezone: 'UTC',
      week_start_day: 1 as const,
      app_urls: ['https://meadow.example', 'https://app.meadow.example'],
      test_account_filters: [{ key: 'email', type: 'person' as const, operator: 'not_icontains' as const, value: `@${testAccountDomain}` }],
      path_cleaning_filters: [{ alias: '/app/items/<id>', regex: '/app/items/\\d+' }],
    }
    return { project: await projects.create(organizationId, wanted, { isDemo: true }), isNew: true }
  }

  async function fill(project: Project, { onProgress, signal }: DemoRun): Promise<number> {
    const days = options.days ?? 90
    let sent = 0
    let day = 0
    let toldMs = 0
    /** Tells how far it has come, and returns how many events wait. */
    const tell = async () => {
      toldMs = performance.now()
      const { accepted, waiting } = await ledger.read(project.id)
      const stored = accepted - waiting
      const now = { projectId: project.id, sent, stored, fraction: (day / days) * (0.5 + (0.5 * stored) / Math.max(1, accepted)) }
      if (project.organizationId !== null) progress.set(project.organizationId, now)
      onProgress?.(now)
      return waiting
    }
    for (const events of generateDemo({ ...options, now: new Date(project.createdAt) })) {
      for (const { request, eventCount } of envelopes(events, {
        token: project.apiToken,
        receivedAt: now(),
        maxEvents: eventsPerRequest,
      })) {
        signal?.throwIfAborted()
        await send(capture, request, signal)
        sent += eventCount
        if (performance.now() - toldMs >= progressIntervalMs) await tell()
      }
      day++
    }
    // why: what was told last is what was looked at last, so that the end is told too.
    while ((await tell()) > 0) await sleep(progressIntervalMs, undefined, signal ? { signal } : {})
    return sent
  }

  async function createFor(organizationId: string, run: DemoRun): Promise<DemoOutcome> {
    const { project, isNew } = await accounts.exclusively(() => findOrCreate(organizationId))
    // A demo project has no use for the snippet; having "completed" that step marks a finished fill.
    if (project.settings.completed_snippet_onboarding) return { project, isNew: false, events: 0 }
    const events = await fill(project, run)
    await furnish(project, options.days ?? 90, parts)
    return { project: await projects.change(project.id, { completed_snippet_onboarding: true }), isNew, events }
  }

  /** One fill of an organisation's demo at a time; a second caller waits for the first one's. */
  function create(organizationId: string, run: DemoRun = {}): Promise<DemoOutcome> {
    const known = running.get(organizationId)
    if (known) return known
    failures.delete(organizationId)
    const started = createFor(organizationId, run).finally(() => {
      running.delete(organizationId)
      progress.delete(organizationId)
    })
    running.set(organizationId, started)
    return started
  }

  async function standing(organizationId: string): Promise<DemoBody> {
    const now = progress.get(organizationId)
    const project = (await projects.listOf([organizationId])).find((each) => each.isDemo)
    const isReady = project?.settings.completed_snippet_onboarding ?? false
    return {
      status: running.has(organizationId) ? 'filling' : !project ? 'none' : isReady ? 'ready' : 'interrupted',
      project_id: project?.id ?? null,
      stored: now?.stored ?? 0,
      fraction: isReady ? 1 : (now?.fraction ?? 0),
      error: failures.get(organizationId) ?? null,
    }
  }

  return {
    /** Makes the organisation's demo project unless it has one, and resolves once every event of it is stored. */
    create,
    standing,

    /** Begins it in the background, or goes on where a fill was interrupted, and tells how it stands. */
    begin(organizationId: string, run: Pick<DemoRun, 'signal'>): Promise<DemoBody> {
      create(organizationId, run).catch((error: unknown) => {
        if (!run.signal?.aborted) failures.set(organizationId, error instanceof Error ? error.message : String(error))
      })
      return standing(organizationId)
    },

    /** Resolves when no fill is under way. */
    async settled(): Promise<void> {
      await Promise.allSettled(running.values())
    },

    /** The same for an installation as a whole; makes an account for it where there is none. */
    async createAtStart(run: DemoRun = {}): Promise<DemoOutcome> {
      return create(await accounts.exclusively(() => ownOrganization(run)), run)
    },
  }
}

export type Demo = ReturnType<typeof createDemo>

async function send(capture: Capture, request: Parameters<Capture['take']>[0], signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    const outcome = await capture.take(request)
    if (outcome.kind === 'accepted' && outcome.refused === 0) return
    if (outcome.kind !== 'unavailable') throw new Error(`invariant: the demo's events were not accepted: ${JSON.stringify(outcome)}`)
    await sleep(outcome.retryAfterSeconds * 1000, undefined, signal ? { signal } : {})
  }
}
