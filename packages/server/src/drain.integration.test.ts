import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { adminKey, firstToken, startServer } from './running-server.fixture.ts'

test('a stop under load loses nothing that was answered, ends streams, and waits for nobody who asks nothing', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-drain-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const server = await startServer({ dataDir })
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const stream = await fetch(`${url}/api/projects/1/live/events/`, { headers: { authorization: `Bearer ${adminKey}` } })
  const streamEnd = stream.text()
  const silent = connect(Number(new URL(url).port), '127.0.0.1')
  await once(silent, 'connect')

  let answered = 0
  let refused = 0
  let isStopped = false
  const senders = Array.from({ length: 6 }, async () => {
    while (!isStopped) {
      const batch = Array.from({ length: 20 }, (_, i) => ({ event: 'tick', distinct_id: `u${i}` }))
      const body = JSON.stringify({ api_key: firstToken, batch })
      await fetch(`${url}/batch/`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).then(
        async (response) => {
          await response.text()
          if (response.status === 200) answered += 20
          else refused++
        },
        () => {
          isStopped = true
        },
      )
    }
  })
  await expect.poll(() => answered).toBeGreaterThan(1000)
  const beganAt = performance.now()
  await server.close()
  expect(performance.now() - beganAt).toBeLessThan(server.hedgerow.config.platform.stopTimeoutMs)
  await Promise.all(senders)
  expect(await streamEnd).toContain('retry: 2000')
  expect(refused).toBeLessThan(50)

  const again = await startServer({ dataDir })
  try {
    await again.settled(1)
    const ledger = await again.hedgerow.ledger.read(1)
    expect(ledger.accepted).toBe(ledger.stored)
    // What was flushed to the log but whose answer was cut off counts too.
    expect(ledger.stored).toBeGreaterThanOrEqual(answered)
    expect(ledger.stored).toBeLessThanOrEqual(answered + 6 * 20)
    const { rows } = await again.hedgerow.stores.events.query('SELECT count(), uniqExact(uuid) FROM events WHERE project_id = 1')
    expect(rows[0]?.map(Number)).toEqual([ledger.stored, ledger.stored])
  } finally {
    await again.close()
  }
})
