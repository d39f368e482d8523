import type { EventsEntry } from '@hedgerow/protocol'
import { openStores } from '@hedgerow/stores'
import { createIngestion } from './ingestion.ts'

/** Appends and ingests until it is killed; writes the number of each event that was acknowledged. */
const [dataDir = '', from = '0'] = process.argv.slice(2)
const stores = await openStores({ dataDir })
createIngestion({ stores, limits: { batchIntervalMs: 5 } }).start()
const eventsPerEntry = 20
for (let last = Number(from); ; last += eventsPerEntry) {
  const events = Array.from({ length: eventsPerEntry }, (_, index) => {
    const n = last + index + 1
    const uuid = `0190a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
    const anonymous = `a${n % 11}`
    return n % 5 === 0
      ? { uuid, event: '$identify', distinctId: `u${n % 7}`, properties: { $anon_distinct_id: anonymous, $set: { n } } }
      : { uuid, event: 'saw', distinctId: anonymous, properties: { n, $set: { n } } }
  })
  const body: EventsEntry = { kind: 'events', projectId: 1, receivedAt: new Date().toISOString(), endpoint: '/batch/', events }
  await stores.log.append([{ projectId: 1, eventCount: events.length, payload: Buffer.from(JSON.stringify(body)) }])
  process.stdout.write(`${last + eventsPerEntry}\n`)
  await new Promise((resolve) => setTimeout(resolve, 3))
}
