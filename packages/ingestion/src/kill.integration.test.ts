import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStores } from '@hedgerow/stores'
import { expect, test } from 'vitest'
import { uuidOf } from './ingestion.fixture.ts'
import { createIngestion } from './ingestion.ts'

test('killed again and again while it ingests: each acknowledged event is stored exactly once', { timeout: 240_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hedgerow-kill-'))
  const tsx = createRequire(import.meta.url).resolve('tsx')
  let acknowledged = 0
  try {
    for (let round = 0; round < 6; round += 1) {
      const child = spawn(
        process.execPath,
        ['--liftoff-only', '--import', tsx, new URL('./crash-child.fixture.ts', import.meta.url).pathname, directory, String(acknowledged)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      await new Promise<void>((resolve, reject) => {
        let text = ''
        child.once('exit', (code) => reject(new Error(`The child ended with ${code}.`)))
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          const numbers = text.split('\n').slice(0, -1).map(Number)
          acknowledged = Math.max(acknowledged, ...numbers)
          if (numbers.length >= 20 + round * 17) resolve()
        })
      })
      child.removeAllListeners('exit')
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
    const stores = await openStores({ dataDir: directory })
    try {
      const ingestion = createIngestion({ stores })
      ingestion.start()
      await ingestion.waitUntilProcessed(await stores.log.head())
      const { rows } = await stores.events.query('SELECT toString(uuid), count() FROM events GROUP BY uuid')
      const copies = new Map(rows.map(([uuid, count]) => [uuid, count]))
      const missing = Array.from({ length: acknowledged }, (_, n) => uuidOf(n + 1)).filter((uuid) => !copies.has(uuid))
      expect(missing).toEqual([])
      expect([...copies.values()].filter((count) => count !== 1)).toEqual([])
      const ledger = await stores.application.pool.query('SELECT accepted, stored, rejected, repeated FROM ingestion_ledger')
      const { accepted, stored, rejected, repeated } = ledger.rows[0]
      expect(stored).toBe(copies.size)
      expect(accepted).toBe(stored + rejected + repeated)
      await ingestion.stop()
    } finally {
      await stores.close()
    }
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 10 })
  }
})
