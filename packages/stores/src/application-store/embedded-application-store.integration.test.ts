import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeApplicationStore } from './application-store.contract.ts'
import type { ApplicationStore } from './application-store.ts'
import { type ApplicationStoreLimits, defaultApplicationStoreLimits } from './application-store-limits.ts'
import { connectApplicationStore } from './connect-application-store.ts'
import { socketAddress, startEmbeddedPostgres } from './embedded-postgres.ts'
import { openApplicationStore } from './open-application-store.ts'

const openIn = (directory: string, limits: Partial<ApplicationStoreLimits> = {}) =>
  openApplicationStore({ directory }, { ...defaultApplicationStoreLimits, ...limits })

async function makeDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'hedgerow-application-'))
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

describeApplicationStore('embedded application store', async () => {
  const { directory, remove } = await makeDirectory()
  return { open: () => openIn(directory), remove }
})

describe('embedded application store', () => {
  let directory: string
  let removeDirectory: () => Promise<void>

  beforeEach(async () => {
    ;({ directory, remove: removeDirectory } = await makeDirectory())
  })
  afterEach(() => removeDirectory())

  it('loses nothing committed and keeps nothing half done when its process is killed', async () => {
    let first = 0
    for (let round = 0; round < 4; round++) {
      const fixture = fileURLToPath(new URL('./updating-process.fixture.ts', import.meta.url))
      const child = spawn(process.execPath, ['--liftoff-only', '--import', 'tsx', fixture, directory, String(first)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk
      })
      await once(child.stdout, 'data')
      await new Promise((resolve) => setTimeout(resolve, 100 + round * 61))
      child.kill('SIGKILL')
      await once(child, 'close')
      const committed = output.split('\n').slice(0, -1).map(Number)
      const store = await openIn(directory)
      const { rows } = await store.pool.query('SELECT number, count(*) AS halves FROM written GROUP BY number ORDER BY number')
      const stored = new Set(rows.map(({ number }) => number))
      expect(committed.filter((number) => !stored.has(number))).toEqual([])
      expect(rows.filter(({ halves }) => halves !== 2)).toEqual([])
      first = Math.max(...stored) + 1
      await store.close()
    }
    expect(first).toBeGreaterThan(10)
  }, 120_000)

  it.each([
    ['a copy of the one that the build leaves, with its tables', undefined, true],
    ['made by the engine where there is none', 'nowhere', false],
  ])('is at first %s', async (_, emptyDatabase, hasTables) => {
    const limits = defaultApplicationStoreLimits
    const postgres = await startEmbeddedPostgres(directory, limits, emptyDatabase && join(directory, emptyDatabase))
    const client = new pg.Client({ ...socketAddress(postgres.socketPath), user: 'postgres', database: 'postgres' })
    await client.connect()
    const { rows } = await client.query(`SELECT count(*) > 0 AS "hasTables" FROM information_schema.tables WHERE table_schema = 'public'`)
    expect(rows).toEqual([{ hasTables }])
    await client.end()
    await postgres.close()
  })

  it('takes the connection from a client that keeps a transaction open and silent', async () => {
    const store = await openIn(directory, { idleTransactionTimeoutMs: 1_000 })
    const client = await store.pool.connect()
    const lost = new Promise((resolve) => client.on('error', resolve))
    await client.query('BEGIN')
    const startedAt = performance.now()
    await client.query(`INSERT INTO organization_settings (organization_id) VALUES ('a')`)
    const { rows } = await store.pool.query('SELECT count(*) AS count FROM organization_settings')
    expect(rows).toEqual([{ count: 0 }])
    expect(performance.now() - startedAt).toBeGreaterThan(950)
    await lost
    client.release(true)
    await store.close()
  })

  it('starts its engine again when that breaks off', async () => {
    const store = await openIn(directory)
    await store.pool.query(`INSERT INTO organization_settings (organization_id) VALUES ('kept')`)
    await store.pool.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined)
    expect(await answersAgain(store)).toEqual([{ organization_id: 'kept' }])
    await store.close()
  })

  it('is reached by a second pool, as another thread has one', async () => {
    const store = await openIn(directory)
    const other = connectApplicationStore(store.connection, defaultApplicationStoreLimits)
    await store.pool.query(`INSERT INTO organization_settings (organization_id) VALUES ('a')`)
    expect(await other.db.selectFrom('organization_settings').select('organization_id').execute()).toEqual([{ organization_id: 'a' }])
    await other.close()
    await store.close()
  })

  it('works where the path is too long for a socket', async () => {
    const long = join(directory, 'a'.repeat(120), 'application')
    const store = await openIn(long)
    await store.ping()
    const { path } = store.connection as { path: string }
    expect(path.startsWith(long)).toBe(false)
    await store.close()
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('says why a directory cannot be used', async () => {
    await writeFile(join(directory, 'file'), '')
    await expect(openIn(join(directory, 'file', 'application'))).rejects.toMatchObject({ code: 'data_directory_unusable' })
  })
})

async function answersAgain(store: ApplicationStore): Promise<unknown[]> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await store.pool.query('SELECT organization_id FROM organization_settings')).rows
    } catch (error) {
      if (attempt === 300) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}
