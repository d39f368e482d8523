import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type NoFlickerOptions, nextFlags, withBootstrap } from '@hedgerow/flags/no-flicker'
import type { Browser, Page } from 'playwright-core'
import { PostHog } from 'posthog-node'
import { PostHog as PostHog4 } from 'posthog-node-4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openBrowser, servePages } from '../harness/browser.ts'
import { type Hedgerow, projectToken, secretKey, startHedgerow, until } from '../harness/hedgerow.ts'

const run = promisify(execFile)
let hedgerow: Hedgerow

const person = (key: string, value: unknown, operator = 'exact') => ({ key, value, operator, type: 'person' })
const condition = (...properties: object[]) => ({ properties, rollout_percentage: 100 })
const variants = { variants: ['control', 'test'].map((key) => ({ key, rollout_percentage: 50 })) }

async function make(key: string, filters: object, more: object = {}): Promise<number> {
  const { id } = await hedgerow.api<{ id: number }>('POST', '/api/projects/1/feature_flags/', { key, filters, ...more })
  return id
}

/** By default clients give up on flags after three seconds, which a busy machine may take. */
let patient: { host: string; featureFlagsRequestTimeoutMs: number }

beforeAll(async () => {
  hedgerow = await startHedgerow()
  patient = { host: hedgerow.url, featureFlagsRequestTimeoutMs: 60_000 }
  const batch = [
    { event: '$groupidentify', distinct_id: 'g', properties: { $group_type: 'company', $group_key: 'acme', $group_set: { tier: 'gold' } } },
    { event: '$identify', distinct_id: 'stored', properties: { $set: { plan: 'pro' } } },
  ]
  await fetch(`${hedgerow.url}/batch/`, { method: 'POST', body: JSON.stringify({ api_key: projectToken, batch }) })
  await hedgerow.settled()
  await make('everybody', { groups: [condition()], payloads: { true: '{"colour": "green"}' } })
  await make('nobody', { groups: [{ properties: [], rollout_percentage: 0 }] })
  await make('pro', { groups: [condition(person('plan', 'pro'))] })
  await make('split', { groups: [condition()], multivariate: variants, payloads: { control: '1', test: '2' } })
  await make('gold', {
    aggregation_group_type_index: 0,
    groups: [condition({ key: 'tier', value: 'gold', type: 'group', group_type_index: 0, operator: 'exact' })],
  })
  await make('mobile-look', { groups: [condition()], payloads: { true: '{"size": 3}' } })
  await make('limits', { groups: [condition()], payloads: { true: '{"max": 7}' } }, { is_remote_configuration: true })
  await make(
    'kept',
    { groups: [condition()], multivariate: { variants: ['a', 'b', 'c', 'd'].map((key) => ({ key, rollout_percentage: 25 })) } },
    { ensure_experience_continuity: true },
  )
})
afterAll(() => hedgerow?.stop())

describe('posthog-node', () => {
  test('asks the server: values, payloads, groups, overrides', async () => {
    const client = new PostHog(projectToken, patient)
    expect(await client.isFeatureEnabled('everybody', 'u')).toBe(true)
    expect(await client.isFeatureEnabled('nobody', 'u')).toBe(false)
    expect(await client.getFeatureFlagPayload('everybody', 'u')).toEqual({ colour: 'green' })
    expect(await client.getFeatureFlag('pro', 'stored')).toBe(true)
    expect(await client.getFeatureFlag('pro', 'stored', { personProperties: { plan: 'free' } })).toBe(false)
    expect(await client.getFeatureFlag('gold', 'u', { groups: { company: 'acme' } })).toBe(true)
    expect(await client.getFeatureFlag('gold', 'u')).toBe(false)
    expect(await client.getFeatureFlag('never-made', 'u')).toBeUndefined()
    const { featureFlags, featureFlagPayloads } = await client.getAllFlagsAndPayloads('u', { groups: { company: 'acme' } })
    expect(featureFlags).toMatchObject({
      everybody: true,
      nobody: false,
      pro: false,
      gold: true,
      split: expect.stringMatching(/^(control|test)$/),
    })
    expect(featureFlagPayloads).toMatchObject({ everybody: { colour: 'green' } })
    await client.shutdown()
  })

  test.each([
    ['a project secret key', secretKey],
    ['a personal API key', 'phx_test_of_the_first_admin'],
  ])('evaluates by itself with %s, and asks about what it cannot know', async (_, key) => {
    const asked: string[] = []
    const client = new PostHog(projectToken, {
      ...patient,
      personalApiKey: key,
      fetch: (url, options) => {
        asked.push(new URL(url).pathname)
        return fetch(url, options as RequestInit)
      },
    })
    await client.waitForLocalEvaluationReady()
    expect(await client.getFeatureFlag('pro', 'u', { personProperties: { plan: 'pro' } })).toBe(true)
    expect(await client.getFeatureFlag('everybody', 'u')).toBe(true)
    expect(await client.getFeatureFlagPayload('everybody', 'u')).toEqual({ colour: 'green' })
    expect(await client.getFeatureFlag('gold', 'u', { groups: { company: 'acme' }, groupProperties: { company: { tier: 'gold' } } })).toBe(
      true,
    )
    const local = await client.getFeatureFlag('split', 'u')
    expect(asked.filter((path) => path === '/flags/')).toEqual([])
    expect(await client.getFeatureFlag('pro', 'stored')).toBe(true)
    expect(asked.filter((path) => path === '/flags/')).toHaveLength(1)
    expect(await client.getRemoteConfigPayload('limits')).toEqual({ max: 7 })
    await client.shutdown()
    const remote = new PostHog(projectToken, patient)
    expect(await remote.getFeatureFlag('split', 'u')).toBe(local)
    await remote.shutdown()
  })

  test('4.18 asks and evaluates alike', async () => {
    const client = new PostHog4(projectToken, { ...patient, personalApiKey: secretKey, featureFlagsPollingInterval: 60_000 })
    await client.reloadFeatureFlags()
    expect(await client.getFeatureFlag('pro', 'u', { personProperties: { plan: 'pro' }, onlyEvaluateLocally: true })).toBe(true)
    expect(await client.getAllFlags('stored')).toMatchObject({ everybody: true, pro: true, nobody: false })
    await client.shutdown()
  })

  test('a change is served at once, and its calls are told by variant', async () => {
    const id = await make('switched', { groups: [condition()] })
    const client = new PostHog(projectToken, { ...patient, flushAt: 1 })
    expect(await client.isFeatureEnabled('switched', 'u')).toBe(true)
    await hedgerow.api('PATCH', `/api/projects/1/feature_flags/${id}/`, { active: false })
    expect(await client.isFeatureEnabled('switched', 'u')).toBeUndefined()
    await client.shutdown()
    await hedgerow.settled()
    const { called } = await hedgerow.api<{ called: { answer: string }[] }>('GET', `/api/projects/1/feature_flags/${id}/usage/`)
    expect(called.map(({ answer }) => answer)).toContain('true')
  })
})

