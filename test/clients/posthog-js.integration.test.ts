import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openBrowser, servePages } from '../harness/browser.ts'
import { type Hedgerow, projectToken, type StoredEvent, sleep, startHedgerow, until } from '../harness/hedgerow.ts'

const body = `<title>Plants</title><h1>Plants</h1>
  <form id="order" onsubmit="return false"><input name="plant" value="beech"><button id="buy" class="primary wide" data-kind="hedge">Buy now</button></form>
  <a id="more" href="/more?utm_source=inside">More</a>`

/** The three ways an app takes posthog-js in: the HTML snippet, the npm import, and a version of years ago. */
const ways = {
  snippet: (api: string) => `<!doctype html><meta charset="utf-8">
    <script>window.posthog=[];posthog.__SV=1;posthog.people=[];
    posthog._i=[['${projectToken}',{api_host:'${api}',opt_out_useragent_filter:true,capture_pageview:true,capture_pageleave:true,loaded:p=>{window.PH=p}},'posthog']]</script>
    <script async crossorigin="anonymous" src="${api}/static/array.js"></script>${body}`,
  npm: (api: string) => `<!doctype html><meta charset="utf-8">
    <script type="module">import posthog from '/npm/posthog-js/module.js'
    posthog.init('${projectToken}',{api_host:'${api}',opt_out_useragent_filter:true,capture_pageview:true,capture_pageleave:true,loaded:p=>{window.PH=p}})</script>${body}`,
  'npm 1.236': (api: string) => `<!doctype html><meta charset="utf-8">
    <script type="module">import posthog from '/npm/posthog-js-1-236/module.js'
    posthog.init('${projectToken}',{api_host:'${api}',opt_out_useragent_filter:true,capture_pageview:true,capture_pageleave:true,loaded:p=>{window.PH=p}})</script>${body}`,
}

type Method =
  | 'identify'
  | 'group'
  | 'register'
  | 'capture'
  | 'reset'
  | 'opt_out_capturing'
  | 'opt_in_capturing'
  | 'onFeatureFlags'
  | 'isFeatureEnabled'
type PostHog = { get_distinct_id(): string; autocapture: { isEnabled: boolean } } & Record<Method, (...args: unknown[]) => unknown>
declare global {
  interface Window {
    PH: PostHog
  }
}

