import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib'
import { type CaptureOutcome, captureEndpoints } from '@hedgerow/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collectingCapture } from './capture.fixture.ts'
import { readWireSamples } from './wire-samples.fixture.ts'

const { capture } = collectingCapture({ limits: { maxDecodedBytes: 2_000_000 } })
const samples = readWireSamples().filter((sample) => sample.body !== '')

const hints = fc.constantFrom('', 'gzip', 'gzip-js', 'base64', 'lz64', 'lz-string', 'deflate', 'br', 'zstd', 'x')
const contentTypes = fc.constantFrom('', 'application/json', 'text/plain', 'application/x-www-form-urlencoded', 'a/b', ';;;')
const endpoints = fc.constantFrom(...captureEndpoints)
const headersOf = (contentType: string, encoding: string) => ({
  authorization: 'Bearer phc_test',
  ...(contentType === '' ? {} : { 'content-type': contentType }),
  ...(encoding === '' ? {} : { 'content-encoding': encoding }),
})

async function takes(endpoint: (typeof captureEndpoints)[number], query: object, headers: Record<string, string>, body: Uint8Array) {
  const outcome: CaptureOutcome = await capture.take({ endpoint, query: { ...query }, headers, body })
  // `unavailable` would be a 503, and an exception a 500: neither may come of what a client sends.
  expect(['accepted', 'results', 'refused']).toContain(outcome.kind)
}

/** Values as clients that went wrong would send them, at every place of an event. */
const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, '', ' ', 0, -1, 1e300, 2 ** 60, true, [], {}, '\0', '\ud800', '__proto__', 'x'.repeat(300)),
)
const oddEvent = fc.dictionary(
  fc.constantFrom(
    'event',
    'distinct_id',
    '$distinct_id',
    'uuid',
    'properties',
    'timestamp',
    'offset',
    '$set',
    '$set_once',
    '$unset',
    'token',
    'options',
    '__proto__',
  ),
  fc.oneof(
    oddValue,
    fc.dictionary(fc.constantFrom('token', '$set', '$unset', 'distinct_id', '$session_id', '$snapshot_data', '__proto__'), oddValue),
  ),
)
const oddBody = fc.oneof(
  oddEvent,
  fc.array(oddEvent, { maxLength: 5 }),
  fc.record(
    {
      api_key: fc.oneof(fc.constant('phc_test'), oddValue),
      batch: fc.oneof(fc.array(oddEvent, { maxLength: 5 }), oddValue),
      sent_at: oddValue,
      created_at: oddValue,
    },
    { requiredKeys: ['api_key'] },
  ),
)

describe('no body throws, hangs or makes capture unavailable', () => {
  test('arbitrary bytes', async () => {
    const prefixes = fc.constantFrom(
      '',
      '\x1f\x8b',
      '\x1f\x8b\x08\0\0\0\0\0\0\x03',
      'data=',
      '{',
      '[',
      '{"batch":[',
      'N4Ig',
      '\xef\xbb\xbf',
    )
    const body = fc
      .tuple(prefixes, fc.uint8Array({ maxLength: 300 }))
      .map(([prefix, bytes]) => Buffer.concat([Buffer.from(prefix, 'latin1'), bytes]))
    const run = fc.asyncProperty(endpoints, hints, contentTypes, hints, body, (endpoint, compression, contentType, encoding, body) =>
      takes(endpoint, { compression }, headersOf(contentType, encoding), body),
    )
    await fc.assert(run, { numRuns: 5000 })
  }, 60_000)

  test('events with odd values, in every encoding', async () => {
    const encodings: ((json: Buffer) => Buffer)[] = [
      (json) => json,
      (json) => gzipSync(json),
      (json) => deflateRawSync(json),
      (json) => Buffer.from(json.toString('base64')),
      (json) => Buffer.from(`data=${encodeURIComponent(json.toString('base64'))}`),
      (json) => Buffer.from(`data=${json}`),
    ]
    const run = fc.asyncProperty(
      endpoints,
      hints,
      contentTypes,
      fc.constantFrom(...encodings),
      oddBody,
      (endpoint, compression, contentType, encode, body) =>
        takes(endpoint, { compression }, headersOf(contentType, ''), encode(Buffer.from(JSON.stringify(body)))),
    )
    await fc.assert(run, { numRuns: 5000 })
  }, 60_000)

  test('recorded requests with bytes changed, cut or doubled', async () => {
    const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), kind: fc.constantFrom('set', 'cut', 'double') })
    const run = fc.asyncProperty(
      fc.constantFrom(...samples),
      endpoints,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 3 }).map((n) => n > 0),
      (sample, endpoint, changes, inflated) => {
        let body = Buffer.from(sample.body, 'base64')
        // Mostly the JSON itself: a byte changed in gzip only ever breaks the gzip.
        if (inflated && body[0] === 0x1f) body = gunzipSync(body)
        for (const { at, byte, kind } of changes) {
          const index = at % Math.max(body.length, 1)
          if (kind === 'set') body[index] = byte
          else if (kind === 'cut') body = body.subarray(0, index)
          else body = Buffer.concat([body.subarray(0, index), body])
        }
        const query = Object.fromEntries(new URL(sample.url, 'http://localhost').searchParams)
        return takes(endpoint, query, { ...sample.headers, authorization: 'Bearer phc_test' }, body)
      },
    )
    await fc.assert(run, { numRuns: 3000 })
  }, 60_000)
})
