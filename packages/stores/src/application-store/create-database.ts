import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type EmbeddedPostgresJob, nextReport, startPostgresThread } from './embedded-postgres-thread.ts'
import { copyTree, flushTree } from './tree-files.ts'

/**
 * Makes the job's database, unless it is there: a copy of the empty one that the build leaves, else a new one.
 * why: under another name first, since a crash on the way must not leave half a database.
 */
export async function createDatabase(job: EmbeddedPostgresJob, emptyDatabase: string | undefined): Promise<void> {
  if (isDatabase(job.directory)) return
  const unfinished = `${job.directory}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(dirname(unfinished), { recursive: true, mode: 0o700 })
  if (emptyDatabase !== undefined && isDatabase(emptyDatabase)) {
    await copyTree(emptyDatabase, unfinished)
  } else {
    await initialise({ ...job, directory: unfinished })
  }
  await flushTree(unfinished)
  await rename(unfinished, job.directory)
}

const isDatabase = (directory: string): boolean => existsSync(join(directory, 'PG_VERSION'))

/** why: in a thread of its own, since this takes half a gigabyte that only the thread's end gives back. */
async function initialise(job: EmbeddedPostgresJob): Promise<void> {
  const worker = startPostgresThread(job)
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  await nextReport(worker, 'closed')
  await worker.terminate()
  await exited
}