describe.skipIf(!chromiumPath)('posthog-js in Chromium', () => {
  let hedgerow: Hedgerow
  let browser: Browser
  let pages: Awaited<ReturnType<typeof servePages>>

  beforeAll(async () => {
    hedgerow = await startHedgerow()
    browser = await openBrowser()
    const html = Object.fromEntries(Object.entries(ways).map(([name, page]) => [`/${encodeURIComponent(name)}`, page(hedgerow.url)]))
    pages = await servePages({ ...html, '/more': '<title>More</title>' })
  })
  afterAll(async () => {
    await browser?.close()
    await pages?.close()
    await hedgerow?.stop()
  })

  const ready = (page: Page) => page.waitForFunction(() => Boolean(window.PH))
  const distinctId = (page: Page) => page.evaluate(() => window.PH.get_distinct_id())
  const eventsOf = (ids: string[]) => hedgerow.events(`distinct_id in (${ids.map((id) => `'${id}'`).join(',')})`)
  const untilStored = (ids: string[], want: Record<string, number>): Promise<StoredEvent[]> =>
    until(`events ${JSON.stringify(want)}`, async () => {
      const found = await eventsOf(ids)
      return Object.entries(want).every(([name, count]) => found.filter((e) => e.event === name).length >= count) ? found : undefined
    })
  async function visit(way: string, use: (page: Page, context: BrowserContext) => Promise<void>) {
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      page.setDefaultTimeout(60_000)
      await page.goto(`${pages.url}/${encodeURIComponent(way)}?utm_source=newsletter&utm_campaign=spring`)
      await ready(page)
      await use(page, context)
    } finally {
      await context.close()
    }
  }

  test.each(Object.keys(ways))('%s: page view, autocapture, identify, group, page leave are stored field by field', async (way) => {
    const user = `user of ${way}`
    const beganAt = Date.now()
    let anonymous = ''
    await visit(way, async (page) => {
      anonymous = await distinctId(page)
      await untilStored([anonymous], { $pageview: 1 })
      // why: autocapture starts once remote config has arrived.
      await page.waitForFunction(() => window.PH.autocapture.isEnabled)
      await page.click('#buy')
      await page.evaluate((id) => window.PH.identify(id, { email: `${id}@example.com`, plan: 'free' }, { first_plan: 'trial' }), user)
      await page.evaluate(() => window.PH.group('company', 'acme', { name: 'Acme', seats: 12 }))
      await page.evaluate(() => window.PH.register({ shop: 'north' }))
      await page.evaluate(() => window.PH.capture('order placed', { price: 12.5, items: ['beech', 'yew'], nested: { a: { b: 1 } } }))
      await untilStored([user], { $identify: 1, $groupidentify: 1, 'order placed': 1 })
      await page.goto('about:blank')
    })
    const stored = await untilStored([anonymous, user], { $pageview: 1, $autocapture: 1, $pageleave: 1, 'order placed': 1 })

    const named = (name: string) => stored.filter((e) => e.event === name)
    const pageview = named('$pageview')[0]
    expect(pageview?.properties).toMatchObject({
      $current_url: expect.stringContaining('utm_source=newsletter'),
      $host: new URL(pages.url).host,
      $lib: 'web',
      title: 'Plants',
      utm_source: 'newsletter',
      $device_id: anonymous,
    })
    expect(pageview?.properties).not.toHaveProperty('token')
    expect(pageview?.distinct_id).toBe(anonymous)
    const at = Date.parse(pageview?.timestamp ?? '')
    expect(at).toBeGreaterThan(beganAt - 1_000)
    expect(at).toBeLessThan(Date.now())

    const click = named('$autocapture').find((e) => e.properties.$event_type === 'click')
    expect(click?.elements_chain).toMatch(/^button\.primary\.wide:/)
    expect(click?.elements_chain).toContain('text="Buy now"')
    expect(click?.elements_chain).toContain('attr_id="buy"')
    expect(click?.properties).not.toHaveProperty('$elements_chain')

    const order = named('order placed')[0]
    expect(order?.properties).toMatchObject({
      price: 12.5,
      items: ['beech', 'yew'],
      nested: { a: { b: 1 } },
      shop: 'north',
      $groups: { company: 'acme' },
    })
    expect(new Set(stored.map((e) => e.person_id)).size).toBe(1)
    expect(new Set(stored.map((e) => e.uuid)).size).toBe(stored.length)

    const [person] = await hedgerow.persons(`${user}@example.com`)
    expect(person?.distinct_ids.sort()).toEqual([anonymous, user].sort())
    expect(person?.is_identified).toBe(true)
    expect(person?.properties).toMatchObject({
      email: `${user}@example.com`,
      plan: 'free',
      first_plan: 'trial',
      $browser: expect.any(String),
    })
    const group = await hedgerow.api('GET', `/api/projects/1/groups/find?group_type_index=0&group_key=acme`)
    expect(group).toMatchObject({ group_key: 'acme', group_properties: { name: 'Acme', seats: 12 } })
  })

  test('opting out stops capture, opting in resumes it, reset begins a new person', async () => {
    await visit('npm', async (page) => {
      const first = await distinctId(page)
      await page.evaluate(() => {
        window.PH.opt_out_capturing()
        window.PH.capture('while opted out')
        window.PH.opt_in_capturing()
        window.PH.capture('after opting in')
      })
      await untilStored([first], { 'after opting in': 1 })
      await page.evaluate(() => window.PH.reset(true))
      const second = await distinctId(page)
      expect(second).not.toBe(first)
      await page.evaluate(() => window.PH.capture('after reset'))
      const [afterReset] = await untilStored([second], { 'after reset': 1 })
      const before = await eventsOf([first])
      expect(before.map((e) => e.event)).not.toContain('while opted out')
      expect(before.map((e) => e.person_id)).not.toContain(afterReset?.person_id)
    })
  })

  test('events captured offline arrive once, after the network is back', async () => {
    await visit('npm', async (page, context) => {
      const id = await distinctId(page)
      await untilStored([id], { $pageview: 1 })
      await context.setOffline(true)
      await page.evaluate(() => window.PH.capture('in a tunnel', { n: 1 }, { send_instantly: true }))
      await sleep(500)
      expect((await eventsOf([id])).map((e) => e.event)).not.toContain('in a tunnel')
      await context.setOffline(false)
      const stored = await untilStored([id], { 'in a tunnel': 1 })
      expect(stored.filter((e) => e.event === 'in a tunnel')).toHaveLength(1)
      const [event] = stored.filter((e) => e.event === 'in a tunnel')
      expect(event?.properties.n).toBe(1)
    })
  })

  test('flags answer at once for a project without flags', async () => {
    await visit('snippet', async (page) => {
      const answered = await page.evaluate(
        () => new Promise((resolve) => window.PH.onFeatureFlags((...args: unknown[]) => resolve({ flags: args[0], errors: args[2] }))),
      )
      expect(answered).toMatchObject({ flags: [] })
      expect(await page.evaluate(() => window.PH.isFeatureEnabled('nothing'))).toBeFalsy()
    })
  })
})
