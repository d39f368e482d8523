import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import vm from 'node:vm'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { remoteConfigScript } from './remote-config.ts'
import { openSdkApp } from './routes.fixture.ts'
import { servesVersion } from './script-routes.ts'

const { app } = await openSdkApp()
afterAll(() => app.close())
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })
const require = createRequire(import.meta.url)
const { version } = require('posthog-js/package.json') as { version: string }

describe('remote config', () => {
  test('has every key that clients need, off where there is nothing', async () => {
    const config = (await get('/array/phc_test/config')).json()
    expect(config).toMatchObject({
      token: 'phc_test',
      supportedCompression: ['gzip', 'gzip-js'],
      hasFeatureFlags: true,
      autocapture_opt_out: false,
      analytics: { endpoint: '/e/' },
      elementsChainAsString: true,
      sessionRecording: false,
      heatmaps: false,
      surveys: false,
      capturePerformance: false,
      captureDeadClicks: false,
      defaultIdentifiedOnly: true,
      siteApps: [],
      errorTracking: { autocaptureExceptions: false, suppressionRules: [] },
    })
  })

  test('follows the settings', async () => {
    const settings = {
      autocapture_opt_out: true,
      autocapture_web_vitals_opt_in: true,
      autocapture_exceptions_opt_in: true,
      capture_dead_clicks: true,
    }
    const other = await openSdkApp({ settings })
    const config = (await other.app.inject({ method: 'GET', url: '/array/phc_test/config/' })).json()
    expect(config).toMatchObject({
      autocapture_opt_out: true,
      capturePerformance: { network_timing: false, web_vitals: true, web_vitals_allowed_metrics: null },
      errorTracking: { autocaptureExceptions: true },
      captureDeadClicks: true,
    })
    await other.app.close()
  })

  test('as a script puts the same where posthog-js looks', async () => {
    const answer = await get('/array/phc_test/config.js')
    expect(answer.headers['content-type']).toBe('application/javascript; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('public, max-age=300')
    const window: { _POSTHOG_REMOTE_CONFIG?: Record<string, unknown> } = { _POSTHOG_REMOTE_CONFIG: { other: 1 } }
    vm.runInNewContext(answer.body, { window })
    const config = (await get('/array/phc_test/config')).json()
    expect(JSON.parse(JSON.stringify(window._POSTHOG_REMOTE_CONFIG))).toEqual({ other: 1, phc_test: { config, siteApps: [] } })
  })

  test('cannot end the script that it stands in', () => {
    const script = remoteConfigScript({ token: '</script>\u2028', a: '<!--' })
    expect(script).not.toMatch(/<|\u2028/)
    const window: Record<string, Record<string, unknown>> = {}
    vm.runInNewContext(script, { window })
    expect(Object.keys(window._POSTHOG_REMOTE_CONFIG ?? {})).toEqual(['</script>\u2028'])
  })

  test.each(['config', 'config.js', 'array.js'])('%s of an unknown token is a real 404', async (file) => {
    const answer = await get(`/array/phc_nobody/${file}`, { origin: 'https://a.example' })
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['access-control-allow-origin']).toBe('https://a.example')
  })
})

describe('scripts', () => {
  const installed = readFileSync(require.resolve('posthog-js/dist/array.js'), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')

  test('are those of the package, in the form asked for', async () => {
    const plain = await get('/static/array.js')
    expect(plain.statusCode).toBe(200)
    expect(plain.body).toBe(installed)
    expect(plain.headers).toMatchObject({
      'content-type': 'application/javascript; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin, Accept-Encoding',
    })
    const gzip = await get('/static/array.js', { 'accept-encoding': 'gzip, deflate' })
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(installed)
    const br = await get('/static/array.js', { 'accept-encoding': 'gzip, br;q=1.0' })
    expect(brotliDecompressSync(br.rawPayload).toString()).toBe(installed)
    expect((await get('/static/array.js', { 'accept-encoding': 'br;q=0' })).headers['content-encoding']).toBeUndefined()
  })

  test('are not sent again to who has them', async () => {
    const { etag } = (await get('/static/surveys.js')).headers
    const again = await get('/static/surveys.js', { 'if-none-match': String(etag) })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  const lazy = [
    'recorder',
    'recorder-v2',
    'lazy-recorder',
    'posthog-recorder',
    'surveys',
    'exception-autocapture',
    'web-vitals',
    'dead-clicks-autocapture',
    'tracing-headers',
    'logs',
  ]
  test.each([...lazy, 'array.full', 'array.no-external'])('%s.js is there by every kind of path', async (name) => {
    for (const path of [`/static/${name}.js`, `/static/${name}.js?v=1.300.0`, `/static/${version}/${name}.js`, `/static/1/${name}.js`]) {
      expect((await get(path)).statusCode, path).toBe(200)
    }
    expect((await get(`/static/${version}/${name}.js`)).headers['cache-control']).toContain('immutable')
    expect((await get(`/static/${name}.js`)).headers['cache-control']).not.toContain('immutable')
  })

  test.each([
    '/static/toolbar.js',
    '/static/2.0.0/array.js',
    '/static/x/array.js',
    '/static/array',
    '/static/array.js.map',
    '/static/package.json',
    '/static/..%2fpackage.js',
    '/static/1.449.2/..%2f..%2fpackage.js',
    '/static/%2e%2e/array.js',
    '/static/__proto__.js',
    '/static/array%00.js',
  ])('%s is not', async (url) => {
    expect((await get(url)).statusCode).toBe(404)
  })

  test.each([
    ['1.449.2', true],
    ['1.80.0', true],
    ['1', true],
    ['1.2', true],
    ['1.500.0-beta.1', true],
    ['2.0.0', false],
    ['11', false],
    ['latest', false],
    ['1.2.3.4', false],
    ['', false],
  ])('a page of version %s is served: %s', (asked, served) => {
    expect(servesVersion(asked, '1.449.2')).toBe(served)
  })

  test('array.js of a project carries its config', async () => {
    const answer = await get('/array/phc_test/array.js')
    expect(answer.body.startsWith(installed.slice(0, 1000))).toBe(true)
    expect(answer.body).toContain('_POSTHOG_REMOTE_CONFIG["phc_test"]')
  })
})
