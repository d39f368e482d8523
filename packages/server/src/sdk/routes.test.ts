import { request } from 'node:http'
import { captureEndpoints } from '@hedgerow/protocol'
import { afterAll, describe, expect, test } from 'vitest'
import { openSdkApp } from './routes.fixture.ts'

const { app, taken } = await openSdkApp()
afterAll(() => app.close())

const bothForms = (path: string): string[] => [path, path.endsWith('/') ? path.slice(0, -1) : `${path}/`]
const withEvents = captureEndpoints.filter((path) => path !== '/i/v1/analytics/events')

/** Every route that a browser may call, with a request that succeeds. */
const browserRoutes: [method: 'GET' | 'POST', url: string, body?: object][] = [
  ...withEvents.map((path): ['POST', string, object] => ['POST', path, { event: 'e' }]),
  ['POST', '/i/v1/analytics/events', { batch: [] }],
  ['POST', '/flags/?v=2', { token: 'phc_test', distinct_id: 'a' }],
  ['POST', '/decide/?v=3', { token: 'phc_test', distinct_id: 'a' }],
  ['GET', '/array/phc_test/config'],
  ['GET', '/array/phc_test/config.js'],
  ['GET', '/array/phc_test/array.js'],
  ['GET', '/static/array.js'],
  ['GET', '/static/1.449.2/surveys.js'],
  ['GET', '/api/surveys/?token=phc_test'],
  ['GET', '/api/early_access_features/?token=phc_test&stage=beta'],
  ['GET', '/api/web_experiments/?token=phc_test'],
  ['GET', '/api/product_tours/?token=phc_test'],
  ['POST', '/i/v1/logs?token=phc_test', { resourceLogs: [] }],
  ['POST', '/i/v1/metrics?token=phc_test', { resourceMetrics: [] }],
  ['POST', '/api/push_subscriptions/', { api_key: 'phc_test' }],
]
const otherForm = (url: string): string => {
  const [path = '', query] = url.split('?')
  return `${bothForms(path)[1]}${query === undefined ? '' : `?${query}`}`
}

describe('every route', () => {
  test.each(browserRoutes)('%s %s answers 200 with and without a slash, and to any origin', async (method, url, body) => {
    for (const form of [url, otherForm(url)]) {
      const headers = { origin: 'https://app.example', 'content-type': 'text/plain' }
      const answer = await app.inject({ method, url: form, headers, ...(body && { payload: JSON.stringify(body) }) })
      expect(answer.statusCode, form).toBe(200)
      expect(answer.headers['access-control-allow-origin']).toBe('https://app.example')
      expect(answer.headers['access-control-allow-credentials']).toBe('true')
      expect(answer.headers.vary).toContain('Origin')
    }
  })

  test.each(browserRoutes)('%s %s answers a preflight', async (_, url) => {
    for (const form of [url, otherForm(url)]) {
      const answer = await app.inject({
        method: 'OPTIONS',
        url: form,
        headers: {
          origin: 'null',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-own',
          'access-control-request-private-network': 'true',
        },
      })
      expect(answer.statusCode).toBe(204)
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': 'null',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'content-type,x-own',
        'access-control-allow-private-network': 'true',
      })
      expect(Number(answer.headers['access-control-max-age'])).toBeGreaterThan(0)
    }
  })

  test.each(browserRoutes)('%s %s does not take PUT', async (_, url) => {
    const answer = await app.inject({ method: 'PUT', url, headers: { origin: 'https://app.example' }, payload: 'x' })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toContain('OPTIONS')
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example')
  })
})

test('a router that ignores trailing slashes serves both forms too', async () => {
  const ignoring = await openSdkApp({ ignoreTrailingSlash: true })
  for (const url of ['/e', '/e/', '/batch', '/batch/']) {
    expect((await ignoring.app.inject({ method: 'POST', url, payload: 'x' })).statusCode, url).toBe(200)
  }
  expect((await ignoring.app.inject({ method: 'GET', url: '/array/phc_test/config.js/' })).statusCode).toBe(200)
  await ignoring.app.close()
})

