import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { EventsEntry } from '@hedgerow/protocol'
import { EventLogUnavailable } from '@hedgerow/stores'
import lzString from 'lz-string'
import { describe, expect, test } from 'vitest'
import { parseEntryBody } from '../steps/parse-entry.ts'
import { collectingCapture, receivedAt, type SentRequest, sendOnce, toRequest } from './capture.fixture.ts'

const uuid = '01a20397-1ab3-71b9-860c-40c34e595ae4'
const event = { event: 'opened', distinct_id: 'ann', uuid, properties: { token: 'phc_test', plan: 'pro' } }
const json = JSON.stringify(event)
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const text = { 'content-type': 'text/plain' }
const base64 = Buffer.from(json).toString('base64')
// With a `+` in it once in base64.
const plusJson = JSON.stringify({ ...event, properties: { ...event.properties, plan: 'pro>>>~~~???' } })
const plusBase64 = Buffer.from(plusJson).toString('base64')

describe('undoes every encoding', () => {
  const gz = gzipSync(json)
  const cases: [string, SentRequest][] = [
    ['JSON', { body: json }],
    ['JSON without a content type, after a byte order mark', { body: `\uFEFF ${json}` }],
    ['JSON labelled as a form, as curl does', { body: json, headers: form }],
    ['gzip without any hint', { body: gz, headers: text }],
    ['gzip labelled twice', { url: '/batch/?compression=gzip', body: gz, headers: { 'content-encoding': 'gzip' } }],
    ['a hint of gzip around plain JSON', { url: '/e/?compression=gzip-js', body: json, headers: { 'content-encoding': 'gzip' } }],
    ['gzip with bytes after it', { body: Buffer.concat([gz, Buffer.from('\0\0')]) }],
    ['base64 in a form', { body: `data=${encodeURIComponent(base64)}`, headers: form }],
    ['base64 in a form, hinted', { url: '/e/?compression=base64', body: `data=${encodeURIComponent(base64)}`, headers: form }],
    ['a form labelled as text', { body: `data=${encodeURIComponent(base64)}&compression=base64`, headers: text }],
    ['JSON in a form', { body: `ip=1&data=${encodeURIComponent(json)}`, headers: form }],
    ['gzip in base64 in a form', { body: `data=${encodeURIComponent(gz.toString('base64'))}`, headers: form }],
    ['bare base64 with line breaks', { body: `${base64.slice(0, 40)}\n${base64.slice(40)}\n`, headers: text }],
    ['base64 without padding', { url: '/e/?compression=base64', body: base64.replace(/=+$/, ''), headers: text }],
    ['lz64', { url: '/e/?compression=lz64', body: `data=${encodeURIComponent(lzString.compressToBase64(json))}`, headers: form }],
    [
      'lz-string named in the form',
      { body: `compression=lz-string&data=${encodeURIComponent(lzString.compressToBase64(json))}`, headers: form },
    ],
    ['brotli', { body: brotliCompressSync(json), headers: { 'content-encoding': 'br' } }],
    ['deflate', { body: deflateSync(json), headers: { 'content-encoding': 'deflate' } }],
    ['GET with base64 in the query', { url: `/e/?data=${encodeURIComponent(base64)}` }],
    ['GET with JSON in the query', { url: `/e/?data=${encodeURIComponent(json)}` }],
  ]
  test.each(cases)('%s', async (_, request) => {
    const { outcome, events } = await sendOnce(request)
    expect(outcome).toEqual({ kind: 'accepted', accepted: 1, refused: 0 })
    expect(events).toEqual([{ uuid, event: 'opened', distinctId: 'ann', properties: { plan: 'pro' } }])
  })

  test('base64 whose + became spaces', async () => {
    expect(plusBase64).toContain('+')
    for (const request of [
      { url: `/e/?data=${plusBase64}` },
      { body: `data=${plusBase64}`, headers: form },
      { body: plusBase64.replaceAll('+', ' '), headers: text },
    ]) {
      expect((await sendOnce(request)).events[0]?.properties.plan).toBe('pro>>>~~~???')
    }
  })

  test('malformed UTF-8 becomes U+FFFD, lone surrogates stay for ingestion', async () => {
    const body = Buffer.from(JSON.stringify({ ...event, properties: { token: 'phc_test', a: '@', b: '#' } }))
    body[body.indexOf('@')] = 0xff
    const { events, appended } = await sendOnce({ body: Buffer.from(body.toString('latin1').replace('#', '\\ud800\\u0000'), 'latin1') })
    expect(events[0]?.properties).toEqual({ a: '\uFFFD', b: '\ud800\0' })
    expect(Buffer.from(appended[0]?.payload ?? []).toString('utf8')).toContain('"b":"\\ud800\\u0000"')
  })

  test('two layers of gzip are no JSON', async () => {
    expect((await sendOnce({ body: gzipSync(gz) })).outcome).toMatchObject({ kind: 'refused', code: 'request_parsing_error' })
  })
})

