import { describe, expect, test } from 'vitest'
import { sendOnce } from './capture.fixture.ts'

async function decoded(event: object | string, url = '/e/') {
  const text = typeof event === 'string' ? event : JSON.stringify({ api_key: 'phc_test', event: 'e', distinct_id: 'd', ...event })
  const { events } = await sendOnce({ url, body: text })
  return events[0]
}

describe('distinct ids', () => {
  test.each<[object, string]>([
    [{ distinct_id: '  ann ' }, 'ann'],
    [{ distinct_id: 42 }, '42'],
    [{ distinct_id: 0 }, '0'],
    [{ distinct_id: 1.5 }, '1.5'],
    [{ distinct_id: true }, 'true'],
    [{ distinct_id: { a: 1 } }, '{"a":1}'],
    [{ distinct_id: ['a'] }, '["a"]'],
    [{ distinct_id: undefined, $distinct_id: 'ben' }, 'ben'],
    [{ distinct_id: undefined, properties: { distinct_id: 'cid' } }, 'cid'],
    [{ distinct_id: 'root', properties: { distinct_id: 'inner' } }, 'root'],
    [{ distinct_id: null, properties: { distinct_id: 9 } }, '9'],
    [{ distinct_id: 'a\0b' }, 'a\uFFFDb'],
  ])('%j', async (event, distinctId) => {
    expect((await decoded(event))?.distinctId).toBe(distinctId)
  })

  test('beyond 2^53 keep every digit', async () => {
    const event = await decoded('{"api_key":"phc_test","event":"e","distinct_id":123456789012345678901}')
    expect(event?.distinctId).toBe('123456789012345678901')
  })

  test('of any length are kept whole for ingestion, and cut in what is refused', async () => {
    const distinctId = `${'x'.repeat(199)}🌳🌳`
    expect((await decoded({ distinct_id: distinctId, event: 'n'.repeat(250) })) ?? {}).toMatchObject({ distinctId, event: 'n'.repeat(250) })
    const batch = [
      { event: 'e', distinct_id: 'd' },
      { event: 'n'.repeat(250), distinct_id: distinctId, properties: 5 },
    ]
    const { refused } = await sendOnce({ body: { api_key: 'phc_test', batch } })
    expect(refused).toMatchObject([{ distinctId: `${'x'.repeat(199)}🌳`, event: 'n'.repeat(200) }])
  })
})

