import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { withFlags } from '@hedgerow/flags/no-flicker'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, servePages } from '../harness/browser.ts'
import { projectToken } from '../harness/hedgerow.ts'
import { openWorkplace, stepTimeoutMs, type Workplace } from './harness.ts'

interface ShopWindow {
  painted: string[]
  PH: { get_distinct_id(): string }
}

describe.skipIf(!chromiumPath)('a flag, from its page to the page of an app', () => {
  let work: Workplace
  let scripts: Awaited<ReturnType<typeof servePages>>
  let shop: Server
  let shopUrl = ''

  /** An app's page: it notes everything that a visitor sees in its heading, and asks again when a flag changes. */
  const html = (host: string) => `<!doctype html><html lang="en"><head><title>Shop</title></head><body><h1></h1><script type="module">
    import posthog from '/npm/posthog-js/module.js'
    window.painted = []
    const paint = () => {
      const words = posthog.isFeatureEnabled('welcome') ? 'New welcome ' + posthog.getFeatureFlagPayload('welcome').size : 'Old welcome'
      document.querySelector('h1').textContent = words
      if (window.painted.at(-1) !== words) window.painted.push(words)
    }
    posthog.init('${projectToken}', { api_host: '${host}', bootstrap: window.__flags, opt_out_useragent_filter: true })
    paint()
    posthog.onFeatureFlags(paint)
    new EventSource('${host}/flags/stream?token=${projectToken}').addEventListener('change', () => posthog.reloadFeatureFlags())
    window.PH = posthog</script></body></html>`

  beforeAll(async () => {
    work = await openWorkplace([])
    scripts = await servePages({})
    const page = new TextEncoder().encode(html(work.hedgerow.url))
    const handle = withFlags(
      async (request: Request) => {
        const { pathname } = new URL(request.url)
        if (pathname !== '/') return fetch(scripts.url + pathname)
        return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } })
      },
      { host: work.hedgerow.url, token: projectToken, timeoutMs: 30_000 },
    )
    shop = createServer(async (request, response) => {
      const headers = { cookie: request.headers.cookie ?? '' }
      const answer = await handle(new Request(new URL(request.url ?? '/', shopUrl), { headers }))
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`
  })
  afterAll(async () => {
    await work?.stop()
    await scripts?.close()
    shop?.close()
    shop?.closeAllConnections()
  })

  const painted = (page: Page) => page.evaluate(() => (window as unknown as ShopWindow).painted)
  const seen = (page: Page, words: string) => page.getByRole('heading', { name: words, exact: true }).waitFor()

  test('is made on its page, seen on first paint, and every change arrives while the visitor looks on', async () => {
    const desk = await work.open('/flags/new')
    await desk.getByLabel('Key', { exact: true }).fill('welcome')
    await desk.getByLabel('Payload', { exact: true }).fill('{"size": 1}')
    await desk.getByRole('button', { name: 'Create the flag' }).click()
    await desk.getByRole('heading', { level: 1, name: 'welcome' }).waitFor()

    const visitor = await work.context.browser()?.newContext()
    if (!visitor) throw new Error('There is no browser.')
    const page = await visitor.newPage()
    page.setDefaultTimeout(stepTimeoutMs)
    const listening = () => page.waitForResponse((response) => new URL(response.url()).pathname === '/flags/stream')
    await Promise.all([listening(), page.goto(shopUrl)])
    await seen(page, 'New welcome 1')
    const id = await page.evaluate(() => (window as unknown as ShopWindow).PH.get_distinct_id())
    expect(await painted(page)).toEqual(['New welcome 1'])

    await desk.getByRole('tab', { name: 'Edit' }).click()
    await desk.getByLabel('Payload', { exact: true }).fill('{"size": 2}')
    await desk.getByRole('button', { name: 'Save the change' }).click()
    await seen(page, 'New welcome 2')
    // The switch itself is out of sight; people press what is drawn in its place.
    const onAndOff = desk.getByRole('switch', { name: 'welcome enabled' }).locator('..')
    await onAndOff.click()
    await seen(page, 'Old welcome')
    expect(await painted(page)).toEqual(['New welcome 1', 'New welcome 2', 'Old welcome'])

    await Promise.all([listening(), page.reload()])
    await seen(page, 'Old welcome')
    await onAndOff.click()
    await seen(page, 'New welcome 2')
    await page.reload()
    await seen(page, 'New welcome 2')
    expect(await painted(page)).toEqual(['New welcome 2'])
    expect(await page.evaluate(() => (window as unknown as ShopWindow).PH.get_distinct_id())).toBe(id)
    await visitor.close()
    expect(work.faults).toEqual([])
  })
})
