import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { everyPage, faultsInBothThemes, type Looked, openWorkplace, phone, type Workplace } from './harness.ts'
import { meadowEvents, send } from './meadow.ts'

const experimentsPath = '/api/projects/1/experiments/'
const dayMs = 86_400_000

interface Experiment {
  id: number
  status: string
  phase: number
  metrics: { name: string }[]
  feature_flag: { active: boolean; filters: { multivariate: { variants: { key: string; rollout_percentage: number }[] } } }
}

/** Two hundred people of each variant; of the control every fifth buys, of the test every other. */
function checkoutEvents(now: Date): object[] {
  return Array.from({ length: 400 }, (_, i) => {
    const [variant, distinct_id] = [i % 2 === 0 ? 'control' : 'test', `shopper-${i}`]
    const at = (days: number) => new Date(now.getTime() - days * dayMs).toISOString()
    const properties = { $feature_flag: 'checkout', $feature_flag_response: variant }
    const called = { event: '$feature_flag_called', distinct_id, timestamp: at(8 - (i % 6)), properties }
    const buys = variant === 'control' ? i % 10 === 0 : i % 4 === 1
    return buys ? [called, { event: 'bought', distinct_id, timestamp: at(7.9 - (i % 6)), properties: { amount: 10 + (i % 5) } }] : [called]
  }).flat()
}

