import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStores, type Stores, shareStores } from './stores.ts'
import { findNats, startNats } from './test-servers/nats.ts'
import { findPostgres, startPostgres } from './test-servers/postgres.ts'
import { startWorkerThread } from './worker-entry.ts'

const hasServers = findNats() !== undefined && findPostgres() !== undefined

describe('stores', () => {
  let dataDir: string

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-stores-'))
  })
  afterEach(() => rm(dataDir, { recursive: true, force: true }))

  async function useFromThread(stores: Stores): Promise<void> {
    const shared = shareStores(stores)
    const worker = startWorkerThread('stores-worker.fixture', import.meta.url, { workerData: shared, transferList: shared.transferList })
    const exited = once(worker, 'exit')
    expect(await once(worker, 'message')).toEqual([[[42]]])
    expect(await exited).toEqual([0])
    const settings = await stores.application.db.selectFrom('organization_settings').select('organization_id').execute()
    expect(settings).toEqual([{ organization_id: 'from the thread' }])
    const entries = await stores.log.read(0, { maxEntries: 10, maxBytes: 1_000 })
    expect(entries.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(['from the thread'])
  }

  it('open embedded, are used by another thread, and hold what they had when opened again', async () => {
    let stores = await openStores({ dataDir })
    await useFromThread(stores)
    await expect(openStores({ dataDir })).rejects.toMatchObject({ code: 'data_directory_in_use' })
    await stores.close()
    expect((await readdir(dataDir)).sort()).toEqual(['analytics', 'application', 'log'])
    stores = await openStores({ dataDir })
    expect(await stores.log.head()).toBe(1)
    await stores.close()
  }, 120_000)

  it.skipIf(!hasServers)(
    'open on servers, and are used by another thread',
    async () => {
      const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
      const stores = await openStores({
        dataDir,
        natsUrl: nats.url,
        databaseUrl: postgres.url,
        natsStream: 'stores-test',
        eventLog: { maxBytes: 10_000_000 },
      })
      await useFromThread(stores)
      expect(await stores.log.size()).toMatchObject({ limitBytes: 10_000_000 })
      await stores.close()
      await Promise.all([nats.remove(), postgres.remove()])
    },
    120_000,
  )

  it('leave nothing open or locked when one of them cannot be opened', async () => {
    const unreachable = { dataDir, databaseUrl: 'postgres://hedgerow@127.0.0.1:1/postgres' }
    await expect(openStores(unreachable)).rejects.toMatchObject({ code: 'application_store_unreachable' })
    await expect(openStores(unreachable)).rejects.toMatchObject({ code: 'application_store_unreachable' })
    expect(await readdir(dataDir)).not.toContain('lock')
  }, 120_000)
})
