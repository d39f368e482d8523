import { createHash } from 'node:crypto'
import { lstat, mkdir, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { StoresError } from '../stores-error.ts'
import type { ApplicationStoreLimits } from './application-store-limits.ts'
import { createDatabase } from './create-database.ts'
import { nextReport, startPostgresThread } from './embedded-postgres-thread.ts'
import { emptyDatabaseDirectory } from './empty-database.ts'

export interface EmbeddedPostgres {
  socketPath: string
  close(): Promise<void>
}

/** Linux takes 107 bytes, macOS 103. */
const maxSocketPathBytes = 103
const socketName = '.s.PGSQL.5432'
const restartDelaysMs = [100, 500, 2_000, 5_000]

/** What the engine is told of the limits, by Postgres' names. */
const engineSettings = (limits: ApplicationStoreLimits): Record<string, string> => ({
  shared_buffers: `${Math.ceil(limits.embeddedSharedBuffersBytes / 1024)}kB`,
})

/**
 * Opens (first makes) the database in `directory` and serves it at a Unix socket, from a thread that is started again should it break off.
 * A first one is a copy of `emptyDatabase`, where there is one.
 */
export async function startEmbeddedPostgres(
  directory: string,
  limits: ApplicationStoreLimits,
  emptyDatabase = emptyDatabaseDirectory,
): Promise<EmbeddedPostgres> {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new StoresError('data_directory_unusable', `The directory ${directory} cannot be made: ${error.message}`, { cause: error })
  })
  const databaseDirectory = join(directory, 'postgres')
  const job = {
    directory: databaseDirectory,
    settings: engineSettings(limits),
    idleTransactionTimeoutMs: limits.idleTransactionTimeoutMs,
  }
  await createDatabase(job, emptyDatabase)
  const socketPath = await chooseSocketPath(directory)
  let isClosing = false
  let failures = 0

  const start = async (): Promise<Worker> => {
    const worker = startPostgresThread({ ...job, socketPath })
    await nextReport(worker, 'ready')
    worker.once('exit', () => {
      if (!isClosing) scheduleRestart()
    })
    return worker
  }
  const scheduleRestart = () => {
    const delayMs = restartDelaysMs[Math.min(failures, restartDelaysMs.length - 1)]
    failures++
    restart = new Promise((resolve) => setTimeout(resolve, delayMs)).then(async () => {
      if (isClosing) return
      try {
        current = await start()
        failures = 0
      } catch {
        // why: clients see the store as unreachable meanwhile, and a full disk may yet be cleared.
        if (!isClosing) scheduleRestart()
      }
    })
  }
  let restart: Promise<void> | undefined
  let current = await start()

  return {
    socketPath,
    async close() {
      isClosing = true
      await restart
      await closeWorker(current)
      await rm(socketPath, { force: true })
    },
  }
}

async function closeWorker(worker: Worker): Promise<void> {
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  const closed = nextReport(worker, 'closed')
  worker.postMessage('close')
  // why: a thread that breaks off while closing has closed too; the next start recovers the database.
  await closed.catch(() => undefined)
  await worker.terminate()
  await exited
}

/** Within `directory`, or in the system's temporary directory where the path would be too long for a socket. */
async function chooseSocketPath(directory: string): Promise<string> {
  const path = join(directory, socketName)
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return path
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  const socketDirectory = join(tmpdir(), `hedgerow-${name}`)
  await mkdir(socketDirectory, { recursive: true, mode: 0o700 })
  const found = await lstat(socketDirectory)
  const { uid } = userInfo()
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid) || (found.mode & 0o077) !== 0) {
    throw new StoresError(
      'data_directory_unusable',
      `${directory} is too long for a socket's path, and ${socketDirectory}, to use instead, belongs to somebody else. Use a shorter data directory.`,
    )
  }
  return join(socketDirectory, socketName)
}

/** The directory and port by which `pg` names a socket. */
export function socketAddress(socketPath: string): { host: string; port: number } {
  return { host: dirname(socketPath), port: Number(socketPath.slice(socketPath.lastIndexOf('.') + 1)) }
}
