import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configWith, createHedgerow, type Hedgerow, type HedgerowConfig } from '@hedgerow/platform'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { createServer } from './create-server.ts'

export const adminEmail = 'admin@example.com'
export const adminPassword = 'correct horse battery staple'
export const adminKey = 'phx_test_key_of_the_admin'
export const firstToken = 'phc_test_token_of_the_first_project'
export const secretKey = 'phs_test_key_of_the_first_project'
export const ownOrigin = 'http://localhost:80'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever was answered.
  body: any
}

export interface RunningServer {
  hedgerow: Hedgerow
  app: FastifyInstance
  dataDir: string
  /** As the admin's key unless another is given; `null` sends none. */
  call(method: string, path: string, body?: unknown, options?: { key?: string | null; headers?: Record<string, string> }): Promise<Answer>
  /** Resolves once nothing of the project waits. */
  settled(projectId: number): Promise<void>
  /** Sends events and waits until they are stored. */
  send(token: string, projectId: number, batch: Record<string, unknown>[]): Promise<void>
  close(): Promise<void>
}

/** How long something may take that a busy machine does between other things. What is awaited comes far sooner, or never. */
const patienceMs = 60_000

/** Calls `check` until it answers something other than undefined. */
export async function until<T>(what: string, check: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + patienceMs; Date.now() < end; ) {
    const found = await check()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${what}: not within ${patienceMs} ms`)
}

/** Embedded stores in a directory of their own, set up by the environment's keys unless told otherwise. */
export async function startServer(changes: Partial<HedgerowConfig> = {}): Promise<RunningServer> {
  const dataDir = changes.dataDir ?? (await mkdtemp(join(tmpdir(), 'hedgerow-server-')))
  const keys = { projectToken: firstToken, projectSecretKey: secretKey, personalApiKey: adminKey, adminEmail, adminPassword }
  const { platform, capture } = configWith({})
  // why: what a request waits for before it is answered otherwise, however busy the machine.
  const patient = { platform: { ...platform, commandWaitMs: patienceMs }, capture: { ...capture, maxProjectLookupMs: patienceMs } }
  const hedgerow = await createHedgerow(configWith({ logLevel: 'error', ...keys, ...patient, ...changes, dataDir }))
  const app = await createServer(hedgerow)
  await hedgerow.start()
  await app.ready()

  const call: RunningServer['call'] = async (method, path, body, options = {}) => {
    const key = options.key === undefined ? adminKey : options.key
    const answer = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url: path,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...options.headers },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.payload && isJson(answer.headers) ? answer.json() : answer.payload,
    }
  }

  async function settled(projectId: number): Promise<void> {
    const isSettled = async () => (await hedgerow.ledger.read(projectId)).waiting === 0 || undefined
    await until(`no event of project ${projectId} waits`, isSettled)
  }

  return {
    hedgerow,
    app,
    dataDir,
    call,
    settled,
    async send(token, projectId, batch) {
      const { status, body } = await call('POST', '/batch/', { api_key: token, batch }, { key: null })
      if (status !== 200) throw new Error(`/batch/ answered ${status}: ${JSON.stringify(body)}`)
      await settled(projectId)
    },
    async close() {
      await app.close()
      await hedgerow.stop()
      if (changes.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** The cookies that an answer set, to send them back. */
export function cookiesOf(answer: Answer): string {
  return [answer.headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => String(cookie).split(';')[0])
    .join('; ')
}

const isJson = (headers: Answer['headers']) => /[/+]json\b/.test(String(headers['content-type'] ?? ''))
