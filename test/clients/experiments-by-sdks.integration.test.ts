import type { Browser } from 'playwright-core'
import { PostHog } from 'posthog-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onboardingExperiment, pricingExperiment } from '../../packages/platform/src/demo/effects.ts'
import { chromiumPath, openBrowser, servePages } from '../harness/browser.ts'
import { type Hedgerow, projectToken, secretKey, startHedgerow } from '../harness/hedgerow.ts'

/** The demo's two experiments, with its built-in rates, but assigned by SDKs as an app would. */
let hedgerow: Hedgerow
const people = { onboarding: 1200, pricing: 1800, browser: 60 }

interface Results {
  exposures: { total_exposures: Record<string, number>; sample_ratio_mismatch: { mismatch: boolean } | null }
  metrics: {
    baseline: { number_of_samples: number; sum: number }
    variant_results: { key: string; sum: number; number_of_samples: number; credible_interval: [number, number]; significant: boolean }[]
  }[]
  waterfall: { units: number }
}

/** As much of posthog-js as the app uses. */
interface OfTheApp {
  init(token: string, options: object, name: string): OfTheApp
  onFeatureFlags(act: () => void): void
  getFeatureFlag(key: string): unknown
  capture(event: string): void
}

/** The same for each person and purpose in every run. */
function chance(of: string): number {
  let state = 2_166_136_261
  for (const char of of) state = Math.imul(state ^ char.charCodeAt(0), 16_777_619)
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39)
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32
}

const started = new Date(Date.now() - 3_600_000).toISOString()
const create = (body: object) => hedgerow.api<{ id: number }>('POST', '/api/projects/1/experiments/', { start_date: started, ...body })
const variantsOf = (keys: readonly string[]) => ({
  feature_flag_variants: keys.map((key, i) => ({
    key,
    rollout_percentage: i === 0 ? 100 - Math.floor(100 / keys.length) * (keys.length - 1) : Math.floor(100 / keys.length),
  })),
})
const conversion = (event: string) => [
  { kind: 'ExperimentMetric', metric_type: 'funnel', name: event, series: [{ kind: 'EventsNode', event }] },
]
const results = (id: number) => hedgerow.api<Results>('GET', `/api/projects/1/experiments/${id}/results/`)

beforeAll(async () => {
  hedgerow = await startHedgerow()
})
afterAll(() => hedgerow?.stop())

describe('posthog-node', () => {
  let client: PostHog
  beforeAll(() => {
    client = new PostHog(projectToken, { host: hedgerow.url, personalApiKey: secretKey, flushAt: 200 })
  })
  afterAll(() => client?.shutdown())

  test('the checklist: exposed by the flag call, its built-in effect is found', async () => {
    const { flagKey, variants, activationRate, activationEvent } = onboardingExperiment
    const { id } = await create({
      name: 'Onboarding checklist',
      feature_flag_key: flagKey,
      parameters: variantsOf(variants),
      metrics: conversion(activationEvent),
    })
    await client.reloadFeatureFlags()
    const assigned: Record<string, number> = {}
    for (let i = 0; i < people.onboarding; i++) {
      const distinctId = `owner-${i}`
      const variant = (await client.getFeatureFlag(flagKey, distinctId)) as 'control' | 'test'
      assigned[variant] = (assigned[variant] ?? 0) + 1
      if (chance(`activated ${distinctId}`) < activationRate[variant]) client.capture({ distinctId, event: activationEvent })
    }
    await client.flush()
    await hedgerow.settled()
    const found = await results(id)
    expect(found.exposures.total_exposures).toEqual(assigned)
    expect(found.exposures.sample_ratio_mismatch?.mismatch).toBe(false)
    const [test_] = found.metrics[0]?.variant_results ?? []
    const effect = activationRate.test / activationRate.control - 1
    expect(test_?.significant).toBe(true)
    expect(test_?.credible_interval[0]).toBeLessThan(effect)
    expect(test_?.credible_interval[1]).toBeGreaterThan(effect)
  })

  test('the pricing page: exposed by an event of the app’s own, one of two variants has an effect', async () => {
    const { name, variants, subscriptionEvent, subscriptionRate } = pricingExperiment
    const exposure = { event: '$experiment_started', experiment_name_property: '$experiment_name', variant_property: '$experiment_variant' }
    const { id } = await create({
      name,
      feature_flag_key: name,
      parameters: variantsOf(variants),
      metrics: conversion(subscriptionEvent),
      exposure_criteria: { exposure_config: { kind: 'ExperimentEventExposureConfig', properties: [], ...exposure } },
    })
    await client.reloadFeatureFlags()
    for (let i = 0; i < people.pricing; i++) {
      const distinctId = `buyer-${i}`
      const variant = (await client.getFeatureFlag(name, distinctId, { sendFeatureFlagEvents: false })) as (typeof variants)[number]
      client.capture({ distinctId, event: '$experiment_started', properties: { $experiment_name: name, $experiment_variant: variant } })
      if (chance(`subscribed ${distinctId}`) < subscriptionRate[variant]) client.capture({ distinctId, event: subscriptionEvent })
    }
    await client.flush()
    await hedgerow.settled()
    const found = await results(id)
    expect(found.waterfall.units).toBe(people.pricing)
    const of = (key: string) => found.metrics[0]?.variant_results.find((variant) => variant.key === key)
    const effect = subscriptionRate['annual-first'] / subscriptionRate.control - 1
    expect(of('annual-first')?.significant).toBe(true)
    expect(of('annual-first')?.credible_interval[0]).toBeLessThan(effect)
    expect(of('annual-first')?.credible_interval[1]).toBeGreaterThan(effect)
    expect(of('usage-based')?.significant).toBe(false)
  })
})

