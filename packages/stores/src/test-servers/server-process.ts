import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A server that a test has to itself: port and data stay the same over restarts. */
export interface TestServer {
  url: string
  /** Ends it as an operator would. */
  stop(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again, on the same port with the same data. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

export interface ServerCommand {
  path: string
  args: string[]
  /** As another user, by number. */
  uid?: number
  gid?: number
  /** Rejects as long as it is not ready. */
  check: () => Promise<void>
}

const startTimeoutMs = 30_000

/** Starts a server and waits until it answers. */
export async function startServerProcess(command: ServerCommand): Promise<{ end(signal: NodeJS.Signals): Promise<void> }> {
  const { path, args, uid, gid } = command
  const child = spawn(path, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk).slice(-4_000)
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  await waitUntilReady(child, command, () => errors)
  return {
    async end(signal) {
      process.off('exit', killAtExit)
      child.kill(signal)
      await exited
    },
  }
}

async function waitUntilReady(child: ChildProcess, { path, check }: ServerCommand, errors: () => string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${path} ended with code ${child.exitCode}: ${errors()}`)
    try {
      return await check()
    } catch (error) {
      if (Date.now() > deadline) {
        child.kill('SIGKILL')
        throw new Error(`${path} did not become ready: ${errors()}`, { cause: error })
      }
    }
    await delay(50)
  }
}

const programDirectories = ['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin']

/** Where a program is, installing its Debian package when absent and this user may; undefined if it is not to be had. */
export function findProgram(name: string, debianPackage: string, moreDirectories: () => string[] = () => []): string | undefined {
  const find = () =>
    [...programDirectories, ...moreDirectories()].map((directory) => join(directory, name)).find((path) => existsSync(path))
  const found = find()
  if (found !== undefined || process.getuid?.() !== 0) return found
  try {
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', debianPackage], { stdio: 'ignore', timeout: 300_000 })
  } catch {
    return undefined
  }
  return find()
}
