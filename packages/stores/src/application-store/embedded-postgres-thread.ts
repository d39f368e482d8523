import type { Worker } from 'node:worker_threads'
import { StoresError } from '../stores-error.ts'
import { startWorkerThread } from '../worker-entry.ts'

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

export function startPostgresThread(job: EmbeddedPostgresJob): Worker {
  return startWorkerThread('embedded-postgres-worker', import.meta.url, { workerData: job, name: 'embedded-postgres' })
}

/** Resolves once the thread reports what is expected. @throws StoresError when it reports a failure, or ends. */
export function nextReport(worker: Worker, expected: EmbeddedPostgresReport['kind']): Promise<void> {
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
