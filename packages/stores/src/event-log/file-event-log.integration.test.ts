import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeEventLog, entry, textsIn } from './event-log.contract.ts'
import type { EventLog } from './event-log.ts'
import { defaultEventLogLimits, type EventLogLimits } from './event-log-limits.ts'
import { connectEventLog, serveEventLog } from './event-log-port.ts'
import { openFileEventLog } from './file-event-log.ts'

const limits: EventLogLimits = { ...defaultEventLogLimits, minFreeDiskBytes: 0 }

async function makeDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'hedgerow-log-'))
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

describeEventLog('file event log', async () => {
  const { directory, remove } = await makeDirectory()
  return { open: (changed) => openFileEventLog(directory, { ...limits, ...changed }), remove }
})

describeEventLog('file event log with tiny files', async () => {
  const { directory, remove } = await makeDirectory()
  return { open: (changed) => openFileEventLog(directory, { ...limits, segmentBytes: 500, ...changed }), remove }
})

describeEventLog('file event log behind a message channel', async () => {
  const { directory, remove } = await makeDirectory()
  return {
    async open(changed) {
      const log = await openFileEventLog(directory, { ...limits, ...changed })
      const { port1, port2 } = new MessageChannel()
      serveEventLog(log, port1)
      const remote = connectEventLog(port2)
      const close = async () => {
        await remote.close()
        await log.close()
      }
      return { ...remote, close }
    },
    remove,
  }
})