test('posthog-react-native has flags and payloads', async () => {
  const app = fileURLToPath(new URL('./react-native-app.cjs', import.meta.url))
  const { stdout } = await run(process.execPath, [app, hedgerow.url, projectToken], { timeout: 90_000 })
  const { flags, payload } = JSON.parse(stdout.slice(stdout.indexOf('{"anonymous"'))) as { flags: unknown; payload: unknown }
  expect(flags).toMatchObject({ everybody: true, nobody: false, 'mobile-look': true })
  expect(payload).toEqual({ size: 3 })
})

test('a listener hears of a change', async () => {
  const stopping = new AbortController()
  const response = await fetch(`${hedgerow.url}/flags/stream?token=${projectToken}&distinct_id=u`, { signal: stopping.signal })
  let heard = ''
  const reading = (async () => {
    for await (const chunk of response.body ?? []) heard += Buffer.from(chunk).toString()
  })().catch(() => undefined)
  await until('the first answer', async () => (heard.includes('"everybody"') ? true : undefined))
  await make('pushed', { groups: [condition()] })
  await until('the change', async () => (heard.includes('"pushed"') ? true : undefined))
  stopping.abort()
  await reading
})

type Method =
  | 'identify'
  | 'group'
  | 'reloadFeatureFlags'
  | 'onFeatureFlags'
  | 'isFeatureEnabled'
  | 'getFeatureFlag'
  | 'getFeatureFlagPayload'
interface FlagsPage {
  flagsAtOnce: unknown
  PH: { get_distinct_id(): string; featureFlags: { overrideFeatureFlags(flags: unknown): void } } & Record<
    Method,
    (...args: unknown[]) => unknown
  >
}

