import { createCapture, parseEntryBody } from '@hedgerow/ingestion'
import type { LogEntryBody } from '@hedgerow/protocol'
import { expect, test } from 'vitest'
import { envelopes } from './envelopes.ts'
import { generateDemo } from './generate.ts'

const now = new Date('2026-05-20T16:40:12.345Z')
const token = 'phc_demo'

test('capture accepts every event as it was meant, in the form of the SDK that sends it', async () => {
  const entries: LogEntryBody[] = []
  const capture = createCapture({
    log: {
      append: async (added) => {
        for (const { payload } of added) entries.push(parseEntryBody(payload) as LogEntryBody)
      },
    },
    findProject: (wanted) => (wanted === token ? { id: 7 } : undefined),
    now: () => now,
  })
  const events = [...generateDemo({ now, days: 25, size: 0.2 })].flat()
  let sent = 0
  for (const { request, eventCount } of envelopes(events, { token, receivedAt: now, maxEvents: 300 })) {
    expect(await capture.take(request)).toEqual({ kind: 'accepted', accepted: eventCount, refused: 0 })
    sent += eventCount
  }
  expect(sent).toBe(events.length)

  const captured = new Map(
    entries.flatMap((entry) => (entry.kind === 'events' ? entry.events.map((event) => [event.uuid, { entry, event }] as const) : [])),
  )
  expect(captured.size).toBe(events.length)
  for (const wanted of events) {
    const found = captured.get(wanted.uuid)
    expect(found?.event).toMatchObject({
      event: wanted.event,
      distinctId: wanted.distinctId,
      timestamp: new Date(wanted.atMs).toISOString(),
      properties: wanted.properties,
    })
    expect(found?.event.set).toEqual(wanted.set ?? wanted.properties.$set)
    expect(found?.event.setOnce).toEqual(wanted.setOnce)
    expect(found?.entry).toMatchObject({ projectId: 7, historicalMigration: true, endpoint: wanted.source === 'web' ? '/e/' : '/batch/' })
  }
})