describe.skipIf(!chromiumPath)('what people do with experiments', () => {
  let work: Workplace
  let running: number
  const api = <Answer = Experiment>(method: string, path: string, body?: unknown) => work.hedgerow.api<Answer>(method, path, body)
  const stored = (id: number) => api('GET', `${experimentsPath}${id}/`)
  const idIn = (page: Page) => Number(/\/experiments\/(\d+)/.exec(page.url())?.[1])

  beforeAll(async () => {
    const now = new Date()
    work = await openWorkplace(meadowEvents(now))
    await send(work.hedgerow.url, checkoutEvents(now))
    await work.hedgerow.settled()
    const metric = { kind: 'ExperimentMetric', metric_type: 'funnel', name: 'Bought', series: [{ kind: 'EventsNode', event: 'bought' }] }
    const guardrail = {
      ...metric,
      name: 'Amount',
      metric_type: 'mean',
      source: { kind: 'EventsNode', event: 'bought' },
      is_guardrail: true,
    }
    const made = await api('POST', experimentsPath, {
      name: 'Checkout',
      description: 'A shorter checkout sells more.',
      feature_flag_key: 'checkout',
      start_date: new Date(now.getTime() - 9 * dayMs).toISOString(),
      metrics: [metric],
      metrics_secondary: [guardrail, { ...metric, name: 'Bought again' }],
      stats_config: { method: 'frequentist', multiple_comparison: 'holm' },
    })
    running = made.id
  })
  afterAll(() => work?.stop())

  test('from a hypothesis to a draft, and from there to a running experiment', async () => {
    const page = await work.open('/experiments')
    await page.getByRole('link', { name: 'New experiment' }).first().click()
    await page.getByLabel('Name', { exact: true }).first().fill('Shorter form')
    await page.getByLabel('Hypothesis').fill('Fewer fields, more sign-ups.')
    await page
      .getByRole('combobox', { name: 'Event' })
      .or(page.getByLabel('Event', { exact: true }))
      .first()
      .fill('signed_up')
    await page.keyboard.press('Escape')
    await page.getByText('People in each variant').waitFor()
    await page.getByRole('button', { name: 'Save as a draft' }).click()
    await page.getByRole('button', { name: 'Launch' }).click()
    await page.getByText('Running', { exact: true }).first().waitFor()
    const made = await stored(idIn(page))
    expect([made.status, made.feature_flag.active, made.metrics.map(({ name }) => name)]).toEqual(['running', true, ['Did signed_up']])
    expect(work.faults).toEqual([])
  })

  test('read the verdict, the guardrail and what is left after the correction', async () => {
    const page = await work.open(`/experiments/${running}`)
    await page
      .getByRole('region', { name: 'Verdict' })
      .getByText(/test is better on Bought/)
      .waitFor()
    await page.getByText('Amount', { exact: true }).first().waitFor()
    await page.getByText(/Holm over 2 comparisons/).waitFor()
    await page
      .getByText(/still significant/)
      .first()
      .waitFor()
    expect(work.faults).toEqual([])
  })

  test('look behind a number: its people, its parts, its course and its SQL', async () => {
    const page = await work.open(`/experiments/${running}`)
    await page.getByRole('button', { name: 'Details of Bought', exact: true }).click()
    const details = page.getByRole('dialog', { name: 'Bought' })
    await details.getByRole('row', { name: /^1\. bought 40 100$/ }).waitFor()
    await details.getByRole('tab', { name: 'People' }).click()
    await details.getByText('did it').first().waitFor()
    expect(await details.getByRole('list', { name: 'People' }).getByText('did it').count()).toBe(40)
    await details.getByRole('tab', { name: 'Breakdown' }).click()
    await details.getByRole('combobox', { name: 'By a property of the exposure' }).fill('$feature_flag')
    await details.getByRole('region', { name: 'checkout', exact: true }).getByRole('row', { name: 'People 200 200' }).waitFor()
    await page.keyboard.press('Escape')
    await details.getByRole('tab', { name: 'SQL' }).click()
    await details.getByText('What the event store was sent').waitFor()
    await details.getByRole('tab', { name: 'Over time' }).click()
    await details.getByText(/^test against control: \+150/).waitFor({ state: 'attached' })
    expect(work.faults).toEqual([])
  })

  test('add a metric to a running experiment: only with a new phase', async () => {
    const page = await work.open(`/experiments/${running}`)
    await page.getByRole('button', { name: 'Metrics', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'What is measured' })
    await dialog.getByLabel('Event', { exact: true }).first().fill('bought')
    await page.keyboard.press('Escape')
    await dialog.waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('Sales')
    await dialog.getByRole('button', { name: 'Add it' }).click()
    const begin = dialog.getByRole('button', { name: 'Begin a new phase' })
    expect(await begin.isDisabled()).toBe(true)
    await dialog.getByRole('checkbox', { name: /Begin a new phase/ }).check()
    await begin.click()
    await dialog.waitFor({ state: 'hidden' })
    const after = await stored(running)
    expect([after.phase, after.metrics.map(({ name }) => name)]).toEqual([2, ['Bought', 'Sales']])
  })

  test('ship a variant', async () => {
    const page = await work.open(`/experiments/${running}`)
    await page.getByRole('button', { name: 'Ship a variant' }).click()
    await page.getByRole('button', { name: 'Ship it' }).click()
    await page.getByText('Ended', { exact: true }).first().waitFor()
    const { status, feature_flag: flag } = await stored(running)
    expect(status).toBe('stopped')
    expect(flag.filters.multivariate.variants.map(({ key, rollout_percentage: share }) => [key, share])).toEqual([
      ['control', 0],
      ['test', 100],
    ])
  })

  test('a shared metric, a holdout, and a calculation by hand', async () => {
    const page = await work.open('/experiments')
    await page.getByRole('button', { name: 'More about experiments' }).click()
    await page.getByRole('menuitem', { name: 'Shared metrics, holdouts' }).click()
    await page.getByRole('button', { name: 'New metric' }).click()
    const dialog = page.getByRole('dialog', { name: 'New shared metric' })
    await dialog.getByLabel('Event', { exact: true }).first().fill('bought')
    await page.keyboard.press('Tab')
    await dialog.getByRole('button', { name: 'Save it' }).click()
    await page.getByText('Did bought').waitFor()
    await page.getByLabel('Name of a new holdout').fill('Nobody new')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('5 % of people').waitFor()
    const calculators = await work.open('/experiments/calculators')
    await calculators
      .getByText(/^3[,. ]?532$/)
      .first()
      .waitFor()
    expect(work.faults).toEqual([])
  })

  const pages = (): Looked[] => [
    ['list', '/experiments', (page) => page.getByText('Checkout').first().waitFor()],
    ['new', '/experiments/new', (page) => page.getByLabel('Hypothesis').waitFor()],
    ['results', `/experiments/${running}`, (page) => page.getByText('Can it be trusted?').waitFor()],
    [
      'details',
      `/experiments/${running}`,
      async (page) => {
        await page.getByRole('button', { name: 'Details of Bought', exact: true }).click()
        await page.getByRole('dialog', { name: 'Bought' }).getByText('Change').waitFor()
      },
    ],
    ['shared', '/experiments/shared', (page) => page.getByRole('heading', { name: 'Holdouts' }).waitFor()],
    ['calculators', '/experiments/calculators', (page) => page.getByText('As planned').waitFor()],
  ]
  test.each([
    ['at a desk', {}],
    ['on a phone', phone],
  ] as const)('every page is accessible and fits, in light and dark: %s', everyPage, async (_, options) => {
    expect(await faultsInBothThemes(work, pages(), options)).toEqual([])
  })
})
