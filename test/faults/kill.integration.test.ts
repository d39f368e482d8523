import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { freePort } from '../../packages/stores/src/test-servers/ports.ts'
import { type Hedgerow, projectToken, sleep, startHedgerow } from '../harness/hedgerow.ts'

// limit: a few kills in every run of the tests; `npm run test:kills` does thirty (docs/guide/testing.md).
const kills = Number(process.env.HEDGEROW_TEST_KILLS ?? 3)
const batchSize = 40

interface Batch {
  uuids: string[]
  body: Buffer
}

function makeBatch(turn: number): Batch {
  const uuids = Array.from({ length: batchSize }, () => randomUUID())
  const person = (i: number) => `person ${(turn * 7 + i) % 300}`
  const batch = uuids.map((uuid, i) => {
    const event = {
      uuid,
      event: `event ${i % 5}`,
      distinct_id: person(i),
      timestamp: new Date().toISOString(),
      properties: { turn, i, $set: { turn } },
    }
    // Every batch also has a merge, so that identities are under way when the process is killed.
    if (i === 0) return { ...event, event: '$identify', properties: { $anon_distinct_id: `anonymous ${turn % 300}`, $set: { last: turn } } }
    return event
  })
  return { uuids, body: gzipSync(JSON.stringify({ api_key: projectToken, batch, sent_at: new Date().toISOString() })) }
}

/** Sends batches until the server is gone; what was not answered 200 is kept for another try. */
async function send(
  hedgerow: Hedgerow,
  answered: Set<string>,
  unanswered: Batch[],
  turns: { next: number },
  stopped: () => boolean,
): Promise<void> {
  while (!stopped()) {
    const batch = unanswered.pop() ?? makeBatch(turns.next++)
    const status = await fetch(`${hedgerow.url}/batch/`, {
      method: 'POST',
      body: new Uint8Array(batch.body),
      headers: { 'content-encoding': 'gzip' },
    }).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 200) for (const uuid of batch.uuids) answered.add(uuid)
    else unanswered.push(batch)
    if (status === 0) await sleep(20)
  }
}

test(`killed ${kills} times under load: every event answered 200 is stored exactly once`, {
  timeout: 60_000 + kills * 30_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-kills-'))
  const port = await freePort()
  const answered = new Set<string>()
  const unanswered: Batch[] = []
  const turns = { next: 0 }
  try {
    for (let kill = 0; kill < kills; kill++) {
      const hedgerow = await startHedgerow({ dataDir, port })
      let stopped = false
      const senders = Array.from({ length: 6 }, () => send(hedgerow, answered, unanswered, turns, () => stopped))
      await sleep(200 + Math.random() * 2_500)
      await hedgerow.kill('SIGKILL')
      stopped = true
      await Promise.all(senders)
    }
    const hedgerow = await startHedgerow({ dataDir, port })
    try {
      const ledger = await hedgerow.settled()
      const stored = await hedgerow.storedUuids()
      expect(answered.size).toBeGreaterThan(kills * batchSize)
      expect([...answered].filter((uuid) => !stored.has(uuid))).toEqual([])
      expect([...stored].filter(([, count]) => count !== 1)).toEqual([])
      expect(ledger.stored).toBe(stored.size)
      // Each anonymous id was merged into the person that identified it, in whichever run.
      const [[persons] = [-1]] = await hedgerow.query('select count(distinct person_id) from events')
      expect(Number(persons)).toBeLessThanOrEqual(300)
    } finally {
      await hedgerow.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 })
  }
})
