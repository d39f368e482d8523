import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { StoresError } from '../stores-error.ts'
import { startWorkerThread } from '../worker-entry.ts'
import type { ApplicationStoreLimits } from './application-store-limits.ts'
import { flushTree } from './flush-files.ts'

/** What the worker thread is told. */
export interface EmbeddedPostgresJob {
  directory: string
  /** Absent: make the database and end. */
  socketPath?: string
  /** Settings of the engine, by Postgres' names. */
  settings: Record<string, string>
  idleTransactionTimeoutMs: number
}

export type EmbeddedPostgresReport = { kind: 'ready' } | { kind: 'closed' } | { kind: 'failed'; message: string }

export interface EmbeddedPostgres {
  socketPath: string
  close(): Promise<void>
}

/** Linux takes 107 bytes, macOS 103. */
const maxSocketPathBytes = 103
const socketName = '.s.PGSQL.5432'
const restartDelaysMs = [100, 500, 2_000, 5_000]

/** Opens (first makes) the database in `directory` and serves it at a Unix socket, from a thread that is started again should it break off. */
export async function startEmbeddedPostgres(directory: string, limits: ApplicationStoreLimits): Promise<EmbeddedPostgres> {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new StoresError('data_directory_unusable', `The directory ${directory} cannot be made: ${error.message}`, { cause: error })
  })
  const databaseDirectory = join(directory, 'postgres')
  const job = {
    directory: databaseDirectory,
    settings: { shared_buffers: `${Math.ceil(limits.embeddedSharedBuffersBytes / 1024)}kB` },
    idleTransactionTimeoutMs: limits.idleTransactionTimeoutMs,
  }
  await createDatabase(job)
  const socketPath = await chooseSocketPath(directory)
  let isClosing = false
  let failures = 0

  const start = async (): Promise<Worker> => {
    const worker = startWorker({ ...job, socketPath })
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

/**
 * Makes the database in a thread of its own and under another name first.
 * why: making one needs half a gigabyte that only the thread's end gives back, and a crash on the way must not leave half a database.
 */
async function createDatabase(job: EmbeddedPostgresJob): Promise<void> {
  if (existsSync(join(job.directory, 'PG_VERSION'))) return
  const unfinished = `${job.directory}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  const worker = startWorker({ ...job, directory: unfinished })
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  await nextReport(worker, 'closed')
  await worker.terminate()
  await exited
  await flushTree(unfinished)
  await rename(unfinished, job.directory)
}

function startWorker(job: EmbeddedPostgresJob): Worker {
  return startWorkerThread('embedded-postgres-worker', import.meta.url, { workerData: job, name: 'embedded-postgres' })
}

function nextReport(worker: Worker, expected: EmbeddedPostgresReport['kind']): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) =>
      reject(new StoresError('application_store_unreachable', `The embedded Postgres did not come to "${expected}": ${reason}`))
    worker.on('message', (report: EmbeddedPostgresReport) => {
      if (report.kind === 'failed') fail(report.message)
      else if (report.kind === expected) resolve()
    })
    worker.once('error', (error) => fail(error.message))
    worker.once('exit', (code) => fail(`its thread ended with code ${code}`))
  })
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