describe('routes with events', () => {
  test.each(withEvents.flatMap(bothForms))('%s answers exactly 200 {"status":1}', async (url) => {
    const form = 'application/x-www-form-urlencoded'
    for (const type of [
      'application/json',
      'text/plain',
      'text/plain; charset=UTF-8',
      form,
      'application/octet-stream',
      'not a type',
      '',
    ]) {
      const answer = await app.inject({
        method: 'POST',
        url,
        payload: Buffer.from('data=abc'),
        headers: type === '' ? {} : { 'content-type': type },
      })
      expect([answer.statusCode, answer.body], type).toEqual([200, '{"status":1}'])
      expect(answer.headers['content-type']).toContain('application/json')
      expect(Buffer.from(taken.at(-1)?.body ?? []).toString()).toBe('data=abc')
    }
    expect((await app.inject({ method: 'GET', url: `${url}?data=e30%3D` })).statusCode).toBe(200)
    expect(taken.at(-1)?.query).toEqual({ data: 'e30=' })
    expect((await app.inject({ method: 'HEAD', url })).statusCode).toBe(200)
    const beacon = await app.inject({ method: 'POST', url: `${url}?beacon=1`, payload: 'x' })
    expect([beacon.statusCode, beacon.body]).toEqual([200, '{"status":1}'])
  })

  test('hand the route in one form, and the client address', async () => {
    await app.inject({
      method: 'POST',
      url: '/batch',
      payload: '{}',
      remoteAddress: '203.0.113.5',
      headers: { 'x-forwarded-for': '1.1.1.1' },
    })
    expect(taken.at(-1)).toMatchObject({ endpoint: '/batch/', ip: '203.0.113.5' })
    const behind = await openSdkApp({ trustedProxies: ['loopback'] })
    await behind.app.inject({
      method: 'POST',
      url: '/e',
      payload: '{}',
      remoteAddress: '127.0.0.1',
      headers: { 'x-forwarded-for': '1.1.1.1' },
    })
    expect(behind.taken.at(-1)).toMatchObject({ endpoint: '/e/', ip: '1.1.1.1' })
    await behind.app.close()
  })

  test('a body over the limit is 413, with CORS', async () => {
    const answer = await app.inject({ method: 'POST', url: '/batch/', payload: 'x'.repeat(1001), headers: { origin: 'https://a.example' } })
    expect(answer.statusCode).toBe(413)
    expect(answer.json()).toMatchObject({ code: 'payload_too_large', detail: 'The body is larger than 1000 bytes.' })
    expect(answer.headers['access-control-allow-origin']).toBe('https://a.example')
  })

  test.each([
    ['invalid_api_token', 401, 'authentication_error'],
    ['missing_event_name', 400, 'validation_error'],
    ['payload_too_large', 413, 'invalid_request'],
    ['unsupported_encoding', 415, 'invalid_request'],
  ] as const)('%s is %i', async (code, status, type) => {
    const refusing = await openSdkApp({ outcome: { kind: 'refused', code, detail: 'Because.' } })
    const answer = await refusing.app.inject({ method: 'POST', url: '/e/', payload: 'x', headers: { origin: 'https://a.example' } })
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toEqual({ type, code, detail: 'Because.', attr: null })
    expect(answer.headers['access-control-allow-origin']).toBe('https://a.example')
    const v1 = await refusing.app.inject({ method: 'POST', url: '/i/v1/analytics/events', payload: 'x' })
    expect([v1.statusCode, v1.json()]).toEqual([status, { error: code, error_description: 'Because.' }])
    await refusing.app.close()
  })

  test('what cannot be taken now is 503 with Retry-After', async () => {
    const full = await openSdkApp({ outcome: { kind: 'unavailable', detail: 'Full.', retryAfterSeconds: 5 } })
    for (const url of ['/e/', '/i/v1/analytics/events']) {
      const answer = await full.app.inject({ method: 'POST', url, payload: 'x' })
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
    }
    await full.app.close()
  })

  test('more bodies at once than may be held are 503 before they are read, and taken later', async () => {
    const small = await openSdkApp({ maxInFlightBytes: 1500 })
    const url = `${await small.app.listen({ port: 0 })}/e/`
    // The first announces 1000 bytes and sends half, so that it stays open.
    const first = request(url, { method: 'POST', headers: { 'content-length': 1000 } })
    const firstStatus = new Promise((resolve) => first.once('response', (response) => resolve(response.resume().statusCode)))
    first.write('x'.repeat(500))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const second = await fetch(url, { method: 'POST', body: 'x'.repeat(900) })
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '5'])
    first.end('x'.repeat(500))
    expect(await firstStatus).toBe(200)
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(900) })).status).toBe(200)

    const aborted = request(url, { method: 'POST', headers: { 'content-length': 1000 } }).on('error', () => undefined)
    aborted.write('x')
    await new Promise((resolve) => setTimeout(resolve, 50))
    aborted.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(900) })).status).toBe(200)
    await small.app.close()
  })

  test('a fault of ours is 500 and tells nothing', async () => {
    const failing = await openSdkApp({ failing: true })
    const answer = await failing.app.inject({ method: 'POST', url: '/e/', payload: 'x', headers: { origin: 'https://a.example' } })
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('secret')
    expect(answer.headers['access-control-allow-origin']).toBe('https://a.example')
    await failing.app.close()
  })

  test('capture v1 echoes the request id and gives the results', async () => {
    const results = { u1: { result: 'ok' as const }, u2: { result: 'drop' as const, details: 'missing_event_name' } }
    const v1 = await openSdkApp({ outcome: { kind: 'results', results } })
    const answer = await v1.app.inject({
      method: 'POST',
      url: '/i/v1/analytics/events',
      payload: 'x',
      headers: { 'posthog-request-id': 'abc' },
    })
    expect([answer.statusCode, answer.json(), answer.headers['posthog-request-id']]).toEqual([200, { results }, 'abc'])
    const tooLarge = await v1.app.inject({ method: 'POST', url: '/i/v1/analytics/events', payload: 'x'.repeat(1001) })
    expect([tooLarge.statusCode, tooLarge.json()]).toMatchObject([413, { error: 'payload_too_large' }])
    await v1.app.close()
  })
})

