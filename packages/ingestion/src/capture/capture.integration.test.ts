import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CaptureOutcome, EventsEntry } from '@hedgerow/protocol'
import { openStores, type Stores } from '@hedgerow/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseEntryBody } from '../steps/parse-entry.ts'
import { toRequest } from './capture.fixture.ts'
import { createCapture } from './capture.ts'

let dataDir: string
let stores: Stores

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'hedgerow-capture-'))
  stores = await openStores({ dataDir, eventLog: { maxBytes: 3_000_000, minFreeDiskBytes: 0 } })
})
afterAll(async () => {
  await stores?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('what is answered as accepted is in the log; a full log takes nothing until there is room', async () => {
  const capture = createCapture({ log: stores.log, findProject: () => ({ id: 1 }) })
  const send = async (index: number): Promise<CaptureOutcome> => {
    const batch = Array.from({ length: 20 }, (_, i) => ({
      event: `e${index}-${i}`,
      distinct_id: 'd',
      properties: { text: 'x'.repeat(5000) },
    }))
    return capture.take(toRequest({ url: '/batch/', body: gzipSync(JSON.stringify({ api_key: 'phc_test', batch })) }))
  }
  const outcomes = await Promise.all(Array.from({ length: 60 }, (_, index) => send(index)))
  const accepted = outcomes.flatMap((outcome, index) => (outcome.kind === 'accepted' ? [index] : []))
  expect(accepted.length).toBeGreaterThan(5)
  expect(accepted.length).toBeLessThan(60)
  for (const outcome of outcomes)
    if (outcome.kind !== 'accepted') expect(outcome).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 })

  const entries = await stores.log.read(0, { maxEntries: 1000, maxBytes: 100_000_000 })
  const names = entries.flatMap(({ payload }) => (parseEntryBody(payload) as EventsEntry).events.map(({ event }) => event))
  for (const index of accepted) for (let i = 0; i < 20; i++) expect(names).toContain(`e${index}-${i}`)
  expect(entries.every(({ projectId, eventCount }) => projectId === 1 && eventCount === 20)).toBe(true)

  await stores.log.truncate(await stores.log.head())
  expect(await send(99)).toEqual({ kind: 'accepted', accepted: 20, refused: 0 })
})
