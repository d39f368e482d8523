import { parentPort, workerData } from 'node:worker_threads'
import { connectStores } from '@hedgerow/stores'
import { openGeoDatabase } from './geo/maxmind-lookup.ts'
import { createIngestion } from './ingestion.ts'
import type { IngestionJob, IngestionOrder, IngestionReport } from './thread-messages.ts'

/** How often the owner learns how it goes. */
const statusIntervalMs = 250

/** The worker thread: ingestion over stores that are open in another thread. An error ends the thread; its owner begins another one. */
async function run(job: IngestionJob): Promise<void> {
  const tell = (report: IngestionReport) => parentPort?.postMessage(report)
  const stores = await connectStores({ ...job.shared, transferList: [] })
  const geo = job.geoipFile === undefined ? undefined : await openGeoDatabase(job.geoipFile)
  const ingestion = createIngestion({
    stores,
    limits: job.limits,
    ...(geo ? { geo } : {}),
    warn: (message) => tell({ kind: 'warning', message }),
  })
  ingestion.onCommit((commit) => tell({ kind: 'commit', commit }))
  const timer = setInterval(() => tell({ kind: 'status', status: ingestion.status() }), statusIntervalMs)
  parentPort?.on('message', (order: IngestionOrder) => {
    if (order.kind === 'stop') void ingestion.stop()
    else ingestion.watch(order.projectIds)
  })
  ingestion.start()
  tell({ kind: 'ready' })
  try {
    await ingestion.finished
  } finally {
    clearInterval(timer)
    tell({ kind: 'status', status: ingestion.status() })
    await stores.close()
  }
  tell({ kind: 'stopped' })
  parentPort?.close()
}

await run(workerData as IngestionJob)
