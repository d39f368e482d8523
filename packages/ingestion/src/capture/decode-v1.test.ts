import { describe, expect, test } from 'vitest'
import { collectingCapture, sendOnce, toRequest } from './capture.fixture.ts'

const url = '/i/v1/analytics/events'
const uuid = '01a20397-1ab3-71b9-860c-40c34e595ae4'
const headers = {
  authorization: 'Bearer phc_test',
  'posthog-sdk-info': 'posthog-node/5.70.0',
  'posthog-request-timestamp': '2026-11-22T14:00:00.000Z',
}
const good = { event: 'e', uuid, distinct_id: 'd', timestamp: '2026-11-22T14:00:00Z', properties: {} }
const sendV1 = (events: unknown, extra: object = {}) =>
  sendOnce({ url, headers, body: { created_at: '2026-11-22T14:00:00Z', batch: events, ...extra } })

test('puts back what the client lifted out', async () => {
  const options = { process_person_profile: true, cookieless_mode: false, disable_skew_correction: true, product_tour_id: 't' }
  const event = {
    ...good,
    session_id: 's',
    window_id: 'w',
    options,
    properties: { a: 1, $set: { b: 2 }, $set_once: { c: 3 }, $unset: ['d'] },
  }
  const { outcome, entry, events } = await sendV1([event], { historical_migration: true })
  expect(outcome).toEqual({ kind: 'results', results: { [uuid]: { result: 'ok' } } })
  expect(entry).toMatchObject({ endpoint: url, sentAt: '2026-11-22T14:00:00.000Z', historicalMigration: true })
  expect(events).toEqual([
    {
      uuid,
      event: 'e',
      distinctId: 'd',
      timestamp: '2026-11-22T14:00:00Z',
      set: { b: 2 },
      setOnce: { c: 3 },
      unset: ['d'],
      properties: {
        ...event.properties,
        $session_id: 's',
        $window_id: 'w',
        $process_person_profile: true,
        $cookieless_mode: false,
        $product_tour_id: 't',
        $ignore_sent_at: true,
        $lib: 'posthog-node',
        $lib_version: '5.70.0',
      },
    },
  ])
})

test.each(['anonymous', 'NULL', '"guest"', "'none'", '[object Object]', '00000000-0000-0000-0000-000000000000', 'system', 'User'])(
  'events of %s make no person',
  async (distinctId) => {
    const { events } = await sendV1([{ ...good, distinct_id: distinctId, options: { process_person_profile: true } }])
    expect(events[0]?.properties.$process_person_profile).toBe(false)
  },
)

describe('drops one event with a slug, and keeps the others', () => {
  test.each<[string, object]>([
    ['missing_event_name', { event: '' }],
    ['missing_event_name', { event: undefined }],
    ['event_name_too_long', { event: 'x'.repeat(201) }],
    ['missing_distinct_id', { distinct_id: ' ' }],
    ['missing_distinct_id', { distinct_id: null }],
    ['distinct_id_too_large', { distinct_id: 'x'.repeat(201) }],
    ['invalid_event_timestamp', { timestamp: 'yesterday' }],
    ['invalid_event_timestamp', { timestamp: '' }],
    ['malformed_event_properties', { properties: [] }],
    ['invalid_options', { options: 'x' }],
    ['invalid_options', { options: { process_person_profile: 'yes' } }],
    ['event_too_large', { properties: { text: 'x'.repeat(950_000) } }],
  ])('%s', async (slug, change) => {
    const bad = { ...good, uuid: uuid.replace('01', 'FF'), ...change }
    const { outcome, events, refused } = await sendV1([bad, good])
    expect(outcome).toEqual({ kind: 'results', results: { [bad.uuid]: { result: 'drop', details: slug }, [uuid]: { result: 'ok' } } })
    expect(events.map((event) => event.uuid)).toEqual([uuid])
    expect(refused.map((event) => event.uuid)).toEqual([bad.uuid.toLowerCase()])
  })

  test('a batch of nothing but drops is answered, and counted', async () => {
    const { outcome, appended, events } = await sendV1([{ ...good, event: '' }])
    expect(outcome).toMatchObject({ kind: 'results' })
    expect(events).toEqual([])
    expect(appended.map(({ eventCount }) => eventCount)).toEqual([1])
  })
})

describe('refuses the whole request', () => {
  test.each<[string, unknown, object?]>([
    ['empty_batch', []],
    ['missing_event_uuid', [{ ...good, uuid: undefined }]],
    ['invalid_event_uuid', [{ ...good, uuid: 'x' }]],
    ['duplicate_event_uuid', [good, { ...good, uuid: uuid.toUpperCase() }]],
    ['missing_event_uuid', [null]],
    ['invalid_created_at', [good], { created_at: 'x' }],
    ['invalid_created_at', [good], { created_at: undefined }],
    ['request_parsing_error', 'x'],
    ['invalid_batch', undefined],
  ])('%s', async (code, events, extra = {}) => {
    const { outcome, entries } = await sendV1(events, extra)
    expect(outcome).toMatchObject({ kind: 'refused', code })
    expect(entries).toEqual([])
  })

  test.each<[string, Record<string, string>]>([
    ['missing_api_token', { authorization: '' }],
    ['missing_api_token', { authorization: 'Basic x' }],
    ['invalid_api_token', { authorization: 'Bearer phx_secret' }],
    ['invalid_api_token', { authorization: 'Bearer phc_nobody' }],
    ['invalid_header_value', { 'posthog-request-timestamp': 'now' }],
  ])('%s from the headers', async (code, change) => {
    const { capture } = collectingCapture()
    const body = { created_at: '2026-11-22T14:00:00Z', batch: [good] }
    expect(await capture.take(toRequest({ url, headers: { ...headers, ...change }, body }))).toMatchObject({ kind: 'refused', code })
  })
})
