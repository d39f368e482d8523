import { rm } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import type { EmbeddedPostgresJob, EmbeddedPostgresReport } from './embedded-postgres-thread.ts'
import { passOnFsync } from './pass-on-fsync.ts'
import { PostgresSocketServer } from './postgres-socket.ts'

/**
 * The thread that Postgres (PGlite) computes in: a query would hold up the event loop of the main thread.
 * Started by embedded-postgres.ts, either to make an empty database (and end), or to serve one.
 */
const job = workerData as EmbeddedPostgresJob
const report = (message: EmbeddedPostgresReport) => parentPort?.postMessage(message)

async function openDatabase(): Promise<PGlite> {
  const settings = { fsync: 'on', wal_sync_method: 'fsync', ...job.settings }
  const startParams = [
    ...PGlite.defaultStartParams.filter((param) => param !== '-F'), // -F: no fsync
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const database = await PGlite.create(job.directory, { startParams })
  passOnFsync(database)
  return database
}

async function serve(socketPath: string): Promise<void> {
  const database = await openDatabase()
  const fail = (error: unknown) => {
    report({ kind: 'failed', message: String(error) })
    // why: an engine that broke off in the middle of its work recovers by being opened again, as after a crash.
    process.exit(1)
  }
  const server = new PostgresSocketServer(
    {
      run: (messages, onData) => database.runExclusive(() => database.execProtocolRawStream(messages, { onRawData: onData })),
      isInTransaction: () => database.isInTransaction(),
    },
    { idleTransactionTimeoutMs: job.idleTransactionTimeoutMs, onFatal: fail },
  )
  await rm(socketPath, { force: true })
  await server.listen(socketPath)
  parentPort?.once('message', () => {
    server
      .close()
      .then(() => database.close())
      .then(() => {
        report({ kind: 'closed' })
        parentPort?.close()
      })
      .catch(fail)
  })
  report({ kind: 'ready' })
}

async function run(): Promise<void> {
  if (job.socketPath === undefined) {
    const database = await openDatabase()
    await database.close()
    report({ kind: 'closed' })
  } else {
    await serve(job.socketPath)
  }
}

run().catch((error: unknown) => {
  report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  process.exit(1)
})
