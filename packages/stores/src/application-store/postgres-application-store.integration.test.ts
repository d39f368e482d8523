import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, postgresSkipReason, startPostgres } from '../test-servers/postgres.ts'
import type { TestServer } from '../test-servers/server-process.ts'
import { describeApplicationStore } from './application-store.contract.ts'
import { defaultApplicationStoreLimits } from './application-store-limits.ts'
import { openApplicationStore } from './open-application-store.ts'

const hasPostgres = findPostgres() !== undefined
const suffix = hasPostgres ? '' : ` — skipped: ${postgresSkipReason}`

describe.skipIf(!hasPostgres)(`application store on a PostgreSQL server${suffix}`, () => {
  let postgres: TestServer
  let databases = 0

  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.remove())

  async function makeDatabase(): Promise<string> {
    const name = `test_${++databases}`
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query(`CREATE DATABASE ${name}`)
    await client.end()
    return postgres.url.replace(/postgres$/, name)
  }

  describeApplicationStore('contract', async () => {
    const url = await makeDatabase()
    return {
      open: () => openApplicationStore({ url }, defaultApplicationStoreLimits),
      remove: async () => undefined,
    }
  })

  it('is made once by four processes that start together', async () => {
    const url = await makeDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openApplicationStore({ url }, defaultApplicationStoreLimits)))
    const rows = await stores[0]?.db.selectFrom('ingestion_progress').selectAll().execute()
    expect(rows).toHaveLength(1)
    await Promise.all(stores.map((store) => store.close()))
  })

  it('fails while the server is away, and goes on with what was committed when it is back', async () => {
    const store = await openApplicationStore(
      { url: await makeDatabase() },
      { ...defaultApplicationStoreLimits, connectionTimeoutMs: 30_000 },
    )
    await store.pool.query(`INSERT INTO organization_settings (organization_id) VALUES ('kept')`)
    await postgres.kill()
    await expect(store.ping()).rejects.toThrow()
    await postgres.restart()
    await store.ping().catch(() => undefined)
    expect((await store.pool.query('SELECT organization_id FROM organization_settings')).rows).toEqual([{ organization_id: 'kept' }])
    await store.close()
  })

  it('cuts off a statement that takes too long', async () => {
    const store = await openApplicationStore({ url: await makeDatabase() }, { ...defaultApplicationStoreLimits, statementTimeoutMs: 200 })
    await expect(store.pool.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' })
    await store.close()
  })

  it('takes the connection from a client that keeps a transaction open and silent', async () => {
    const store = await openApplicationStore(
      { url: await makeDatabase() },
      { ...defaultApplicationStoreLimits, idleTransactionTimeoutMs: 300 },
    )
    const client = await store.pool.connect()
    const lost = new Promise((resolve) => client.on('error', resolve))
    await client.query('BEGIN')
    await lost
    client.release(true)
    await store.ping()
    await store.close()
  })

  it('says that a server cannot be reached', async () => {
    const url = 'postgres://hedgerow@127.0.0.1:1/postgres'
    await expect(openApplicationStore({ url }, defaultApplicationStoreLimits)).rejects.toMatchObject({
      code: 'application_store_unreachable',
    })
  })

  it.each(['mysql://localhost/x', 'localhost:5432', ''])('refuses %j as a URL', async (url) => {
    await expect(openApplicationStore({ url }, defaultApplicationStoreLimits)).rejects.toMatchObject({ code: 'invalid_store_url' })
  })
})