describe('refuses a request with a code that says why', () => {
  const batch = (events: unknown) => ({ api_key: 'phc_test', batch: events })
  const cases: [string, SentRequest, string][] = [
    ['no body', {}, 'empty_body'],
    ['a form without data', { body: 'data', headers: form }, 'request_parsing_error'],
    ['cut gzip', { body: gzipSync(json).subarray(0, 60) }, 'request_decoding_error'],
    ['broken lz64', { url: '/e/?compression=lz64', body: '////', headers: text }, 'request_decoding_error'],
    ['zstd', { body: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), headers: { 'content-encoding': 'zstd' } }, 'unsupported_encoding'],
    ['no JSON', { body: '{"event":' }, 'request_parsing_error'],
    ['a number', { body: '[1]' }, 'missing_api_token'],
    ['null', { body: `data=${Buffer.from('null').toString('base64')}` }, 'request_parsing_error'],
    ['a batch that is none', { body: batch({}) }, 'request_parsing_error'],
    ['an empty batch', { body: batch([]) }, 'empty_batch'],
    ['an empty list', { body: [] }, 'empty_batch'],
    ['no token', { body: { event: 'a', distinct_id: 'b' } }, 'missing_api_token'],
    ['an unknown token', { body: { ...event, api_key: 'phc_nobody' } }, 'invalid_api_token'],
    ['a personal key', { body: { ...event, api_key: 'phx_secret' } }, 'invalid_api_token'],
    ['a token that is a number', { body: { ...event, api_key: 5 } }, 'invalid_api_token'],
    ['a token of 65 characters', { body: { ...event, api_key: 'x'.repeat(65) } }, 'invalid_api_token'],
    ['a token with NUL', { body: { ...event, api_key: 'phc_test\0' } }, 'invalid_api_token'],
    ['different tokens', { body: [event, { ...event, properties: { token: 'phc_other' } }] }, 'conflicting_api_tokens'],
    ['no event name', { body: { ...event, event: undefined } }, 'missing_event_name'],
    ['an empty event name', { body: batch([{ ...event, event: '' }]) }, 'missing_event_name'],
    ['an event name that is a number', { body: { ...event, event: 7 } }, 'missing_event_name'],
    ['no distinct id', { body: { ...event, distinct_id: undefined } }, 'missing_distinct_id'],
    ['a null distinct id', { body: { ...event, distinct_id: null } }, 'missing_distinct_id'],
    ['a blank distinct id', { body: { ...event, distinct_id: ' \t' } }, 'missing_distinct_id'],
    ['properties that are a list', { body: { ...event, api_key: 'phc_test', properties: [] } }, 'malformed_event_properties'],
  ]
  test.each(cases)('%s', async (_, request, code) => {
    const { outcome, entries } = await sendOnce(request)
    expect(outcome).toMatchObject({ kind: 'refused', code })
    expect(entries).toEqual([])
  })

  test('a personal key is not repeated in the answer', async () => {
    const { outcome } = await sendOnce({ body: { ...event, api_key: 'phx_secret' } })
    expect(JSON.stringify(outcome)).not.toContain('phx_secret')
  })
})

