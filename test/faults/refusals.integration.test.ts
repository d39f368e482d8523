import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freePort } from '../../packages/stores/src/test-servers/ports.ts'
import { projectToken, startHedgerow, until } from '../harness/hedgerow.ts'

const cliMain = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

test('a second process on one data directory is refused and says whose it is; the first goes on', async () => {
  const first = await startHedgerow()
  try {
    const second = spawnSync(process.execPath, [cliMain, 'start', '--port', String(await freePort()), '--data-dir', first.dataDir], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(second.status).not.toBe(0)
    expect(second.stderr + second.stdout).toContain(first.dataDir)
    expect(second.stderr + second.stdout).toContain(String(first.process.pid))
    await first.settled()
  } finally {
    await first.stop()
  }
})

const mountable =
  process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { encoding: 'utf8' }).status === 0

// A disk of its own needs the right to mount; without it there is nothing that could fill up without hurting the machine.
test.skipIf(!mountable)(
  'a full disk: capture refuses with 503 and Retry-After, nothing is lost, and it recovers',
  { timeout: 120_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-full-'))
    const filler = join(dataDir, 'filler')
    const shell = (command: string) => spawnSync('sh', ['-c', command], { encoding: 'utf8' })
    expect(shell(`mount -t tmpfs -o size=900m tmpfs ${dataDir}`).status).toBe(0)
    try {
      const hedgerow = await startHedgerow({ dataDir })
      try {
        let sent = 0
        const send = async () => {
          const batch = Array.from({ length: 20 }, (_, i) => ({
            event: 'on a small disk',
            distinct_id: `d${i}`,
            properties: { i, n: sent },
          }))
          const response = await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body: JSON.stringify({ api_key: projectToken, batch }) })
          if (response.status === 200) sent += batch.length
          return response
        }
        expect((await send()).status).toBe(200)
        shell(`dd if=/dev/zero of=${filler} bs=1M count=2000`)
        const refused = await until('a refusal', async () => {
          const response = await send()
          return response.status === 200 ? undefined : response
        })
        expect(refused.status).toBe(503)
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
        expect((await refused.json()) as object).toHaveProperty('detail')
        await rm(filler)
        await until('capture takes events again', async () => ((await send()).status === 200 ? true : undefined))
        const ledger = await hedgerow.settled()
        expect(ledger.accepted).toBe(sent)
        expect(Number((await hedgerow.query(`select count() from events where event = 'on a small disk'`))[0]?.[0])).toBe(sent)
      } finally {
        await hedgerow.stop()
      }
    } finally {
      shell(`umount -l ${dataDir}`)
      await rm(dataDir, { recursive: true, force: true })
    }
  },
)

test.skipIf(!mountable)(
  'a read-only data directory is refused at start by name, and taken once it can be written',
  { timeout: 120_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-read-only-'))
    const shell = (command: string) => spawnSync('sh', ['-c', command], { encoding: 'utf8' })
    expect(shell(`mount -t tmpfs -o size=900m tmpfs ${dataDir}`).status).toBe(0)
    try {
      shell(`mount -o remount,ro ${dataDir}`)
      const refused = spawnSync(process.execPath, [cliMain, 'start', '--port', String(await freePort()), '--data-dir', dataDir], {
        encoding: 'utf8',
        timeout: 60_000,
      })
      expect(refused.status).not.toBe(0)
      expect(refused.stderr + refused.stdout).toContain(dataDir)
      shell(`mount -o remount,rw ${dataDir}`)
      const hedgerow = await startHedgerow({ dataDir })
      await hedgerow.stop()
    } finally {
      shell(`umount -l ${dataDir}`)
      await rm(dataDir, { recursive: true, force: true })
    }
  },
)
