import { defaultEventLogLimits } from './event-log-limits.ts'
import { openFileEventLog } from './file-event-log.ts'

/**
 * A process of its own for tests: appends to the log in a directory as fast as it can, until it is killed,
 * and prints the number of each entry once it is acknowledged.
 */
const [directory = '', first = '0'] = process.argv.slice(2)
const log = await openFileEventLog(directory, { ...defaultEventLogLimits, segmentBytes: 200_000 })
let next = Number(first)

async function appendForever(): Promise<void> {
  for (;;) {
    const number = next++
    const payload = Buffer.from(JSON.stringify({ number, text: 'x'.repeat(number % 3_000) }))
    await log.append([{ projectId: 1, eventCount: 1, payload }])
    process.stdout.write(`${number}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, appendForever))
