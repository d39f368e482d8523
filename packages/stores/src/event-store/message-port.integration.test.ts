import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeEventStore } from './contract.ts'
import { createChdbEventStore } from './create-event-store.ts'
import type { EventStore } from './event-store.ts'
import { connectEventStore, serveEventStore } from './message-port.ts'

const directory = mkdtempSync(join(tmpdir(), 'hedgerow-port-'))
const path = join(directory, 'engine')
let served: EventStore | undefined

describeEventStore('over a message channel', {
  async open(limits) {
    served = await createChdbEventStore({ path, limits })
    const { port1, port2 } = new MessageChannel()
    serveEventStore(served, port1)
    return connectEventStore(port2)
  },
  async close(store) {
    await store.close()
    await served?.close()
  },
})

describe('a closed message channel', () => {
  let store: EventStore
  beforeAll(async () => {
    store = await createChdbEventStore({ path })
  })
  afterAll(async () => {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('fails calls under way, stops them in the engine, and leaves the store open', async () => {
    const { port1, port2 } = new MessageChannel()
    serveEventStore(store, port1)
    const remote = connectEventStore(port2)
    const slow = remote.query('SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) % 7 = 3').catch((error: unknown) => error)
    while (store.running().length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await remote.close()
    expect(await slow).toMatchObject({ code: 'unreachable' })
    await expect(remote.query('SELECT 1')).rejects.toMatchObject({ code: 'unreachable' })
    while (store.running().length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await store.query('SELECT 1')).rows).toEqual([[1]])
  })
})