describe.skipIf(!chromiumPath)('posthog-js in Chromium', () => {
  let browser: Browser
  let pages: Awaited<ReturnType<typeof servePages>>
  beforeAll(async () => {
    browser = await openBrowser()
    pages = await servePages({
      '/app': `<!doctype html><meta charset="utf-8"><title>App</title>
    <script type="module">import posthog from '/npm/posthog-js/module.js'
    window.ofTheApp = posthog</script>`,
    })
  })
  afterAll(async () => {
    await browser?.close()
    await pages?.close()
  })

  test('people of a browser get the variants that the server says, and are exposed once each', async () => {
    const { id } = await create({ name: 'In the browser', feature_flag_key: 'in-the-browser', metrics: conversion('clicked') })
    const page = await browser.newPage()
    await page.goto(`${pages.url}/app`)
    await page.waitForFunction(() => 'ofTheApp' in window)
    const assigned = await page.evaluate(
      async ({ api, token, count }) => {
        const posthog = (window as unknown as { ofTheApp: OfTheApp }).ofTheApp
        const counts: Record<string, { people: number; clicked: number }> = {}
        const one = (i: number) =>
          new Promise<void>((resolve) => {
            const options = {
              api_host: api,
              persistence: 'memory',
              persistence_name: `visitor${i}`,
              autocapture: false,
              capture_pageview: false,
              disable_session_recording: true,
            }
            const bootstrap = { distinctID: `visitor-${i}`, isIdentifiedID: true }
            const client = posthog.init(
              token,
              // why: with the exposure in one request, so that the network's delay cannot put the click before it.
              {
                ...options,
                bootstrap,
                opt_out_useragent_filter: true,
                feature_flag_request_timeout_ms: 60_000,
                request_queue_config: { flush_interval_ms: 250 },
              },
              `visitor${i}`,
            )
            client.onFeatureFlags(() => {
              const variant = String(client.getFeatureFlag('in-the-browser'))
              client.getFeatureFlag('in-the-browser')
              const own = counts[variant] ?? { people: 0, clicked: 0 }
              own.people++
              if (i % 3 === 0) {
                own.clicked++
                client.capture('clicked')
              }
              counts[variant] = own
              resolve()
            })
          })
        for (let i = 0; i < count; i++) await one(i)
        return counts
      },
      { api: hedgerow.url, token: projectToken, count: people.browser },
    )
    expect(Object.keys(assigned).sort()).toEqual(['control', 'test'])
    const of = (what: 'people' | 'clicked') => Object.fromEntries(Object.entries(assigned).map(([key, own]) => [key, own[what]]))
    const found = async () => {
      const { exposures, metrics } = await results(id)
      const [metric] = metrics
      return { people: exposures.total_exposures, clicked: { control: metric?.baseline.sum, test: metric?.variant_results[0]?.sum } }
    }
    await expect.poll(found, { timeout: 60_000, interval: 500 }).toEqual({ people: of('people'), clicked: of('clicked') })
    await page.close()
  })
})
