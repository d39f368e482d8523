import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataDirectory } from './data-directory.ts'

describe('data directory', () => {
  let directory: string
  const children: ChildProcess[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hedgerow-data-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  })

  async function lockElsewhere(): Promise<{ child: ChildProcess; said: string }> {
    const fixture = fileURLToPath(new URL('./locking-process.fixture.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', fixture, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    return { child, said: String(said).trim() }
  }

  const lockOf = async () => JSON.parse(await readFile(join(directory, 'lock'), 'utf8')) as Record<string, unknown>

  it('is made, and free again after it was released', async () => {
    directory = join(directory, 'deep', 'er')
    const lock = await lockDataDirectory(directory)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    await lock.release()
    await (await lockDataDirectory(directory)).release()
    expect(await readdir(directory)).toEqual([])
  })

  it('is refused while this process has it', async () => {
    const lock = await lockDataDirectory(directory)
    await expect(lockDataDirectory(directory)).rejects.toMatchObject({
      code: 'data_directory_in_use',
      message: expect.stringContaining(`${directory} is in use by process ${process.pid}`),
    })
    await lock.release()
  })

  it('is refused while another process has it, and taken over once that was killed', async () => {
    const { child, said } = await lockElsewhere()
    expect(said).toBe('locked')
    await expect(lockDataDirectory(directory)).rejects.toMatchObject({ message: expect.stringContaining(`by process ${child.pid}`) })
    expect((await lockElsewhere()).said).toMatch(/^data_directory_in_use /)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await lockDataDirectory(directory)).release()
  })

  it('is taken over by one of many that find a dead process in it', async () => {
    const { child } = await lockElsewhere()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const dead = await readFile(join(directory, 'lock'))
    const deadId = (await lockOf()).id
    for (let round = 0; round < 30; round++) {
      await writeFile(join(directory, 'lock'), dead)
      // Every other time a successor, too, has died on its way.
      if (round % 2 === 1)
        await writeFile(join(directory, `lock.after.${deadId}`), JSON.stringify({ ...JSON.parse(String(dead)), id: 'second' }))
      const locks = await Promise.allSettled(Array.from({ length: 10 }, () => lockDataDirectory(directory)))
      const taken = locks.filter((lock) => lock.status === 'fulfilled')
      expect(taken).toHaveLength(1)
      await taken[0]?.value.release()
      expect(await readdir(directory)).toEqual([])
    }
  })

  it('knows a later process of the same number from the one that had it', async () => {
    const lock = await lockDataDirectory(directory)
    const holder = await lockOf()
    await lock.release()
    await writeFile(join(directory, 'lock'), JSON.stringify({ ...holder, processStart: '1' }))
    await (await lockDataDirectory(directory)).release()
  })

  it('takes over from another machine only what nobody has touched for a while', async () => {
    const lock = await lockDataDirectory(directory)
    const holder = await lockOf()
    await lock.release()
    const path = join(directory, 'lock')
    await writeFile(path, JSON.stringify({ ...holder, place: 'elsewhere boot pid' }))
    const heartbeat = setInterval(() => utimes(path, new Date(), new Date()), 1_000)
    await expect(lockDataDirectory(directory)).rejects.toMatchObject({ message: expect.stringMatching(/by process \d+ on elsewhere\./) })
    clearInterval(heartbeat)
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(path, longAgo, longAgo)
    await (await lockDataDirectory(directory)).release()
  })

  it('is refused where it cannot be', async () => {
    await writeFile(join(directory, 'file'), '')
    await expect(lockDataDirectory(join(directory, 'file'))).rejects.toMatchObject({ code: 'data_directory_unusable' })
  })
})