describe('uuids', () => {
  const uuid = '01a20397-1ab3-71b9-860c-40c34e595ae4'
  test.each([uuid, uuid.toUpperCase(), `{${uuid}}`, `urn:uuid:${uuid}`, uuid.replaceAll('-', '')])('%s is kept', async (sent) => {
    expect((await decoded({ uuid: sent }))?.uuid).toBe(uuid)
  })
  test.each([undefined, '', 'no-uuid', 7, `${uuid}0`, null])('%j makes a new one, of the moment of arrival', async (sent) => {
    const made = (await decoded({ uuid: sent }))?.uuid
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(made?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBe(Date.UTC(2026, 10, 22, 14, 30))
  })
  test('new ones differ', async () => {
    const { events } = await sendOnce({ body: { api_key: 'phc_test', batch: Array(5000).fill({ event: 'e', distinct_id: 'd' }) } })
    expect(new Set(events.map(({ uuid }) => uuid)).size).toBe(5000)
  })
})

describe('person updates', () => {
  test.each<[string, object, object]>([
    ['root', { $set: { a: 1 } }, { set: { a: 1 } }],
    ['properties', { properties: { $set: { a: 1 }, $set_once: { b: 2 } } }, { set: { a: 1 }, setOnce: { b: 2 } }],
    ['root over properties', { $set: { a: 1, c: 3 }, properties: { $set: { a: 0, b: 0 } } }, { set: { a: 1, b: 0, c: 3 } }],
    ['set once, root over properties', { $set_once: { a: 1 }, properties: { $set_once: { a: 0, b: 0 } } }, { setOnce: { a: 1, b: 0 } }],
    ['unset at the root, a list', { $unset: ['a', 'b', 5, null] }, { unset: ['a', 'b', '5'] }],
    ['unset in both, list and object', { $unset: ['a'], properties: { $unset: { b: '', a: '' } } }, { unset: ['b', 'a'] }],
    ['not objects', { $set: 'x', $set_once: [], $unset: 'y' }, {}],
  ])('%s', async (_, sent, expected) => {
    const { set, setOnce, unset } = (await decoded(sent)) ?? {}
    expect(JSON.parse(JSON.stringify({ set, setOnce, unset }))).toEqual(expected)
  })
})

describe('times stay as sent', () => {
  test.each<[object, object]>([
    [{ timestamp: '2026-01-01T00:00:00.123456+05:45' }, { timestamp: '2026-01-01T00:00:00.123456+05:45' }],
    [{ timestamp: 1795356564 }, { timestamp: 1795356564 }],
    [{ timestamp: 'yesterday' }, { timestamp: 'yesterday' }],
    [{ timestamp: { a: 1 } }, {}],
    [{ offset: 1500 }, { offset: 1500 }],
    [
      { offset: -3, timestamp: 'x' },
      { offset: -3, timestamp: 'x' },
    ],
    [{ offset: '1500' }, {}],
    [{ offset: 1.5 }, {}],
  ])('%j', async (sent, expected) => {
    const { timestamp, offset } = (await decoded(sent)) ?? {}
    expect(JSON.parse(JSON.stringify({ timestamp, offset }))).toEqual(expected)
  })
})

describe('properties', () => {
  test('are as sent, less the token', async () => {
    const properties = { token: 'phc_test', distinct_id: 'd', 'a.b': 1, a: { b: [null, 'x'] }, $set: { c: 1 } }
    const { token: _, ...rest } = properties
    expect((await decoded({ properties }))?.properties).toEqual(rest)
  })

  test('absent or null are none', async () => {
    expect((await decoded({}))?.properties).toEqual({})
    expect((await decoded({ properties: null }))?.properties).toEqual({})
  })

  test('numbers that a double cannot hold become text, digit for digit', async () => {
    const body = `{"api_key":"phc_test","event":"e","distinct_id":"d","properties":{"big":9007199254740993,"safe":9007199254740991,"minus":-99999999999999999999,
      "float":0.30000000000000004,"long":3.14159265358979323846,"huge":1e400,"large":1e300,"tiny":1e-400,"zero":0.0e10,"text":"9007199254740993 \\" 1e400","nested":[{"n":12345678901234567890}]}}`
    expect((await decoded(body))?.properties).toEqual({
      big: '9007199254740993',
      safe: 9007199254740991,
      minus: '-99999999999999999999',
      float: 0.30000000000000004,
      long: Math.PI,
      huge: '1e400',
      large: 1e300,
      tiny: '1e-400',
      zero: 0,
      text: '9007199254740993 " 1e400',
      nested: [{ n: '12345678901234567890' }],
    })
  })

  test('NaN and Infinity, which Python writes, are null', async () => {
    const body = '{"api_key":"phc_test","event":"e","distinct_id":"d","properties":{"a":NaN,"b":[Infinity,-Infinity],"c":"NaN"}}'
    expect((await decoded(body))?.properties).toEqual({ a: null, b: [null, null], c: 'NaN' })
  })

  test('of a repeated key the last counts', async () => {
    const body = '{"api_key":"phc_test","event":"e","event":"f","distinct_id":"d","properties":{"a":1,"a":2}}'
    expect(await decoded(body)).toMatchObject({ event: 'f', properties: { a: 2 } })
  })

  test('named like parts of the language do no harm', async () => {
    const body =
      '{"api_key":"phc_test","event":"e","distinct_id":"d","__proto__":{"evil":1},"$set":{"__proto__":{"evil":1}},"properties":{"__proto__":{"evil":1},"constructor":{"prototype":{"evil":1}},"$set":{"x":1}}}'
    const { events } = await sendOnce({ body })
    const written = JSON.stringify(events)
    expect(written).toContain('"properties":{"__proto__":{"evil":1},"constructor":{"prototype":{"evil":1}},"$set":{"x":1}}')
    expect(written).toContain('"set":{"x":1,"__proto__":{"evil":1}}')
    expect(({} as { evil?: number }).evil).toBeUndefined()
  })

  test('nested very deeply are refused alone, and overflow nothing', async () => {
    const deep = (levels: number) => `{"event":"e","distinct_id":"d","properties":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`
    const body = `{"api_key":"phc_test","batch":[${deep(90)},${deep(1000)},${deep(90_000)}]}`
    const { outcome, events, refused } = await sendOnce({ body })
    expect(outcome).toEqual({ kind: 'accepted', accepted: 3, refused: 2 })
    expect(events).toHaveLength(1)
    expect(refused.map(({ reason }) => reason)).toEqual(['invalid_properties', 'invalid_properties'])
    expect((await sendOnce({ body: '['.repeat(20_000_000) })).outcome).toMatchObject({ kind: 'refused', code: 'request_parsing_error' })
    expect((await sendOnce({ body: `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}` })).outcome).toMatchObject({ kind: 'refused' })
    const deepId = `{"api_key":"phc_test","event":"e","distinct_id":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`
    expect((await sendOnce({ body: deepId })).outcome).toMatchObject({ kind: 'refused' })
  })

  test('capture_internal stands for this machine', async () => {
    expect((await decoded({ properties: { capture_internal: true } }))?.properties.$ip).toBe('127.0.0.1')
    expect((await decoded({ properties: { capture_internal: true, $ip: null } }))?.properties.$ip).toBeNull()
  })
})

test('of a batch only what is wrong is refused', async () => {
  const good = { event: 'e', distinct_id: 'd' }
  const batch = [good, { ...good, event: null }, { ...good, distinct_id: '' }, { ...good, properties: 5 }, 7, null, good]
  const { outcome, events, refused } = await sendOnce({ body: { api_key: 'phc_test', batch } })
  expect(outcome).toEqual({ kind: 'accepted', accepted: 7, refused: 5 })
  expect(events).toHaveLength(2)
  expect(refused.map(({ reason }) => reason)).toEqual([
    'invalid_event_name',
    'invalid_distinct_id',
    'invalid_properties',
    'unstorable_event',
    'unstorable_event',
  ])
})

test('/engage/ without an event name is $identify', async () => {
  const people = { $token: 'phc_test', $distinct_id: 'd', $set: { plan: 'pro' } }
  const { events } = await sendOnce({ url: '/engage/', body: people })
  expect(events).toMatchObject([{ event: '$identify', distinctId: 'd', set: { plan: 'pro' } }])
  expect((await sendOnce({ url: '/e/', body: people })).outcome).toMatchObject({ code: 'missing_event_name' })
})

describe('the moment of sending', () => {
  test.each<[unknown, string | undefined]>([
    ['2026-11-22T14:00:00.5Z', '2026-11-22T14:00:00.500Z'],
    ['2026-11-22T14:00:00.123456+00:00', '2026-11-22T14:00:00.123Z'],
    ['2026-11-22T14:00:00+0545', '2026-11-22T08:15:00.000Z'],
    ['2026-11-22T14:00:00-03', '2026-11-22T17:00:00.000Z'],
    ['2026-11-22 14:00:00', '2026-11-22T14:00:00.000Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    ['Sun, 22 Nov 2026 14:00:00 GMT', '2026-11-22T14:00:00.000Z'],
    [1795356564183, '2026-11-22T14:09:24.183Z'],
    ['1795356564', '2026-11-22T14:09:24.000Z'],
    ['soon', undefined],
    ['2026-13-45T00:00:00Z', undefined],
    [1e300, undefined],
    [{}, undefined],
  ])('%j', async (sentAt, expected) => {
    const { entry } = await sendOnce({ body: { api_key: 'phc_test', sent_at: sentAt, batch: [{ event: 'e', distinct_id: 'd' }] } })
    expect(entry.sentAt).toBe(expected)
  })

  test('in the query counts only where the body has none and it can be a clock', async () => {
    const body = { api_key: 'phc_test', event: 'e', distinct_id: 'd' }
    expect((await sendOnce({ url: '/e/?_=1795356564183', body })).entry.sentAt).toBe('2026-11-22T14:09:24.183Z')
    expect((await sendOnce({ url: '/e/?_=12345', body })).entry.sentAt).toBeUndefined()
    const both = { ...body, sent_at: '2026-01-01T00:00:00Z' }
    expect((await sendOnce({ url: '/e/?_=1795356564183', body: both })).entry.sentAt).toBe('2026-01-01T00:00:00.000Z')
  })
})

describe('tokens', () => {
  const bare = { event: 'e', distinct_id: 'd' }
  test.each<[string, object, string?]>([
    ['api_key around a batch', { api_key: 'phc_test', batch: [bare] }],
    ['token around a batch', { token: ' phc_test ', batch: [bare] }],
    ['api_key in a single event', { ...bare, api_key: 'phc_test' }],
    ['$token in a single event', { ...bare, $token: 'phc_test' }],
    ['properties.token of the events', [{ ...bare, properties: { token: 'phc_test' } }, bare]],
    ['api_key of the events', [{ ...bare, api_key: 'phc_test' }]],
    ['the envelope before the events', { api_key: 'phc_test', batch: [{ ...bare, properties: { token: 'phc_other' } }] }],
    ['the query', bare, '/e/?api_key=phc_test'],
  ])('%s', async (_, body, url = '/batch/') => {
    expect((await sendOnce({ url, body })).entry.projectId).toBe(1)
  })
})