describe('what has no store here is answered harmlessly', () => {
  test.each<['GET' | 'POST', string, object]>([
    ['GET', '/api/surveys/?token=phc_test&ip=0&_=1', { surveys: [] }],
    ['GET', '/api/early_access_features/?token=phc_test&stage=beta&stage=alpha', { earlyAccessFeatures: [] }],
    ['GET', '/api/web_experiments/?token=phc_test', { experiments: [] }],
    ['GET', '/api/product_tours/?token=phc_test', { product_tours: [] }],
    ['POST', '/i/v1/logs?token=phc_test', {}],
    ['POST', '/i/v1/metrics?token=phc_test', {}],
  ])('%s %s', async (method, url, expected) => {
    const answer = await app.inject({ method, url, ...(method === 'POST' && { payload: '{}' }) })
    expect([answer.statusCode, answer.json()]).toEqual([200, expected])
    const unknown = await app.inject({ method, url: url.replace('phc_test', 'phc_nobody') })
    expect([unknown.statusCode, unknown.json().detail]).toEqual([401, expect.stringContaining('token')])
    expect((await app.inject({ method, url: url.replace(/\?.*/, '') })).statusCode).toBe(401)
  })

  test('CSP reports are 204, the chat widget 404', async () => {
    const report = {
      method: 'POST',
      url: '/report/?token=phc_test',
      payload: '{}',
      headers: { 'content-type': 'application/csp-report' },
    } as const
    expect((await app.inject(report)).statusCode).toBe(204)
    expect((await app.inject({ method: 'POST', url: '/api/conversations/v1/widget/restore/request', payload: '{}' })).statusCode).toBe(404)
  })
})
