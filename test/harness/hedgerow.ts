import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../packages/stores/src/test-servers/ports.ts'

export const cliMain = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
/** As the command itself begins the server's process. Plain script, without types: it runs before anything is built. */
const { processEnvironment } = (await import(new URL('../../packages/cli/bin/process-environment.mjs', import.meta.url).href)) as {
  processEnvironment: (given: NodeJS.ProcessEnv) => NodeJS.ProcessEnv
}
/** For profiles, e.g. `HEDGEROW_TEST_NODE_ARGUMENTS="--cpu-prof --cpu-prof-dir=profiles" npm run bench:ingest`. */
const nodeArguments = process.env.HEDGEROW_TEST_NODE_ARGUMENTS?.split(' ') ?? []

const maxQueryRows = 50_000

export const projectToken = 'phc_test_of_the_first_project'
export const secretKey = 'phs_test_of_the_first_project'
export const personalKey = 'phx_test_of_the_first_admin'

/** What the events API answers for one event, as far as tests look at it. */
export interface StoredEvent {
  uuid: string
  event: string
  timestamp: string
  distinct_id: string
  person_id: string
  properties: Record<string, unknown>
  elements_chain: string
}

interface LedgerNumbers {
  accepted: number
  stored: number
  rejected: number
  repeated: number
  waiting: number
}

/** A running Hedgerow in a process of its own, with a data directory of its own. */
export interface Hedgerow {
  url: string
  port: number
  dataDir: string
  process: ChildProcess
  /** Everything that the process printed so far. */
  output(): string
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
  ledger(): Promise<LedgerNumbers>
  /** Resolves once nothing waits, with a ledger that adds up. */
  settled(timeoutMs?: number): Promise<LedgerNumbers>
  /** All stored events of the first project, oldest first, as a query answers them. */
  events(where?: string): Promise<StoredEvent[]>
  query(sql: string): Promise<unknown[][]>
  /** How often each uuid is stored in the first project, however many there are. */
  storedUuids(): Promise<Map<string, number>>
  persons(search?: string): Promise<{ id: string; distinct_ids: string[]; properties: Record<string, unknown>; is_identified: boolean }[]>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Stops it cleanly and removes its data directory, unless that was given. */
  stop(): Promise<void>
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How long something may take that a busy machine does between other things. What is awaited comes far sooner, or never. */
const patienceMs = 60_000

/** Calls `check` until it answers something other than undefined. */
export async function until<T>(what: string, check: () => Promise<T | undefined>, timeoutMs = patienceMs): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await check()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await sleep(50)
  }
}

export async function startHedgerow(
  options: { dataDir?: string; port?: number; env?: Record<string, string>; args?: string[] } = {},
): Promise<Hedgerow> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'hedgerow-test-')))
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  let printed = ''
  const child = spawn(
    process.execPath,
    [...nodeArguments, cliMain, 'start', '--port', String(port), '--data-dir', dataDir, ...(options.args ?? [])],
    {
      env: {
        ...processEnvironment(process.env),
        HEDGEROW_PROJECT_TOKEN: projectToken,
        HEDGEROW_PROJECT_SECRET_KEY: secretKey,
        HEDGEROW_PERSONAL_API_KEY: personalKey,
        HEDGEROW_ADMIN_EMAIL: 'admin@example.com',
        HEDGEROW_ADMIN_PASSWORD: 'correct horse battery staple',
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed = (printed + chunk).slice(-200_000)))
  // why: whoever started it may break off without stopping it, as a benchmark does by an error.
  const leaveNone = () => child.kill('SIGKILL')
  process.once('exit', leaveNone)
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      process.off('exit', leaveNone)
      resolve()
    }),
  )

  async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${personalKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status}: ${text.slice(0, 500)}`)
    return (text ? JSON.parse(text) : null) as T
  }

  const hedgerow: Hedgerow = {
    url,
    port,
    dataDir,
    process: child,
    output: () => printed,
    api,
    ledger: () => api<LedgerNumbers>('GET', '/api/projects/1/ingestion/'),
    settled: (timeoutMs = patienceMs) =>
      until(
        'nothing waits in the ledger',
        async () => {
          const ledger = await hedgerow.ledger()
          return ledger.waiting === 0 && ledger.accepted === ledger.stored + ledger.rejected + ledger.repeated ? ledger : undefined
        },
        timeoutMs,
      ),
    async events(where) {
      const answer = await api<{ results: [StoredEvent, string][]; hasMore: boolean }>('POST', '/api/projects/1/query/', {
        query: {
          kind: 'EventsQuery',
          select: ['*', 'person_id'],
          after: 'all',
          orderBy: ['timestamp ASC'],
          limit: 5_000,
          ...(where ? { where: [where] } : {}),
        },
      })
      return answer.results.map(([event, personId]) => ({ ...event, person_id: personId }))
    },
    async query(sql) {
      return (await api<{ results: unknown[][] }>('POST', '/api/projects/1/query/', { query: { kind: 'HogQLQuery', query: sql } })).results
    },
    async storedUuids() {
      const stored = new Map<string, number>()
      // tricky: a query answers no more than 50 000 rows, whatever its LIMIT says; so many are asked for one slice of the uuids after another.
      const [[total] = []] = await hedgerow.query('select count() from events')
      const digits = Number(total) < maxQueryRows ? 0 : 2
      for (let slice = 0; slice < 16 ** digits; slice++) {
        const prefix = digits === 0 ? '' : slice.toString(16).padStart(digits, '0')
        const rows = await hedgerow.query(
          `select toString(uuid), count() from events where startsWith(toString(uuid), '${prefix}') group by uuid limit ${maxQueryRows}`,
        )
        if (rows.length >= maxQueryRows) throw new Error(`${rows.length} uuids begin with ${prefix}: more than one query answers`)
        for (const [uuid, count] of rows) stored.set(String(uuid), Number(count))
      }
      return stored
    },
    async persons(search) {
      const path = `/api/projects/1/persons/?limit=1000${search ? `&search=${encodeURIComponent(search)}` : ''}`
      return (await api<{ results: Awaited<ReturnType<Hedgerow['persons']>> }>('GET', path)).results
    },
    async kill(signal) {
      child.kill(signal)
      await ended
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await Promise.race([ended, sleep(20_000).then(() => child.kill('SIGKILL'))])
        await ended
      }
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
    },
  }

  await until(`Hedgerow answers on ${url}`, async () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Hedgerow ended at start:\n${printed}`)
    return fetch(`${url}/_health`).then(
      (response) => (response.ok ? true : undefined),
      () => undefined,
    )
  }).catch(async (error) => {
    await hedgerow.stop()
    throw new Error(`${error.message}\n${printed}`)
  })
  return hedgerow
}
