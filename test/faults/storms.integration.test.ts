import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Hedgerow, projectToken, startHedgerow, until } from '../harness/hedgerow.ts'

describe('what clients do wrong', () => {
  let hedgerow: Hedgerow
  beforeAll(async () => {
    hedgerow = await startHedgerow()
  })
  afterAll(() => hedgerow?.stop())

  const send = async (batch: unknown[], token = projectToken) => {
    const response = await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body: JSON.stringify({ api_key: token, batch }) })
    return response.status
  }
  const countOf = async (event: string) => Number((await hedgerow.query(`select count() from events where event = '${event}'`))[0]?.[0])

  test('a retry storm: each batch three times at once, also the next minute with another offset, is stored once', async () => {
    const batches = Array.from({ length: 30 }, (_, b) =>
      Array.from({ length: 20 }, (_, i) => ({
        uuid: randomUUID(),
        event: 'stormy',
        distinct_id: `s${b}`,
        offset: 10,
        properties: { b, i },
      })),
    )
    const before = await hedgerow.settled()
    const answers = await Promise.all([...batches, ...batches, ...batches].map((batch) => send(batch)))
    await send(batches.flat().map((event) => ({ ...event, offset: 90_000_000 })))
    expect(new Set(answers)).toEqual(new Set([200]))
    const after = await hedgerow.settled()
    expect(await countOf('stormy')).toBe(600)
    expect(after.stored - before.stored).toBe(600)
    expect(after.repeated - before.repeated).toBe(1_800)
  })

  test('hostile properties are stored or rejected one by one, and their neighbours are stored', async () => {
    const hostile: Record<string, unknown>[] = [
      { 'a.b': 1, a: { b: 2 } },
      { 'a.b.c': 1, 'a.b': 2 },
      { '': 'empty name' },
      Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key ${i}`, i])),
      { text: 'a\u0000b', 'na\u0000me': 1 },
      { lone: '\ud800', '\udfff': 1 },
      { __proto__: 1, constructor: { prototype: 2 }, toString: 3 },
      { mixed: [1, 'a', null, { b: [] }, [[]]], huge: 1e308, tiny: -1e-320 },
      { $browser: { not: 'text' }, $screen_width: 'wide', $session_id: 12, $groups: 'no', $set: 'no', $current_url: ['x'] },
      { deep: JSON.parse(`${'['.repeat(400)}${']'.repeat(400)}`) },
      { long: 'x'.repeat(200_000) },
      { quote: `'"\\\`); drop table events; --`, emoji: '🌳'.repeat(10), rtl: '\u202eabc' },
    ]
    const before = await hedgerow.settled()
    const batch = hostile.flatMap((properties, i) => [
      { uuid: randomUUID(), event: 'hostile', distinct_id: `h${i}`, properties },
      { uuid: randomUUID(), event: 'neighbour', distinct_id: `h${i}`, properties: { i } },
    ])
    expect(await send(batch)).toBe(200)
    const after = await hedgerow.settled()
    expect(await countOf('neighbour')).toBe(hostile.length)
    expect(after.accepted - before.accepted).toBe(batch.length)
    expect((await countOf('hostile')) + (after.rejected - before.rejected)).toBe(hostile.length)
  })

  test('numbers beyond 64 bits and repeated keys in the text keep their digits, the last key wins', async () => {
    const body = `{"api_key":"${projectToken}","batch":[{"event":"numbers","distinct_id":"n","properties":{"big":123456789012345678901234567890,"id":9223372036854775807,"twice":1,"twice":2,"x":1.5}}]}`
    const response = await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body })
    expect(response.status).toBe(200)
    await hedgerow.settled()
    const [event] = await hedgerow.events(`event = 'numbers'`)
    expect(event?.properties).toMatchObject({ twice: 2, x: 1.5 })
    expect(String(event?.properties.big)).toBe('123456789012345678901234567890')
    expect(String(event?.properties.id)).toBe('9223372036854775807')
  })

  test('a client with a new property name in each event holds up nobody, and definitions are capped with a warning', async () => {
    const other = await hedgerow.api<{ id: number; api_token: string }>('POST', '/api/projects/', { name: 'Neighbour' })
    expect(await send([{ event: 'first', distinct_id: 'q' }], other.api_token)).toBe(200)
    const names = Number(process.env.HEDGEROW_TEST_PROPERTY_NAMES ?? 30_000)
    for (let from = 0; from < names; from += 500) {
      const batch = Array.from({ length: 500 }, (_, i) => ({
        event: 'many names',
        distinct_id: 'm',
        properties: { [`property ${from + i}`]: i, [`dotted.${from + i}`]: 'x' },
      }))
      expect(await send(batch)).toBe(200)
    }
    expect(await send([{ event: 'quiet', distinct_id: 'q', properties: { fine: true } }], other.api_token)).toBe(200)
    await hedgerow.settled()
    await until('nothing of the neighbour waits', async () => {
      const { waiting } = await hedgerow.api<{ waiting: number }>('GET', `/api/projects/${other.id}/ingestion/`)
      return waiting === 0 || undefined
    })
    expect(await countOf('many names')).toBe(names)
    const warnings = await hedgerow.api<{ results: { reason: string }[] }>('GET', '/api/projects/1/ingestion/warnings/?limit=1000')
    expect(warnings.results.map((w) => w.reason)).toContain('too_many_definitions')
    const quiet = await hedgerow.api<{ results: { name: string }[] }>(
      'GET',
      `/api/projects/${other.id}/property_definitions/?type=event&limit=1000`,
    )
    expect(quiet.results.map((d) => d.name).filter((name) => !name.startsWith('$'))).toEqual(['fine'])
  }, 120_000)
})