describe('file event log', () => {
  let directory: string
  let removeDirectory: () => Promise<void>

  beforeEach(async () => {
    ;({ directory, remove: removeDirectory } = await makeDirectory())
  })
  afterEach(() => removeDirectory())

  const logFiles = async () => (await readdir(directory)).filter((name) => name.endsWith('.log')).sort()

  it('loses nothing acknowledged when its process is killed, again and again', async () => {
    let acknowledged = 0
    let first = 0
    for (let round = 0; round < 8; round++) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', fileURLToPath(new URL('./appending-process.fixture.ts', import.meta.url)), directory, String(first)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk
      })
      await vi.waitFor(() => expect(output.split('\n').length).toBeGreaterThan(130), 60_000)
      await new Promise((resolve) => setTimeout(resolve, 50 + round * 37))
      child.kill('SIGKILL')
      await once(child, 'close')
      const numbers = output.split('\n').slice(0, -1).map(Number)
      acknowledged += numbers.length
      const log = await openFileEventLog(directory, limits)
      const stored = new Set((await textsIn(log)).map((text) => (JSON.parse(text) as { number: number }).number))
      expect(numbers.filter((number) => !stored.has(number))).toEqual([])
      for (const number of stored) first = Math.max(first, number + 1)
      await log.close()
    }
    expect(acknowledged).toBeGreaterThan(1_000)
  }, 120_000)

  it('drops what a crash left half-written, and keeps what stands before it', async () => {
    let log = await openFileEventLog(directory, limits)
    await log.append(['a', 'b'].map((text) => entry(text)))
    await log.close()
    const path = join(directory, (await logFiles())[0] ?? '')
    await appendFile(path, Buffer.from('lo'))
    log = await openFileEventLog(directory, limits)
    expect(await textsIn(log)).toEqual(['a', 'b'])
    await log.append([entry('c')])
    await log.close()
    const { length } = await readFile(path)
    await truncate(path, length - 1)
    log = await openFileEventLog(directory, limits)
    expect(await textsIn(log)).toEqual(['a', 'b'])
    await log.append([entry('d')])
    expect(await textsIn(log)).toEqual(['a', 'b', 'd'])
    await log.close()
  })

  it.each(['missing', 'empty', 'torn', 'garbled'])('makes a %s index again', async (state) => {
    let log = await openFileEventLog(directory, { ...limits, segmentBytes: 100 })
    for (const text of ['a'.repeat(100), 'b'.repeat(100), 'c'.repeat(100)]) await log.append([entry(text, 5, 6)])
    await log.close()
    for (const name of await logFiles()) {
      const path = join(directory, name.replace('.log', '.index'))
      if (state === 'missing') await rm(path)
      if (state === 'empty') await truncate(path, 0)
      if (state === 'torn') await truncate(path, 13)
      if (state === 'garbled') await writeFile(path, Buffer.alloc(24, 7))
    }
    log = await openFileEventLog(directory, limits)
    expect((await textsIn(log)).map((text) => text[0])).toEqual(['a', 'b', 'c'])
    const heads: unknown[] = []
    for await (const head of log.heads(1)) heads.push(head)
    expect(heads).toEqual([2, 3].map((position) => ({ position, projectId: 5, eventCount: 6 })))
    await log.close()
  })

  it('says which entry is damaged instead of giving it out', async () => {
    const log = await openFileEventLog(directory, limits)
    await log.append(['aaaa', 'bbbb', 'cccc'].map((text) => entry(text)))
    const file = await open(join(directory, (await logFiles())[0] ?? ''), 'r+')
    await file.write(Buffer.from('X'), 0, 1, 28 + 4 + 28)
    await file.close()
    await expect(log.read(1, { maxEntries: 1, maxBytes: 100 })).rejects.toThrow('Entry 2 ')
    expect(await textsIn(log, 2)).toEqual(['cccc'])
    await log.close()
  })

  it('gives disk space back file by file, also while somebody reads', async () => {
    const log = await openFileEventLog(directory, { ...limits, segmentBytes: 10_000 })
    for (let count = 0; count < 50; count++) await log.append([entry('x'.repeat(3_000))])
    expect((await logFiles()).length).toBeGreaterThan(10)
    await Promise.all([
      ...Array.from({ length: 40 }, (_, count) => log.truncate(count)),
      ...Array.from({ length: 40 }, (_, count) => log.read(count, { maxEntries: 5, maxBytes: 10_000 })),
    ])
    await log.truncate(50)
    expect((await logFiles()).length).toBe(1)
    expect((await log.size()).usedBytes).toBe(0)
    await log.close()
  })

  it('refuses while too little of the disk is free', async () => {
    const log = await openFileEventLog(directory, { ...limits, minFreeDiskBytes: 2 ** 60 })
    await expect(log.append([entry('a')])).rejects.toMatchObject({ code: 'event_log_full' })
    expect(await log.head()).toBe(0)
    await log.close()
  })

  it('refuses when it cannot be opened', async () => {
    const path = join(directory, 'file')
    await writeFile(path, '')
    await expect(openFileEventLog(path, limits)).rejects.toMatchObject({ code: 'data_directory_unusable' })
  })

  it('refuses after it was closed, and wakes who waits', async () => {
    const log = await openFileEventLog(directory, limits)
    const waiting = log.waitForEntries(0, 20_000)
    await log.close()
    expect(await waiting).toBe(false)
    await expect(log.append([entry('a')])).rejects.toMatchObject({ code: 'event_log_unreachable' })
  })

  it('wakes another thread for each entry', async () => {
    const log = await openFileEventLog(directory, limits)
    const { port1, port2 } = new MessageChannel()
    serveEventLog(log, port1)
    const code = `
      import('tsx/esm/api').then(async ({ register }) => {
        register()
        const { workerData, parentPort } = require('node:worker_threads')
        const { connectEventLog } = await import(workerData.module)
        const log = connectEventLog(workerData.port)
        parentPort.postMessage('ready')
        for (let position = 0; position < 50; ) {
          await log.waitForEntries(position, 10_000)
          for (const entry of await log.read(position, { maxEntries: 10, maxBytes: 10_000 })) {
            position = entry.position
            parentPort.postMessage({ position, text: new TextDecoder().decode(entry.payload) })
          }
        }
        await log.close()
      })`
    const module = new URL('./event-log-port.ts', import.meta.url).href
    const worker = new Worker(code, { eval: true, workerData: { module, port: port2 }, transferList: [port2] })
    await once(worker, 'message')
    for (let count = 0; count < 50; count++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      const seen = once(worker, 'message')
      await log.append([entry(`entry ${count}`)])
      expect((await seen)[0]).toEqual({ position: count + 1, text: `entry ${count}` })
    }
    await once(worker, 'exit')
    await log.close()
  })
})