describe.skipIf(!chromiumPath)('posthog-js in Chromium', () => {
  let browser: Browser
  let pages: Awaited<ReturnType<typeof servePages>>
  let app: Server
  let appUrl = ''

  const html = (script: string, options = '') => `<!doctype html><html><head><title>Shop</title></head><body><script type="module">
    import posthog from '${script}'
    posthog.init('${projectToken}', {api_host: '${hedgerow.url}', opt_out_useragent_filter: true, persistence: 'localStorage+cookie', feature_flag_request_timeout_ms: 60000${options}})
    window.flagsAtOnce = {everybody: posthog.isFeatureEnabled('everybody'), split: posthog.getFeatureFlag('split'), payload: posthog.getFeatureFlagPayload('everybody')}
    window.PH = posthog</script></body></html>`

  beforeAll(async () => {
    browser = await openBrowser()
    pages = await servePages({ '/new': html('/npm/posthog-js/module.js'), '/old': html('/npm/posthog-js-1-236/module.js') })
    const given: NoFlickerOptions = { host: hedgerow.url, token: projectToken, timeoutMs: 30_000 }
    const flags = nextFlags(given)
    app = createServer(async (request, response) => {
      if (request.url !== '/') {
        const script = await fetch(pages.url + request.url)
        response.writeHead(script.status, { 'content-type': 'text/javascript' }).end(await script.text())
        return
      }
      const { html: script } = await flags(request.headers.cookie ?? '')
      const page = html('/npm/posthog-js/module.js', ', bootstrap: window.__flags')
      response.writeHead(200, { 'content-type': 'text/html' }).end(withBootstrap(page, `<script>${script}</script>`))
    })
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
    appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`
  })
  afterAll(async () => {
    await browser?.close()
    await pages?.close()
    app?.close()
    app?.closeAllConnections()
  })

  async function visit(url: string, use: (page: Page, asked: string[]) => Promise<void>) {
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      const asked: string[] = []
      page.on('request', (request) => asked.push(new URL(request.url()).pathname))
      await page.goto(url)
      await page.waitForFunction(() => Boolean((window as unknown as FlagsPage).PH))
      await use(page, asked)
    } finally {
      await context.close()
    }
  }
  const value = (page: Page, key: string) => page.evaluate((name) => (window as unknown as FlagsPage).PH.getFeatureFlag(name), key)
  /** Resolves once flags have come; asked of a page that may have them already. */
  const loaded = (page: Page) =>
    page.evaluate(() => new Promise<void>((resolve) => void (window as unknown as FlagsPage).PH.onFeatureFlags(() => resolve())))
  const untilValue = (page: Page, key: string, wanted: unknown) =>
    until(`${key} to be ${String(wanted)}`, async () => ((await value(page, key)) === wanted ? true : undefined))

  async function askedFor(key: string, distinctId: string): Promise<unknown> {
    const body = JSON.stringify({ token: projectToken, distinct_id: distinctId })
    const response = await fetch(`${hedgerow.url}/flags/?v=2`, { method: 'POST', body })
    return ((await response.json()) as { featureFlags: Record<string, unknown> }).featureFlags[key]
  }
  async function otherThan(answer: unknown): Promise<string> {
    for (let i = 0; ; i++) if ((await askedFor('kept', `user ${i}`)) !== answer) return `user ${i}`
  }

  test('flags, variants, payloads; again after identify and group; an override', () =>
    visit(`${pages.url}/new`, async (page) => {
      await loaded(page)
      expect([await value(page, 'everybody'), await value(page, 'nobody'), await value(page, 'pro')]).toEqual([true, false, false])
      expect(['control', 'test']).toContain(await value(page, 'split'))
      expect(await page.evaluate(() => (window as unknown as FlagsPage).PH.getFeatureFlagPayload('everybody'))).toEqual({ colour: 'green' })
      await page.evaluate(() => (window as unknown as FlagsPage).PH.identify('in the browser', { plan: 'pro' }))
      await untilValue(page, 'pro', true)
      await page.evaluate(() => (window as unknown as FlagsPage).PH.group('company', 'acme'))
      await untilValue(page, 'gold', true)
      await page.evaluate(() => (window as unknown as FlagsPage).PH.featureFlags.overrideFeatureFlags({ flags: { nobody: 'forced' } }))
      expect(await value(page, 'nobody')).toBe('forced')
    }))

  test('whoever is identified keeps the answer of before', () =>
    visit(`${pages.url}/new`, async (page) => {
      await loaded(page)
      const before = await value(page, 'kept')
      expect(before).toMatch(/^[abcd]$/)
      const answered = page.waitForResponse((response) => {
        const body = response.request().postData() ?? ''
        return new URL(response.url()).pathname === '/flags/' && body.length > 0
      })
      // An id that would get another answer by itself.
      const user = await otherThan(before)
      await page.evaluate((id) => void (window as unknown as FlagsPage).PH.identify(id), user)
      await answered
      await page.waitForTimeout(300)
      expect(await value(page, 'kept')).toBe(before)
      expect(await askedFor('kept', user)).toBe(before)
    }))

  test('1.236, which knows only /decide/', () =>
    visit(`${pages.url}/old`, async (page, asked) => {
      await loaded(page)
      expect([await value(page, 'everybody'), await value(page, 'nobody')]).toEqual([true, false])
      expect(await page.evaluate(() => (window as unknown as FlagsPage).PH.getFeatureFlagPayload('everybody'))).toEqual({ colour: 'green' })
      expect(asked).toContain('/decide/')
      expect(asked).not.toContain('/flags/')
    }))

  test('a page that carries its flags has them at once, and the server agrees', () =>
    visit(appUrl, async (page) => {
      const atOnce = (await page.evaluate(() => (window as unknown as FlagsPage).flagsAtOnce)) as Record<string, unknown>
      expect(atOnce).toMatchObject({ everybody: true, payload: { colour: 'green' } })
      expect(['control', 'test']).toContain(atOnce.split)
      await loaded(page)
      await page.waitForTimeout(500)
      expect(await value(page, 'split')).toBe(atOnce.split)
      const id = await page.evaluate(() => (window as unknown as FlagsPage).PH.get_distinct_id())
      await page.reload()
      await page.waitForFunction(() => Boolean((window as unknown as FlagsPage).PH))
      expect(await page.evaluate(() => (window as unknown as FlagsPage).PH.get_distinct_id())).toBe(id)
      expect(await page.evaluate(() => (window as unknown as FlagsPage).flagsAtOnce)).toEqual(atOnce)
    }))
})