describe('limits', () => {
  const zeros = JSON.stringify({ ...event, properties: { token: 'phc_test', zeros: '0'.repeat(3_000_000) } })
  const small = { limits: { maxBodyBytes: 2_000_000, maxDecodedBytes: 1_000_000, maxEventsPerRequest: 3 } }
  test.each<[string, SentRequest, string]>([
    ['a body', { body: zeros }, 'payload_too_large'],
    ['a gzip bomb', { body: gzipSync(zeros) }, 'payload_too_large'],
    [
      'a gzip bomb in base64',
      { body: `data=${encodeURIComponent(gzipSync(zeros).toString('base64'))}`, headers: form },
      'payload_too_large',
    ],
    ['a body over the decoded limit', { body: zeros.slice(0, 1_500_000) }, 'payload_too_large'],
    ['events', { body: [event, event, event, event] }, 'too_many_events'],
  ])('%s', async (_, request, code) => {
    expect((await sendOnce(request, small)).outcome).toMatchObject({ kind: 'refused', code })
  })

  test('a large body that inflates off the main thread is held to the same limit', async () => {
    const noise = Array.from({ length: 30_000 }, (_, i) => Math.sin(i).toString(36)).join('')
    const body = gzipSync(JSON.stringify({ ...event, properties: { token: 'phc_test', noise } }))
    expect(body.length).toBeGreaterThan(64 * 1024)
    expect((await sendOnce({ body })).events[0]?.properties.noise).toBe(noise)
    expect((await sendOnce({ body }, { limits: { maxDecodedBytes: 100_000 } })).outcome).toMatchObject({ code: 'payload_too_large' })
  })

  test('an event that is too large is refused alone', async () => {
    const large = { ...event, uuid: uuid.replace('01', '02'), properties: { text: 'é'.repeat(500_000) } }
    const { outcome, events, refused, appended } = await sendOnce({ body: { api_key: 'phc_test', batch: [event, large, event] } })
    expect(outcome).toEqual({ kind: 'accepted', accepted: 3, refused: 1 })
    expect(events).toHaveLength(2)
    expect(refused).toMatchObject([{ uuid: large.uuid, event: 'opened', distinctId: 'ann', reason: 'event_too_large' }])
    expect(appended.map((entry) => entry.eventCount)).toEqual([3])
  })

  test.each(['event', 'distinct_id', 'uuid', 'timestamp'])('a huge %s does not make the entry of its refusal too large', async (field) => {
    const { outcome, appended } = await sendOnce({ body: { ...event, [field]: 'x'.repeat(3_000_000) } })
    expect(outcome).toMatchObject({ kind: 'accepted', accepted: 1, refused: field === 'uuid' ? 0 : 1 })
    expect(appended[0]?.payload.byteLength).toBeLessThan(2000)
  })

  test('a request too large for one entry becomes several, in order', async () => {
    const batch = Array.from({ length: 40 }, (_, i) => ({ ...event, event: `e${i}`, properties: { text: '"'.repeat(50_000) } }))
    const { appended, entries, events } = await sendOnce({ url: '/batch/', body: { api_key: 'phc_test', sent_at: receivedAt, batch } })
    expect(appended.length).toBeGreaterThan(4)
    expect(appended.map((entry) => entry.eventCount)).toEqual(entries.map((entry) => entry.events.length))
    expect(events.map(({ event }) => event)).toEqual(batch.map(({ event }) => event))
    for (const entry of entries)
      expect(entry).toMatchObject({ kind: 'events', projectId: 1, sentAt: receivedAt.toISOString(), endpoint: '/batch/' })
  })

  test('a full log asks to come back', async () => {
    const log = { append: () => Promise.reject(new EventLogUnavailable('event_log_full', 'The event log is full.')) }
    const { outcome } = await sendOnce({ body: event }, { log, limits: { retryAfterSeconds: 7 } })
    expect(outcome).toEqual({ kind: 'unavailable', detail: 'The event log is full.', retryAfterSeconds: 7 })
  })

  test('more in flight than may be held asks to come back, and recovers', async () => {
    let flush = (): void => undefined
    const log = { append: () => new Promise<void>((resolve) => (flush = resolve)) }
    const { capture } = collectingCapture({ log, limits: { maxInFlightBytes: 100 } })
    const first = capture.take(toRequest({ body: event }))
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await capture.take(toRequest({ body: event }))).toMatchObject({ kind: 'unavailable' })
    flush()
    expect(await first).toMatchObject({ kind: 'accepted' })
    const second = capture.take(toRequest({ body: event }))
    await new Promise((resolve) => setTimeout(resolve, 10))
    flush()
    expect(await second).toMatchObject({ kind: 'accepted' })
  })
})

describe('entries', () => {
  test('say when and whence a request came', async () => {
    const headers = { 'user-agent': `x${'y'.repeat(5000)}` }
    const { entry } = await sendOnce({ url: '/e?_=1795356564183', headers, ip: '203.0.113.9', body: event })
    expect(entry).toMatchObject({
      kind: 'events',
      projectId: 1,
      receivedAt: '2026-11-22T14:30:00.000Z',
      sentAt: '2026-11-22T14:09:24.183Z',
      ip: '203.0.113.9',
      endpoint: '/e/',
    })
    expect(entry.userAgent).toHaveLength(1000)
  })

  test('leave out the address where a project wants none', async () => {
    const { entry } = await sendOnce({ ip: '203.0.113.9', body: { ...event, api_key: 'phc_other' } })
    expect(entry.projectId).toBe(2)
    expect(entry).not.toHaveProperty('ip')
  })

  test('carry historical_migration', async () => {
    const { entry } = await sendOnce({ body: { api_key: 'phc_test', historical_migration: true, batch: [event] } })
    expect(entry.historicalMigration).toBe(true)
  })
})