const mounts = mountsAllowed()

describe.skipIf(!mounts)(`file event log on a disk of its own${mounts ? '' : ' — skipped: this user may not mount a tmpfs'}`, () => {
  let directory: string
  let log: EventLog

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hedgerow-log-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory])
  })
  afterEach(async () => {
    await log.close()
    execFileSync('umount', [directory])
    await rm(directory, { recursive: true })
  })

  it('refuses when the disk is full, keeps every acknowledged entry, and recovers by itself', async () => {
    log = await openFileEventLog(directory, { ...limits, segmentBytes: 300_000 })
    const big = (number: number) => entry(`${number}:${'x'.repeat(90_000)}`)
    const acknowledged: number[] = []
    const codes = new Set<unknown>()
    await Promise.all(
      Array.from({ length: 60 }, async (_, number) => {
        await log.append([big(number)]).then(
          () => acknowledged.push(number),
          (error: { code?: unknown }) => codes.add(error.code),
        )
      }),
    )
    for (let number = 100; number < 130; number++) {
      await log.append([big(number)]).then(
        () => acknowledged.push(number),
        (error: { code?: unknown }) => codes.add(error.code),
      )
    }
    expect([...codes]).toEqual(['event_log_full'])
    expect((await textsIn(log)).map((text) => Number.parseInt(text, 10))).toEqual(acknowledged)
    expect(acknowledged.length).toBeGreaterThan(5)

    await log.close()
    log = await openFileEventLog(directory, { ...limits, segmentBytes: 300_000 })
    expect((await textsIn(log)).map((text) => Number.parseInt(text, 10))).toEqual(acknowledged)

    await log.truncate((await log.head()) - 1)
    await log.append([big(1_000)])
    expect((await textsIn(log)).map((text) => Number.parseInt(text, 10))).toEqual([acknowledged.at(-1), 1_000])
  })

  it('takes entries again once the disk has grown', async () => {
    log = await openFileEventLog(directory, limits)
    await writeFile(join(directory, 'ballast'), Buffer.alloc(1_900_000))
    await expect(log.append([entry('x'.repeat(900_000))])).rejects.toMatchObject({ code: 'event_log_full' })
    execFileSync('mount', ['-o', 'remount,size=8m', directory])
    await log.append([entry('a'), entry('x'.repeat(900_000))])
    expect((await textsIn(log)).map((text) => text[0])).toEqual(['a', 'x'])
  })
})

describe('file event log in a directory that becomes read-only', () => {
  it('refuses as unwritable, goes on reading, and recovers by itself', async ({ skip }) => {
    const { directory, remove } = await makeDirectory()
    const log = await openFileEventLog(directory, { ...limits, segmentBytes: 100 })
    try {
      await log.append([entry('a'.repeat(200))])
      const unlock = forbidNewFiles(directory)
      if (unlock === undefined) skip('this system cannot make a directory read-only for this user')
      else {
        try {
          await expect(log.append([entry('b')])).rejects.toMatchObject({ code: 'event_log_unwritable' })
          expect(await textsIn(log)).toHaveLength(1)
        } finally {
          unlock()
        }
        await log.append([entry('c')])
        expect((await textsIn(log)).map((text) => text[0])).toEqual(['a', 'c'])
      }
    } finally {
      await log.close()
      await remove()
    }
  })
})

/** For root, permissions forbid nothing, but the attribute "immutable" does. */
function forbidNewFiles(directory: string): (() => void) | undefined {
  const [lock, unlock] =
    process.getuid?.() === 0
      ? [
          ['chattr', '+i', directory],
          ['chattr', '-i', directory],
        ]
      : [
          ['chmod', '500', directory],
          ['chmod', '700', directory],
        ]
  try {
    execFileSync(lock?.[0] ?? '', lock?.slice(1), { stdio: 'ignore' })
    return () => execFileSync(unlock?.[0] ?? '', unlock?.slice(1), { stdio: 'ignore' })
  } catch {
    return undefined
  }
}

function mountsAllowed(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
