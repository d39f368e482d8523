import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNats, natsSkipReason, startNats } from '../test-servers/nats.ts'
import type { TestServer } from '../test-servers/server-process.ts'
import { describeEventLog, entry, textsIn } from './event-log.contract.ts'
import type { EventLog } from './event-log.ts'
import { defaultEventLogLimits, type EventLogLimits } from './event-log-limits.ts'
import { openJetStreamEventLog } from './jetstream-event-log.ts'

const hasNats = findNats() !== undefined
const suffix = hasNats ? '' : ` — skipped: ${natsSkipReason}`

describe.skipIf(!hasNats)(`JetStream event log${suffix}`, () => {
  let nats: TestServer
  let streams = 0

  beforeAll(async () => {
    nats = await startNats()
  })
  afterAll(() => nats?.remove())

  function openAt(stream: string, limits: Partial<EventLogLimits> = {}): Promise<EventLog> {
    return openJetStreamEventLog(nats.url, { ...defaultEventLogLimits, maxBytes: 100_000_000, ...limits }, { stream, replicas: 1 })
  }

  describeEventLog('contract', async () => {
    const stream = `test-${++streams}`
    return { open: (limits) => openAt(stream, limits), remove: async () => undefined }
  })

  it('refuses while the server is away, keeps what it had, and reconnects by itself', async () => {
    const log = await openAt('outage')
    const reader = await openAt('outage')
    await log.append([entry('before')])
    expect(await textsIn(reader)).toEqual(['before'])
    const position = await log.head()
    await nats.kill()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(log.append([entry('meanwhile')])).rejects.toMatchObject({ code: 'event_log_unreachable' })
    await expect(reader.read(position, { maxEntries: 1, maxBytes: 1 })).rejects.toMatchObject({ code: 'event_log_unreachable' })
    const waiting = reader.waitForEntries(position, 60_000)
    await nats.restart()
    await appendWhenBack(log, 'after')
    const after = await log.head()
    expect(after).toBeGreaterThan(position)
    expect(await waiting).toBe(true)
    // What was refused may have been kept, where the answer alone was lost.
    expect([...new Set(await textsIn(reader))]).toEqual(['before', 'after'])
    expect([...new Set(await textsIn(reader, position))]).toEqual(['after'])
    await Promise.all([log.close(), reader.close()])
  })

  it.each([
    ['the rest', 5],
    ['some', 2],
  ])('reads again what the server sent and nobody had: %s of it', async (_what, lost) => {
    const stream = `lost-${lost}`
    const log = await openAt(stream)
    for (const text of 'abcdefgh') await log.append([entry(text)])
    const first = await log.read(0, { maxEntries: 3, maxBytes: 1_000 })
    expect(first).toHaveLength(3)
    // As where the answer to a request comes after its time is over.
    const connection = await connect({ servers: nats.url })
    const { streams, consumers } = await jetstreamManager(connection)
    for await (const { name } of consumers.list(stream)) {
      const consumer = await jetstream(connection).consumers.get(stream, name)
      for await (const message of await consumer.fetch({ max_messages: lost, expires: 2_000 })) expect(message.seq).toBeGreaterThan(3)
    }
    expect((await streams.info(stream)).state.messages).toBe(8)
    await connection.close()
    expect(await textsIn(log, first.at(-1)?.position)).toEqual(['d', 'e', 'f', 'g', 'h'])
    await log.close()
  })

  it('tells another process of new entries', async () => {
    const [log, reader] = await Promise.all([openAt('notices'), openAt('notices')])
    for (let count = 0; count < 20; count++) {
      const waiting = reader.waitForEntries(await log.head(), 10_000)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await log.append([entry('x')])
      expect(await waiting).toBe(true)
    }
    await Promise.all([log.close(), reader.close()])
  })

  it('is made once by two processes that start together', async () => {
    const logs = await Promise.all([openAt('together'), openAt('together')])
    await Promise.all(logs.map((log, index) => log.append([entry(String(index))])))
    expect((await textsIn(logs[0] as EventLog)).sort()).toEqual(['0', '1'])
    await Promise.all(logs.map((log) => log.close()))
  })

  it.each(['http://localhost:4222', 'localhost', 'nats://'])('refuses %j as a URL', async (url) => {
    await expect(openJetStreamEventLog(url, defaultEventLogLimits)).rejects.toMatchObject({ code: 'invalid_store_url' })
  })

  it('says when no server can be reached', async () => {
    await expect(openJetStreamEventLog('nats://127.0.0.1:1', defaultEventLogLimits)).rejects.toMatchObject({
      code: 'event_log_unreachable',
    })
  })
})

async function appendWhenBack(log: EventLog, text: string): Promise<unknown> {
  for (let attempt = 0; attempt < 600; attempt++) {
    try {
      return await log.append([entry(text)])
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  throw new Error('The log did not come back')
}
