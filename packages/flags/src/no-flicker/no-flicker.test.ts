import fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { expressFlags, fastifyFlags, nextFlags, withFlags } from './adapters.ts'
import { type NoFlickerOptions, withBootstrap } from './bootstrap.ts'

const page = '<!doctype html><html><head><title>Shop</title></head><body></body></html>'
const cookieOf = (stored: object) => `a=b; ph_phc_test_posthog=${encodeURIComponent(JSON.stringify(stored))}`

/** Answers every question with these flags, and keeps what was asked. */
function options(answer: { flags?: object; status?: number } = {}): NoFlickerOptions & { asked: Record<string, unknown>[] } {
  const asked: Record<string, unknown>[] = []
  return {
    host: 'http://flags.example/',
    token: 'phc_test',
    asked,
    fetch: async (url, request) => {
      asked.push({ url, ...JSON.parse(String(request?.body)) })
      const body = { featureFlags: answer.flags ?? { new: true }, featureFlagPayloads: { new: '{"text":"</script>"}' } }
      return new Response(JSON.stringify(body), { status: answer.status ?? 200 })
    },
  }
}

const flagsIn = (html: string) => JSON.parse(/window\.__flags=(.*?)\|\|undefined<\/script>/.exec(html)?.[1] ?? 'null')

describe('the bootstrap', () => {
  test('is of whom posthog-js says that the visitor is', async () => {
    const given = options()
    const { bootstrap } = await nextFlags(given)(cookieOf({ distinct_id: 'ann', $device_id: 'phone', $user_state: 'identified' }))
    expect(given.asked).toMatchObject([
      { url: 'http://flags.example/flags/?v=2', token: 'phc_test', distinct_id: 'ann', $device_id: 'phone' },
    ])
    expect(bootstrap).toEqual({
      distinctID: 'ann',
      isIdentifiedID: true,
      featureFlags: { new: true },
      featureFlagPayloads: { new: { text: '</script>' } },
    })
  })

  test('gives a new visitor an id to go on with, and one who has just signed in the answers of before', async () => {
    const given = options()
    const first = await nextFlags(given)('')
    expect(given.asked[0]).toMatchObject({ $device_id: first.bootstrap?.distinctID, geoip_disable: true })
    expect(first.bootstrap).toMatchObject({ distinctID: expect.stringMatching(/^[0-9a-f-]{36}$/), isIdentifiedID: false })
    await nextFlags({ ...given, distinctId: () => 'ann' })(cookieOf({ distinct_id: 'anonymous' }))
    expect(given.asked[1]).toMatchObject({ distinct_id: 'ann', $anon_distinct_id: 'anonymous' })
  })

  test('goes by the place of the visitor, where the address is told', async () => {
    const given = options()
    await nextFlags(given)('', '203.0.113.9')
    const handle = withFlags(() => new Response(page), { ...given, ipAddress: (request) => request.headers.get('x-real-ip') ?? undefined })
    await handle(new Request('http://shop/', { headers: { 'x-real-ip': '203.0.113.10' } }))
    expect(given.asked.map((body) => body.ip_address)).toEqual(['203.0.113.9', '203.0.113.10'])
    expect(given.asked[0]).not.toHaveProperty('geoip_disable')
  })

  test.each([
    ['refuses', { ...options({ status: 500 }) }],
    ['is away', { ...options(), fetch: async () => Promise.reject(new TypeError('fetch failed')) }],
    ['is slow', { ...options(), host: 'http://127.0.0.1:9', timeoutMs: 20, fetch: undefined as never }],
  ])('is left out where the server %s', async (_, given) => {
    const { bootstrap, html } = await nextFlags(
      given.fetch === undefined ? { host: given.host, token: given.token, timeoutMs: 20 } : given,
    )('')
    expect(bootstrap).toBeUndefined()
    expect(html).toBe('window.__flags=null||undefined')
  })

  test('cannot break out of its script, whatever a payload holds', async () => {
    const response = await withFlags(
      () => new Response(page, { headers: { 'content-type': 'text/html' } }),
      options(),
    )(new Request('http://shop/'))
    const html = await response.text()
    expect(html.match(/<\/script>/g)).toHaveLength(1)
    expect(flagsIn(html).featureFlagPayloads.new).toEqual({ text: '</script>' })
  })
})

describe('adapters', () => {
  test('fetch: pages get the flags first in their head, other answers stay as they are', async () => {
    const handle = withFlags(
      (request) =>
        new URL(request.url).pathname === '/api'
          ? Response.json({ a: 1 })
          : new Response(page, { status: 404, headers: { 'content-type': 'text/html; charset=utf-8', etag: '"1"' } }),
      options(),
    )
    const html = await handle(new Request('http://shop/'))
    expect([html.status, html.headers.get('cache-control'), html.headers.get('etag')]).toEqual([404, 'private, no-store', null])
    expect(await html.text()).toMatch(/<head><script>window\.__flags=.*<title>/)
    expect(await (await handle(new Request('http://shop/api'))).json()).toEqual({ a: 1 })
  })

  test('Fastify', async () => {
    const app = fastify()
    fastifyFlags(app as never, options({ flags: { new: 'test' } }))
    app.get('/', (_, reply) => reply.type('text/html').send(page))
    app.get('/api', () => ({ a: 1 }))
    const answer = await app.inject('/')
    expect(flagsIn(answer.body).featureFlags).toEqual({ new: 'test' })
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)))
    expect((await app.inject('/api')).json()).toEqual({ a: 1 })
    await app.close()
  })

  test('Express', async () => {
    const sent: unknown[] = []
    const headers: Record<string, string> = {}
    const response = {
      locals: {} as Record<string, unknown>,
      getHeader: (name: string) => headers[name],
      setHeader: (name: string, value: string) => {
        headers[name] = value
      },
      send: (body?: unknown) => sent.push(body),
    }
    await new Promise((resolve) => expressFlags(options())({ headers: { cookie: cookieOf({ distinct_id: 'ann' }) } }, response, resolve))
    expect(response.locals.flags).toMatchObject({ distinctID: 'ann' })
    response.send(page)
    response.send({ a: 1 })
    expect(flagsIn(String(sent[0])).distinctID).toBe('ann')
    expect(sent[1]).toEqual({ a: 1 })
  })
})

test.each([
  ['<head lang="en"><title>x', '<head lang="en">S<title>x'],
  ['<!DOCTYPE html><p>x', '<!DOCTYPE html>S<p>x'],
  ['<p>x', 'S<p>x'],
  ['<header>x', 'S<header>x'],
])('%s becomes %s', (html, expected) => {
  expect(withBootstrap(html, 'S')).toBe(expected)
})
