import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventsEntry } from '@hedgerow/protocol'
import { openStores, type Stores, shareStores } from '@hedgerow/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { uuidOf } from './ingestion.fixture.ts'
import { startIngestionThread } from './start-ingestion-thread.ts'

let directory: string
let stores: Stores
let lastUuid = 0

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hedgerow-thread-'))
  stores = await openStores({ dataDir: directory })
})
afterAll(async () => {
  await stores.close()
  await rm(directory, { recursive: true, force: true })
})

async function append(count: number): Promise<number> {
  const events = Array.from({ length: count }, () => {
    lastUuid += 1
    return { uuid: uuidOf(lastUuid), event: 'saw', distinctId: `u${lastUuid % 7}`, properties: { n: lastUuid } }
  })
  const body: EventsEntry = { kind: 'events', projectId: 1, receivedAt: new Date().toISOString(), endpoint: '/batch/', events }
  await stores.log.append([{ projectId: 1, eventCount: count, payload: Buffer.from(JSON.stringify(body)) }])
  return stores.log.head()
}

const storedCount = async () => (await stores.events.query('SELECT count(), uniqExact(uuid) FROM events')).rows[0]

test('a thread ingests, tells of its commits, is replaced when it breaks off, and stops cleanly', async () => {
  const messages: string[] = []
  const thread = await startIngestionThread(() => shareStores(stores), {
    limits: { batchIntervalMs: 5 },
    log: (_level, message) => messages.push(message),
  })
  const commits: number[] = []
  const forget = thread.onCommit((commit) => commits.push(...commit.projects.map(({ stored }) => stored)))
  await thread.waitUntilProcessed(await append(100))
  expect(await storedCount()).toEqual([100, 100])
  expect(commits.reduce((sum, stored) => sum + stored, 0)).toBe(100)
  forget()

  // Somebody else moves the progress: the thread must not go on as if nothing had happened.
  await stores.application.pool.query('UPDATE ingestion_progress SET committed_position = committed_position - 1')
  await thread.waitUntilProcessed(await append(50))
  expect(await storedCount()).toEqual([150, 150])
  expect(messages).toEqual(['the ingestion thread broke off and is started again'])
  expect(thread.stalled()).toBeUndefined()

  await thread.stop()
  await thread.stop()
  await append(25)
  const again = await startIngestionThread(() => shareStores(stores), { limits: { batchIntervalMs: 5 } })
  await again.waitUntilProcessed(await stores.log.head())
  expect(again.processed()).toBe(await stores.log.head())
  await again.stop()
  expect(again.status()).toMatchObject({ state: 'stopped', failing: [] })
  expect(await storedCount()).toEqual([175, 175])
})
