import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { configWith, createHedgerow, type Hedgerow, parseEntryBody } from '@hedgerow/platform'
import { captureEndpoints, type EventsEntry } from '@hedgerow/protocol'
import fc from 'fast-check'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServer } from '../create-server.ts'

interface WireSample {
  client: string
  method: 'GET' | 'POST' | 'OPTIONS'
  url: string
  headers: Record<string, string>
  body: string
  events: { event: string; uuid: string }[] | null
}
const samplesFile = new URL('../../../ingestion/src/capture/wire-samples.json.gz', import.meta.url)
const samples: WireSample[] = JSON.parse(gunzipSync(readFileSync(samplesFile)).toString('utf8'))
/** The recorded clients used this token and this secret key. */
const token = 'phc_test'
const secretKey = 'phs_secret'

let dataDir: string
let hedgerow: Hedgerow
let app: FastifyInstance

// Ingestion is not started, so that what capture appended stays in the log to be read.
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'hedgerow-sdk-'))
  hedgerow = await createHedgerow(configWith({ dataDir, logLevel: 'silent', projectToken: token, projectSecretKey: secretKey }))
  app = await createServer(hedgerow)
})
afterAll(async () => {
  await app?.close()
  await hedgerow?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function entriesAfter(position: number): Promise<EventsEntry[]> {
  const entries: EventsEntry[] = []
  for (let after = position; ; ) {
    const read = await hedgerow.stores.log.read(after, { maxEntries: 100, maxBytes: 10_000_000 })
    const last = read.at(-1)
    if (last === undefined) return entries
    entries.push(...read.map((entry) => parseEntryBody(entry.payload) as EventsEntry))
    after = last.position
  }
}

const requestOf = ({ method, url, headers, body }: WireSample, form: string): InjectOptions => {
  const { 'accept-encoding': _, ...sent } = headers
  const [path = '', query] = url.split('?')
  const formed = form === 'without' ? path.replace(/\/$/, '') : path.replace(/\/?$/, '/')
  const target = query === undefined ? formed : `${formed}?${query}`
  return { method, url: target, headers: sent, ...(body !== '' && { payload: Buffer.from(body, 'base64') }) }
}

describe.each(['with', 'without'])('recorded requests, %s a trailing slash', (form) => {
  test.each(samples.map((sample, index) => [index, sample.client, sample.method, sample.url.slice(0, 80), sample] as const))(
    '%i %s %s %s',
    async (_, _client, method, url, sample) => {
      const before = await hedgerow.stores.log.head()
      const answer = await app.inject(requestOf(sample, form))
      const path = url.split('?')[0] ?? ''

      if (method === 'OPTIONS') expect(answer.statusCode).toBe(204)
      else if (path.includes('remote_config')) expect(answer.statusCode).toBe(404)
      else expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200)
      if (sample.headers.origin !== undefined) {
        expect(answer.headers['access-control-allow-origin']).toBe(sample.headers.origin)
        expect(answer.headers['access-control-allow-credentials']).toBe('true')
      }

      const appended = await entriesAfter(before)
      if (path === '/s/' || sample.events === null) expect(appended).toEqual([])
      else {
        expect(appended.flatMap(({ events }) => events).map(({ event, uuid }) => ({ event, uuid }))).toEqual(sample.events)
        expect(appended[0]).toMatchObject({ endpoint: path, ip: '127.0.0.1', userAgent: sample.headers['user-agent'] })
      }
      if (path.startsWith('/flags/') && path.endsWith('definitions')) expect(answer.json()).toMatchObject({ flags: [], cohorts: {} })
      else if (path === '/flags/' && method === 'POST') expect(answer.json()).toMatchObject({ flags: {}, errorsWhileComputingFlags: false })
      else if (path === '/decide/') expect(answer.json()).toMatchObject({ featureFlags: {}, supportedCompression: ['gzip', 'gzip-js'] })
      else if (sample.events !== null && path !== '/i/v1/analytics/events') expect(answer.body).toBe('{"status":1}')
    },
  )
})

test('a batch is answered after it is in the log, in order, and survives a second reading', async () => {
  const before = await hedgerow.stores.log.head()
  const batch = Array.from({ length: 300 }, (_, i) => ({ event: `e${i}`, distinct_id: 'd', properties: { text: 'x'.repeat(10_000) } }))
  const payload = gzipSync(JSON.stringify({ api_key: token, batch }))
  const answer = await app.inject({ method: 'POST', url: '/batch/', payload })
  expect([answer.statusCode, answer.body]).toEqual([200, '{"status":1}'])
  const entries = await entriesAfter(before)
  expect(entries.length).toBeGreaterThan(2)
  expect(entries.flatMap(({ events }) => events).map(({ event }) => event)).toEqual(batch.map(({ event }) => event))
})

test('an unknown token is 401 with a detail, and leaves nothing', async () => {
  const before = await hedgerow.stores.log.head()
  const answer = await app.inject({ method: 'POST', url: '/e/', payload: '{"api_key":"phc_nobody","event":"e","distinct_id":"d"}' })
  expect([answer.statusCode, answer.json().detail]).toEqual([401, expect.stringContaining('phc_nobody')])
  expect(await hedgerow.stores.log.head()).toBe(before)
})

test('no body makes a route of SDKs answer 5xx', async () => {
  const urls = [
    ...captureEndpoints,
    '/flags/?v=2',
    '/decide/?v=3',
    '/i/v1/logs',
    '/i/v1/metrics?token=phc_test',
    '/api/push_subscriptions/',
    '/report/',
  ]
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json({ maxDepth: 3 }).map((json) => Buffer.from(json)),
    fc
      .record({ api_key: fc.constantFrom(token, 'x', null, 1), batch: fc.jsonValue(), event: fc.jsonValue(), distinct_id: fc.jsonValue() })
      .map((body) => gzipSync(JSON.stringify(body))),
    fc
      .tuple(fc.constantFrom(...samples.filter(({ body }) => body !== '')), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([sample, at, byte]) => {
        const body = Buffer.from(sample.body, 'base64')
        body[at % body.length] = byte
        return body
      }),
  )
  const types = fc.constantFrom(
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    '',
    'x',
    ';;',
    'application/json; charset=utf-99',
  )
  const encodings = fc.constantFrom('', 'gzip', 'br', 'deflate', 'zstd', 'x')
  const run = fc.asyncProperty(fc.constantFrom(...urls), types, encodings, bodies, async (url, type, encoding, payload) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(type && { 'content-type': type }),
      ...(encoding && { 'content-encoding': encoding }),
    }
    const answer = await app.inject({ method: 'POST', url, headers, payload })
    expect(answer.statusCode, `${url} ${answer.body}`).toBeLessThan(500)
  })
  await fc.assert(run, { numRuns: 3000 })
})
