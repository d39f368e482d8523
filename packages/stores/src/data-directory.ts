import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync, unlinkSync } from 'node:fs'
import { link, mkdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StoresError } from './stores-error.ts'

const lockName = 'lock'
const heartbeatMs = 2_000
/** A lock from another machine or container that was not touched for this long is nobody's. */
const staleAfterMs = 10_000

interface Holder {
  /** Different each time that a lock is taken. */
  id: string
  pid: number
  /** Where the process id has a meaning: machine, boot and namespace of processes. */
  place: string
  /** Tells the process from a later one of the same number; empty where the system does not say. */
  processStart: string
}

export interface DataDirectoryLock {
  release(): Promise<void>
}

/**
 * Makes the directory and takes it for this process until released. What a killed process left behind is taken over.
 * Throws {@link StoresError} `data_directory_in_use` or `data_directory_unusable`.
 */
export async function lockDataDirectory(dataDir: string): Promise<DataDirectoryLock> {
  const path = await usableDirectory(dataDir)
  const lockPath = join(path, lockName)
  const self: Holder = { id: randomUUID(), pid: process.pid, place: thisPlace(), processStart: processStart(process.pid) }
  const ownPath = join(path, `${lockName}.${self.id}`)
  try {
    await writeFile(ownPath, JSON.stringify(self), { mode: 0o600 })
    for (let isTaken = false; !isTaken; ) {
      isTaken = await linkUnlessThere(ownPath, lockPath)
      const holder = isTaken ? undefined : await readHolder(lockPath)
      if (holder === undefined) continue
      if (await isHeld(holder, lockPath)) throw inUse(dataDir, holder)
      isTaken = await succeed(holder, ownPath, lockPath, dataDir)
    }
  } catch (error) {
    throw error instanceof StoresError ? error : unusable(dataDir, error)
  } finally {
    await rm(ownPath, { force: true }).catch(() => undefined)
  }
  return keepLock(lockPath)
}

function keepLock(lockPath: string): DataDirectoryLock {
  const heartbeat = setInterval(() => {
    const now = new Date()
    // why: a lock that cannot be touched on a full or read-only disk is still held; nobody could take it over either.
    utimes(lockPath, now, now).catch(() => undefined)
  }, heartbeatMs)
  heartbeat.unref()
  const releaseAtExit = () => {
    try {
      unlinkSync(lockPath)
    } catch {
      // why: the process ends; what is left behind is recognised as stale.
    }
  }
  process.once('exit', releaseAtExit)
  return {
    async release() {
      clearInterval(heartbeat)
      process.off('exit', releaseAtExit)
      await rm(lockPath, { force: true })
    },
  }
}

async function usableDirectory(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    return await realpath(dataDir)
  } catch (error) {
    throw unusable(dataDir, error)
  }
}

async function linkUnlessThere(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readHolder(lockPath: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lockPath, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function isHeld(holder: Holder, lockPath: string): Promise<boolean> {
  if (holder.place === thisPlace()) return isAlive(holder)
  // why: nobody here can see a process of another container or machine, but its heartbeat.
  const touchedAt = async () => (await stat(lockPath).catch(() => undefined))?.mtimeMs
  const before = await touchedAt()
  if (before === undefined || Date.now() - before > staleAfterMs) return false
  await delay(staleAfterMs)
  const after = await touchedAt()
  return after !== undefined && after !== before
}

function isAlive({ pid, processStart: start }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return start === '' || processStart(pid) === start
}

/**
 * Takes the lock over from a dead holder; false if others were quicker and all is to be looked at anew.
 * tricky: each holder can have one successor only, by a file named after it. Whoever makes that file, and then still finds the dead
 * holder's lock, may replace it. A successor that died on the way is succeeded in turn.
 */
async function succeed(dead: Holder, ownPath: string, lockPath: string, dataDir: string): Promise<boolean> {
  const made: string[] = []
  for (let before = dead; ; ) {
    const path = `${lockPath}.after.${before.id}`
    made.push(path)
    if (await linkUnlessThere(ownPath, path)) break
    const successor = await readHolder(path)
    if (successor === undefined) return false
    if (await isHeld(successor, path)) throw inUse(dataDir, successor)
    before = successor
  }
  const isStillDead = (await readHolder(lockPath))?.id === dead.id
  if (isStillDead) await rename(ownPath, lockPath)
  for (const path of isStillDead ? made : made.slice(-1)) await rm(path, { force: true })
  return isStillDead
}

function thisPlace(): string {
  const boot = readOr('', () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const processes = readOr('', () => readlinkSync('/proc/self/ns/pid'))
  return [hostname(), boot, processes].join(' ')
}

function processStart(pid: number): string {
  // why: the name, in parentheses, may hold spaces; the start is the 20th field after it.
  return readOr('', () => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[19] ?? '')
}

/** For what only Linux knows. */
function readOr(otherwise: string, read: () => string): string {
  try {
    return read()
  } catch {
    return otherwise
  }
}

function inUse(dataDir: string, { pid, place }: Holder): StoresError {
  const where = place === thisPlace() ? '' : ` on ${place.split(' ')[0]}`
  return new StoresError(
    'data_directory_in_use',
    `The data directory ${dataDir} is in use by process ${pid}${where}. Stop that one first, or choose another directory.`,
  )
}

function unusable(dataDir: string, error: unknown): StoresError {
  const reason = error instanceof Error ? error.message : String(error)
  return new StoresError('data_directory_unusable', `The data directory ${dataDir} cannot be used: ${reason}`, { cause: error })
}
