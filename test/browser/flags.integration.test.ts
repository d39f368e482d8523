import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import { projectToken, until } from '../harness/hedgerow.ts'
import { everyPage, faultsInBothThemes, type Looked, openWorkplace, phone, type Workplace } from './harness.ts'
import { send } from './meadow.ts'

interface Flag {
  id: number
  version: number
  active: boolean
  filters: { groups: object[]; multivariate: object | null; payloads: Record<string, string> }
}

const everyone = { groups: [{ properties: [], rollout_percentage: 100 }] }
const flagsPath = '/api/projects/1/feature_flags/'

describe.skipIf(!chromiumPath)('what people do with feature flags', () => {
  let work: Workplace
  let staging: number
  const api = <Answer = Flag>(method: string, path: string, body?: unknown) => work.hedgerow.api<Answer>(method, path, body)
  const make = (key: string, more: object = {}) => api('POST', flagsPath, { key, filters: everyone, ...more })
  const stored = (id: number) => api('GET', `${flagsPath}${id}/`)
  const idIn = (page: Page) => Number(/\/flags\/(\d+)/.exec(page.url())?.[1])
  /** Picks from a list that opens by a button. */
  async function pick(page: Page, button: string | RegExp, search: string, option: string | RegExp): Promise<void> {
    await page.getByRole('button', { name: button }).click()
    await page
      .getByPlaceholder(/^Search/)
      .last()
      .fill(search)
    await page.getByRole('option', { name: option }).first().click()
  }
  async function choose(page: Page, field: Locator, option: string): Promise<void> {
    await field.click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }

  beforeAll(async () => {
    work = await openWorkplace()
    const told = Array.from({ length: 6 }, (_, person) => ({
      event: '$feature_flag_called',
      distinct_id: `person-${person}`,
      properties: { $feature_flag: 'old-checkout', $feature_flag_response: true },
    }))
    await send(work.hedgerow.url, told)
    await make('old-checkout', { name: 'The checkout of last year', tags: ['shop'] })
    staging = (await api<{ id: number }>('POST', '/api/projects/', { name: 'Staging' })).id
    await api('POST', '/api/projects/1/cohorts/', {
      name: 'Early people',
      filters: { properties: { type: 'AND', values: [{ type: 'person', key: 'email', operator: 'icontains', value: 'person-1' }] } },
    })
    await work.hedgerow.settled()
  })
  afterAll(() => work?.stop())

  test('make a flag of several variants for some people, and see whom it reaches', async () => {
    const page = await work.open('/flags')
    await page.getByRole('link', { name: 'New flag' }).click()
    await page.getByRole('heading', { level: 1, name: 'New feature flag' }).waitFor()
    const key = page.getByLabel('Key', { exact: true })
    await key.fill('old-checkout')
    await page.getByText('Another flag has this key.').first().waitFor()
    await key.fill('new-checkout')
    await page.getByText('Several variants').click()
    await page.getByLabel('Payload of variant 1').fill('{"colour": green}')
    await page.getByRole('button', { name: 'Create the flag' }).click()
    await page.getByRole('alert').filter({ hasText: /JSON/ }).waitFor()
    await page.getByLabel('Payload of variant 1').fill('{"colour": "green"}')

    await pick(page, 'Add: Property, to set 1', 'email', /e-?mail/i)
    await choose(page, page.getByRole('combobox', { name: 'Comparison' }), 'contains')
    await page.getByRole('combobox', { name: 'Value' }).fill('person-1')
    await page.getByText('11 of 40 people match (28 %).').waitFor()
    await page.getByLabel('Rollout of set 1 in percent').fill('50')
    await page.getByText('11 of 40 people match (28 %); about 6 within the rollout.').waitFor()
    await page.getByRole('button', { name: 'Add a set' }).click()
    await pick(page, 'Add: Cohort, to set 2', 'Early', /Early people/)
    await page.getByRole('group', { name: 'Set 2' }).getByText('11 of 40 people match (28 %).').waitFor()
    await page.getByRole('button', { name: 'Create the flag' }).click()
    await page.getByRole('heading', { level: 1, name: 'new-checkout' }).waitFor()

    const { filters } = await stored(idIn(page))
    expect(filters).toMatchObject({
      groups: [
        { properties: [{ key: 'email', operator: 'icontains', value: 'person-1', type: 'person' }], rollout_percentage: 50 },
        { properties: [{ type: 'cohort', operator: 'in' }], rollout_percentage: 100 },
      ],
      multivariate: {
        variants: [
          { key: 'control', rollout_percentage: 50 },
          { key: 'test', rollout_percentage: 50 },
        ],
      },
    })
    expect(JSON.parse(filters.payloads.control ?? '')).toEqual({ colour: 'green' })
    for (const [sdk, wanted] of [
      ['JavaScript', 'posthog.getFeatureFlag('],
      ['Node.js', 'new-checkout'],
      ['Python', 'new-checkout'],
    ] as const) {
      await page.getByRole('radiogroup', { name: 'SDK' }).getByText(sdk, { exact: true }).click()
      await page.locator('pre').filter({ hasText: wanted }).first().waitFor()
    }
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('make a configuration whose payload nobody is shown, and write it anew', async () => {
    const page = await work.open('/flags/new')
    await page.getByLabel('Key', { exact: true }).fill('limits')
    await page.getByText('Configuration', { exact: true }).click()
    await page.getByLabel('Encrypt the payload').check()
    await page.getByRole('button', { name: 'Create the flag' }).click()
    await page.getByRole('alert').filter({ hasText: 'Give it a payload' }).waitFor()
    await page.getByLabel('Payload', { exact: true }).fill('{"max": 7}')
    await page.getByRole('combobox', { name: 'Evaluation contexts' }).fill('docs')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Add a set' }).click()
    await page.getByLabel('Stop where a rollout leaves somebody out').check()
    await page.getByRole('button', { name: 'Create the flag' }).click()
    await page.getByText('getRemoteConfigPayload').waitFor()
    const read = () => api<string>('GET', `/api/projects/@current/feature_flags/limits/remote_config/?token=${projectToken}`)
    expect(JSON.parse(await read())).toEqual({ max: 7 })
    const { filters, ...flag } = await api<{ id: number; filters: Record<string, unknown> }>('GET', `${flagsPath}limits/`)
    expect(flag).toMatchObject({ is_remote_configuration: true, has_encrypted_payloads: true, evaluation_contexts: ['docs'] })
    expect(filters).toMatchObject({ early_exit: true })
    expect(await page.locator('main').textContent()).not.toContain('max')

    await page.getByRole('tab', { name: 'Edit' }).click()
    await page.getByRole('button', { name: 'Replace the payload' }).click()
    await page.getByLabel('Payload', { exact: true }).fill('{"max": 8}')
    await page.getByRole('button', { name: 'Save the change' }).click()
    await page.getByText('limits was changed').waitFor()
    expect(JSON.parse(await read())).toEqual({ max: 8 })
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('try a change over those who were told, save it, and go back to what was', async () => {
    const { id } = await api('GET', `${flagsPath}old-checkout/`)
    const page = await work.open(`/flags/${id}?tab=edit`)
    await page.getByRole('button', { name: 'Simulate the change' }).click()
    await page.getByText('Of 6 people nobody would get another answer.').waitFor()
    await page.getByLabel('Rollout of set 1 in percent').fill('0')
    await page.getByText('The form has changed since: simulate it again.').waitFor()
    await page.getByRole('button', { name: 'Simulate the change' }).click()
    await page.getByText('6 people of 6 would get another answer.').waitFor()
    expect((await stored(id)).version).toBe(1)
    await page.getByRole('button', { name: 'Save the change' }).click()
    await page.getByText('old-checkout was changed').waitFor()
    expect((await stored(id)).filters.groups).toMatchObject([{ rollout_percentage: 0 }])

    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByRole('region', { name: 'filters of version 2' }).getByText('"rollout_percentage": 0').waitFor()
    await page.getByRole('button', { name: 'Restore version 1' }).click()
    await page.getByText('old-checkout is as it was at version 1').waitFor()
    expect(await stored(id)).toMatchObject({ version: 3, filters: { groups: [{ rollout_percentage: 100 }] } })

    await page.getByRole('switch', { name: 'old-checkout enabled' }).locator('..').click()
    await page.getByText('old-checkout is disabled').waitFor()
    expect((await stored(id)).active).toBe(false)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await until('the flag to be enabled again', async () => ((await stored(id)).active ? true : undefined))
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('have a change made later, and take it off the schedule', async () => {
    const { id } = await make('later')
    const page = await work.open(`/flags/${id}?tab=schedule`)
    await page.getByText('Nothing is scheduled').waitFor()
    await page.getByLabel(/^When/).fill('2031-05-01T09:30')
    await choose(page, page.getByRole('combobox', { name: 'Again' }), 'weekly')
    await page.getByRole('button', { name: 'Schedule', exact: true }).click()
    await page.getByText('It is scheduled').waitFor()
    const { results } = await api<{ results: object[] }>('GET', `/api/projects/1/scheduled_changes/?record_id=${id}`)
    expect(results).toMatchObject([
      { payload: { operation: 'update_status', value: false }, is_recurring: true, recurrence_interval: 'weekly', executed_at: null },
    ])
    await page.getByRole('button', { name: 'Take this off the schedule' }).click()
    await page.getByText('Nothing is scheduled').waitFor()
    await page.close()
  })

  test('ask why somebody is answered so, now and before the flag was changed', async () => {
    const flag = await make('why', {
      filters: { groups: [{ properties: [{ key: 'email', operator: 'icontains', value: 'nobody', type: 'person' }] }] },
    })
    const page = await work.open(`/flags/${flag.id}?tab=explain`)
    await page.getByLabel('Distinct id').fill('person-7')
    await page.getByRole('button', { name: 'Explain' }).click()
    const set = page.getByRole('region', { name: 'Set 1 of why' })
    await set.getByText('person-7@example.com').waitFor()
    await set.getByText('does not hold').waitFor({ state: 'attached' })

    const before = new Date().toISOString()
    await api('PATCH', `${flagsPath}${flag.id}/`, { filters: everyone })
    await page.getByRole('button', { name: 'Explain' }).click()
    await set.getByText('this one decided').waitFor()
    await page.close()
    const past = await work.open(`/flags/explain?person=person-7&at=${encodeURIComponent(before)}`)
    const then = past.getByRole('region', { name: 'Set 1 of why' })
    await then.getByText('does not hold').waitFor({ state: 'attached' })
    expect(await past.getByRole('region', { name: /of new-checkout/ }).count()).toBeGreaterThan(0)
    await past.close()
  })

  test('compare a flag with another project, and copy it there', async () => {
    const { id } = await make('carried', { name: 'Goes from here to there' })
    const page = await work.open(`/flags/${id}?tab=projects`)
    const entry = page.getByRole('listitem').filter({ hasText: 'Staging' })
    await entry.getByText('is not there').waitFor()
    await page.getByRole('switch', { name: 'Copy it disabled' }).locator('..').click()
    await entry.getByRole('button', { name: 'Copy in Staging' }).click()
    await entry.getByText('differs, ').waitFor()
    const theirs = () => api('GET', `/api/projects/${staging}/feature_flags/carried/`)
    expect(await theirs()).toMatchObject({ active: false, filters: { groups: [{ rollout_percentage: 100 }] } })
    await entry.getByRole('region', { name: 'active in Staging' }).getByText('false').waitFor()
    await entry.getByRole('region', { name: 'active here' }).getByText('true').waitFor()
    await page.getByRole('switch', { name: 'Copy it disabled' }).locator('..').click()
    await entry.getByRole('button', { name: 'Make it the same in Staging' }).click()
    await entry.getByText('the same, ').waitFor()
    expect(await theirs()).toMatchObject({ active: true, version: 2 })

    await page.getByRole('link', { name: 'Feature flags' }).first().click()
    await page.getByRole('switch', { name: 'carried enabled in Staging' }).locator('..').click()
    await page.getByText('carried is disabled in Staging').waitFor()
    expect(await theirs()).toMatchObject({ active: false, version: 3 })
    expect(await stored(id)).toMatchObject({ active: true, version: 1 })
    await page.close()
  })

  test('offer a feature early, see who chose it, and release it to everyone', async () => {
    const page = await work.open('/early-access')
    await page.getByRole('link', { name: 'New feature' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('Night mode')
    await choose(page, page.getByRole('combobox', { name: 'Stage' }), 'Beta')
    await page.getByLabel('Documentation').fill('docs.example.com')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByText('An address begins with https:// or http://.').waitFor()
    await page.getByLabel('Documentation').fill('https://docs.example.com/night')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { level: 1, name: 'Night mode' }).waitFor()

    const offered = await fetch(`${work.hedgerow.url}/api/early_access_features/?token=${projectToken}`)
    expect(await offered.json()).toMatchObject({
      earlyAccessFeatures: [
        { name: 'Night mode', stage: 'beta', flagKey: 'night-mode', documentationUrl: 'https://docs.example.com/night' },
      ],
    })
    const chosen = (person: number, isIn: boolean) => ({
      event: '$feature_enrollment_update',
      distinct_id: `person-${person}`,
      properties: { $feature_flag: 'night-mode', $feature_enrollment: isIn, $set: { '$feature_enrollment/night-mode': isIn } },
    })
    await send(work.hedgerow.url, [chosen(1, true), chosen(2, true), chosen(3, false)])
    await work.hedgerow.settled()
    const answers = async (...ids: string[]) =>
      Promise.all(
        ids.map(async (id) => {
          const body = JSON.stringify({ token: projectToken, distinct_id: id })
          const answer = await fetch(`${work.hedgerow.url}/flags/?v=2`, { method: 'POST', body })
          return ((await answer.json()) as { featureFlags: Record<string, unknown> }).featureFlags['night-mode']
        }),
      )
    await until('the choices to count', async () => ((await answers('person-1', 'person-2')).every(Boolean) ? true : undefined))
    expect(await answers('person-1', 'person-3', 'person-9')).toEqual([true, false, false])
    await page.reload()
    await page.getByRole('definition').filter({ hasText: /^2$/ }).waitFor()
    await page.getByRole('definition').filter({ hasText: /^1$/ }).waitFor()

    await choose(page, page.getByRole('combobox', { name: 'Stage' }), 'General availability')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('but its flag is not yet on for everyone').waitFor()
    expect(await answers('person-9')).toEqual([false])
    await page.getByRole('button', { name: 'Turn it on for everyone' }).click()
    await page.getByText('night-mode is on for everyone but who opted out').waitFor()
    expect(await answers('person-1', 'person-3', 'person-9')).toEqual([true, false, true])
    expect(work.faults).toEqual([])
    await page.close()
  })

  describe('every page', () => {
    // why: the others differ from these in nothing that could be too wide or too faint on a phone.
    const onPhone = ['flags', 'flag', 'edit', 'explain', 'history', 'projects', 'early access', 'feature']
    async function pages(): Promise<Looked[]> {
      const { id } = await api('GET', `${flagsPath}new-checkout/`)
      const features = await api<{ results: { id: string }[] }>('GET', '/api/projects/1/early_access_feature/')
      const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor()
      return [
        ['flags', '/flags', text('new-checkout')],
        ['new flag', '/flags/new', text('40 of 40 people match (100 %).')],
        ['flag', `/flags/${id}`, text('In your app')],
        ['edit', `/flags/${id}?tab=edit`, text('11 of 40 people match (28 %).')],
        ['explain', `/flags/${id}?tab=explain&person=person-1`, text('Set 1')],
        ['history', `/flags/${id}?tab=history`, text('Version 1')],
        ['schedule', `/flags/${id}?tab=schedule`, text('Nothing is scheduled')],
        ['projects', `/flags/${id}?tab=projects`, text('Staging')],
        ['explain all', '/flags/explain?person=person-1', text('new-checkout')],
        ['early access', '/early-access', text('Night mode')],
        ['new feature', '/early-access/new', text('Its feature flag')],
        ['feature', `/early-access/${features.results[0]?.id}`, text('opted in')],
      ]
    }

    test('passes axe in light and dark, at a desk', everyPage, async () => {
      expect(await faultsInBothThemes(work, await pages())).toEqual([])
    })
    test('passes it on a phone, and is not wider than that', everyPage, async () => {
      const some = (await pages()).filter(([name]) => onPhone.includes(name))
      expect(await faultsInBothThemes(work, some, phone)).toEqual([])
    })
  })
})
