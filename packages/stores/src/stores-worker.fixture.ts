import { parentPort, workerData } from 'node:worker_threads'
import { connectStores, type SharedStores } from './stores.ts'

/** A thread for tests: does a little with each store that it was given, and says what came of it. */
const stores = await connectStores(workerData as SharedStores)
await stores.application.db.insertInto('organization_settings').values({ organization_id: 'from the thread' }).execute()
await stores.log.append([{ projectId: 1, eventCount: 1, payload: new TextEncoder().encode('from the thread') }])
const { rows } = await stores.events.query('SELECT {number: Int32} + 1', { params: { number: 41 } })
parentPort?.postMessage(rows)
await stores.close()