describe('while projects cannot be looked up', () => {
  test.each<[string, () => Promise<never>]>([
    ['because the store is away', () => Promise.reject(new Error('connection refused'))],
    ['because the store hangs', () => new Promise(() => undefined)],
  ])('%s, known tokens are taken and others asked to come back', async (_, lookup) => {
    let isAway = false
    const findProject = async (token: string) => (isAway ? lookup() : token === 'phc_test' ? { id: 7 } : undefined)
    const { capture, entries } = collectingCapture({ findProject, limits: { maxProjectLookupMs: 20 } })
    expect(await capture.take(toRequest({ body: event }))).toMatchObject({ kind: 'accepted' })
    isAway = true
    expect(await capture.take(toRequest({ body: event }))).toMatchObject({ kind: 'accepted' })
    expect(entries().map(({ projectId }) => projectId)).toEqual([7, 7])
    expect(await capture.take(toRequest({ body: { ...event, api_key: 'phc_new' } }))).toMatchObject({ kind: 'unavailable' })
    isAway = false
    expect(await capture.take(toRequest({ body: { ...event, api_key: 'phc_new' } }))).toMatchObject({ code: 'invalid_api_token' })
  })
})

test('recordings are checked, answered and not kept', async () => {
  const snapshot = { event: '$snapshot', distinct_id: 'a', properties: { token: 'phc_test', $session_id: 's', $snapshot_data: [{}] } }
  expect(await sendOnce({ url: '/s/', body: [snapshot] })).toMatchObject({ outcome: { kind: 'accepted', accepted: 0 }, entries: [] })
  const without = { ...snapshot, properties: { token: 'phc_test' } }
  expect((await sendOnce({ url: '/s/', body: without })).outcome).toMatchObject({ code: 'invalid_snapshot' })
  const inBatch = await sendOnce({ url: '/batch/', body: { api_key: 'phc_test', batch: [event, snapshot] } })
  expect(inBatch).toMatchObject({ outcome: { accepted: 2, refused: 1 }, refused: [{ reason: 'snapshot_not_stored' }] })
})

describe('what is logged as it was sent', () => {
  const plain = { ...event, uuid, properties: { token: 'phc_test', plan: 'pro', $set: { a: 1 } }, $set: { b: 2 }, $unset: ['c'] }
  const bare = { event: 'e', distinct_id: 7, offset: 5 }
  const asSent = (appended: { payload: Uint8Array }[]) => Buffer.from(appended[0]?.payload ?? []).includes('\n')

  test('reads as the same events as what is written anew', async () => {
    const unsafe = { ...bare, properties: { n: 'N' } }
    const batch = { api_key: 'phc_test', sent_at: '2026-11-22T14:29:59.000Z', historical_migration: true, batch: [plain, bare] }
    const [sent, anew] = [
      await sendOnce({ url: '/batch/', body: batch, ip: '1.2.3.4' }),
      await sendOnce({
        url: '/batch/',
        body: JSON.stringify({ ...batch, batch: [plain, bare, unsafe] }).replace('"N"', '12345678901234567890'),
        ip: '1.2.3.4',
      }),
    ]
    expect([asSent(sent.appended), asSent(anew.appended)]).toEqual([true, false])
    expect(sent.events).toHaveLength(2)
    const withoutUuid = ({ uuid: _made, ...rest }: object & { uuid?: string }) => rest
    expect(sent.events.map(withoutUuid)).toEqual(anew.events.slice(0, 2).map(withoutUuid))
    expect(sent.events[0]?.uuid).toBe(uuid)
    expect({ ...sent.entry, events: [] }).toEqual({ ...anew.entry, events: [] })
  })

  test('keeps the uuids that it was given, however often it is read', async () => {
    const { appended, events } = await sendOnce({
      body: [
        { ...bare, api_key: 'phc_test' },
        { ...plain, uuid: uuid.toUpperCase() },
      ],
    })
    expect(asSent(appended)).toBe(true)
    const again = parseEntryBody(appended[0]?.payload ?? new Uint8Array()) as EventsEntry
    expect(again.events.map((read) => read.uuid)).toEqual(events.map((read) => read.uuid))
    expect(events[1]?.uuid).toBe(uuid)
  })

  test.each<[string, SentRequest]>([
    ['an event is refused', { body: { api_key: 'phc_test', batch: [plain, { event: 'e' }] } }],
    ['a number cannot be held by a double', { body: `{"api_key":"phc_test","event":"e","distinct_id":"d","properties":{"n":1e999}}` }],
    ['much stands around the events', { body: { ...plain, padding: 'x'.repeat(2_000_000) } }],
  ])('not where %s', async (_, request) => {
    const { appended, events } = await sendOnce(request)
    expect(asSent(appended)).toBe(false)
    expect(events).toHaveLength(1)
  })

  test('people calls of an older protocol keep their name', async () => {
    const { appended, events } = await sendOnce({ url: '/engage/', body: { token: 'phc_test', $distinct_id: 'ann', $set: { a: 1 } } })
    expect(asSent(appended)).toBe(true)
    expect(events).toMatchObject([{ event: '$identify', distinctId: 'ann', set: { a: 1 } }])
  })
})
