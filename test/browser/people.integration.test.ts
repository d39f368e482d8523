import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import {
  endSession,
  everyPage,
  faultsInBothThemes,
  goByKeys,
  type Looked,
  openWorkplace,
  phone,
  signInAgain,
  type Workplace,
} from './harness.ts'
import { hostileName, send } from './meadow.ts'
import { crookedName, judgedEvents, peopleEvents, repeatedEvent } from './people.ts'

describe.skipIf(!chromiumPath)('what people do with persons and data', () => {
  let workplace: Workplace

  beforeAll(async () => {
    workplace = await openWorkplace(peopleEvents(new Date()))
    const { hedgerow } = workplace
    await send(hedgerow.url, judgedEvents())
    await send(hedgerow.url, [repeatedEvent()])
    await hedgerow.settled()
    await hedgerow.api('POST', '/api/projects/1/feature_flags/', {
      key: 'new-checkout',
      active: true,
      filters: { groups: [{ properties: [], rollout_percentage: 100 }] },
    })
  })
  afterAll(() => workplace?.stop())

  const open = (path: string) => workplace.open(path)
  /** A page on which nothing went wrong. */
  async function close(page: Page): Promise<void> {
    expect(workplace.faults).toEqual([])
    await page.close()
  }
  const definitionOf = async (name: string) => {
    const { results } = await workplace.hedgerow.api<{ results: { id: string; name: string }[] }>(
      'GET',
      `/api/projects/1/event_definitions/?search=${encodeURIComponent(name)}`,
    )
    const found = results.find((each) => each.name === name)
    if (!found) throw new Error(`no definition of ${name}`)
    return found.id
  }

  test('find people by a property, give it a column, and make a cohort that keeps itself current', async () => {
    const page = await open('/persons')
    const table = page.getByRole('table', { name: 'Persons' })
    await page.getByRole('button', { name: 'Add a filter to the list' }).click()
    await page.getByPlaceholder('Search properties').fill('plan')
    await page.getByRole('option', { name: /^plan/ }).first().click()
    await page.getByRole('option', { name: 'business' }).click()
    await page.getByText('1 person', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Add a column' }).click()
    await page.getByPlaceholder('Search properties').fill('seats')
    await page
      .getByRole('option', { name: /^seats/ })
      .first()
      .click()
    await table.getByRole('columnheader', { name: /seats/ }).waitFor()
    expect(await table.getByRole('row').nth(1).textContent()).toMatch(/ada@example\.com.*3/)

    await page.reload()
    await table.getByRole('columnheader', { name: /seats/ }).waitFor()
    await page.getByRole('button', { name: 'Make a cohort' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('On business')
    expect(await page.getByRole('radio', { name: /^Whoever matches/ }).isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Make the cohort' }).click()
    await page.getByRole('heading', { level: 1, name: 'On business' }).waitFor()
    await page.getByRole('link', { name: 'ada@example.com' }).waitFor()

    // Other criteria, and back to those of before.
    await page.getByRole('textbox', { name: 'Name' }).fill('On business, or free')
    await page.getByText('or …', { exact: true }).click()
    await page.getByRole('option', { name: 'free' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const past = page.getByRole('list', { name: 'Criteria over time' }).getByRole('listitem')
    await expect.poll(() => past.count()).toBe(2)
    await past.nth(1).getByRole('button', { name: 'Bring back' }).click()
    await page.getByText('The cohort has these criteria again.').waitFor()
    await expect.poll(() => past.count()).toBe(3)
    await close(page)
  })

  test('a cohort by what people did, built by hand, is counted while it is built and holds who it should', async () => {
    const page = await open('/cohorts/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Buyers not on business')
    await page.getByRole('button', { name: /Choose an event/ }).click()
    await page.getByPlaceholder('Search events and actions').fill('bought')
    await page.getByRole('option', { name: /^bought/ }).click()
    await page.getByText(/^2 of \d+ persons meet this now/).waitFor()
    await page.getByRole('button', { name: 'Condition', exact: true }).click()
    const second = page.getByRole('group', { name: 'Condition 2' })
    await second.getByRole('button', { name: /^What it is about/ }).click()
    await page.getByRole('option', { name: 'has the property' }).click()
    await second.getByRole('button', { name: /Choose a property/ }).click()
    await page.getByPlaceholder('Search properties').fill('plan')
    await page.getByRole('option', { name: /^plan/ }).first().click()
    await page.getByRole('option', { name: 'business' }).click()
    await page.keyboard.press('Escape')
    await page.getByText(/^1 of \d+ persons meets? this now/).waitFor()
    await second.getByRole('checkbox', { name: /not/ }).check()
    await page.getByText(/^1 of \d+ persons meets? this now/).waitFor()
    await page.getByRole('button', { name: 'Make the cohort' }).click()
    await page.getByRole('heading', { level: 1, name: 'Buyers not on business' }).waitFor()
    await page.getByRole('link', { name: 'bo@example.com' }).waitFor()
    expect(await page.getByRole('link', { name: 'ada@example.com' }).count()).toBe(0)
    await close(page)
  })

  test('see how a property changed, set it, take it back, add and remove another', async () => {
    const page = await open('/persons/ada?tab=properties')
    await page.getByText('Over time').click()
    const changes = page.getByRole('list', { name: 'Changes, newest first' })
    await changes.getByRole('button', { name: 'plan' }).first().click()
    await page.getByRole('button', { name: /^Only plan/ }).waitFor()
    expect(await changes.getByRole('definition').allTextContents()).toEqual(['team→business', 'free→team', 'free'])
    await changes.getByRole('button', { name: 'Set person properties' }).first().click()
    await page.getByRole('dialog').getByText('$set').first().waitFor()
    await page.keyboard.press('Escape')

    await page.getByText('Now', { exact: true }).click()
    const table = page.getByLabel("the person's properties")
    await page.getByRole('button', { name: 'Edit: seats' }).click()
    const field = page.getByRole('textbox', { name: 'Value of seats' })
    await field.fill('many')
    await field.press('Enter')
    await page.getByRole('alert').getByText('This is no number.').waitFor()
    await field.fill('5')
    await field.press('Enter')
    await table.getByText('5', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await table.getByText('3', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Add a property' }).click()
    await page.getByRole('textbox', { name: 'Name of the new property' }).fill('city')
    await page.getByRole('textbox', { name: 'Value of the new property' }).fill('Pokhara')
    await page.keyboard.press('Enter')
    await table.getByText('Pokhara').waitFor()
    await page.getByRole('button', { name: 'Remove: city' }).click()
    await table.getByText('Pokhara').waitFor({ state: 'detached' })
    await close(page)
  })

  test('see which event merged whom, the groups and the flags of then, and split an id off again', async () => {
    const page = await open('/persons/ada?tab=groups')
    await page.getByRole('link', { name: 'Acme Ltd' }).waitFor()
    await page.getByRole('tab', { name: 'Flags' }).click()
    const flags = page.getByRole('list', { name: 'Flags' })
    await flags.getByText('new-checkout').waitFor()
    expect(await flags.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/new-checkout.*on/)])
    await page.getByLabel(/^At another time/).fill('2020-01-01T00:00:00')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText('There was no flag at that time.').waitFor()

    await page.getByRole('tab', { name: 'Identity' }).click()
    await page
      .getByRole('button', { name: /^Open the event/ })
      .first()
      .click()
    await page
      .getByRole('dialog', { name: /Identify/ })
      .getByText('$anon_distinct_id')
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Split off anon-ada' }).click()
    await page.getByRole('dialog').getByText('becomes a person of its own').waitFor()
    await page.getByRole('button', { name: 'Split it off' }).click()
    await page.getByRole('heading', { name: '1 distinct id' }).first().waitFor()
    const ids = async (id: string) =>
      (await workplace.hedgerow.api<{ distinct_ids: string[]; properties: object }>('GET', `/api/projects/1/persons/${id}/`)).distinct_ids
    expect([await ids('ada'), await ids('anon-ada')]).toEqual([['ada'], ['anon-ada']])
    await close(page)
  })

  test('two who are one person are merged, after a look at what comes over', async () => {
    await send(workplace.hedgerow.url, [
      { event: '$identify', distinct_id: 'cleo@home', properties: { $set: { email: 'cleo@home.example', plan: 'free' } } },
      { event: '$identify', distinct_id: 'cleo@work', properties: { $set: { email: 'cleo@work.example', plan: 'team' } } },
    ])
    await workplace.hedgerow.settled()
    const page = await open('/persons/cleo@work?tab=ids')
    await page.getByRole('button', { name: 'More to do with this person' }).click()
    await page.getByRole('menuitem', { name: 'Merge with another' }).click()
    await page.getByRole('textbox', { name: 'Search persons' }).fill('cleo')
    await page.getByRole('button', { name: 'Choose cleo@home.example' }).click()
    const dialog = page.getByRole('dialog', { name: 'Merge these two?' })
    await dialog.getByText('with 1 distinct id and 1 event becomes part of').waitFor()
    await dialog.getByText('Both have').waitFor()
    await dialog.getByRole('button', { name: 'Merge them' }).click()
    await page.getByRole('heading', { name: '2 distinct ids' }).first().waitFor()
    const { distinct_ids: ids, properties } = await workplace.hedgerow.api<{ distinct_ids: string[]; properties: object }>(
      'GET',
      '/api/projects/1/persons/cleo@home/',
    )
    expect([ids, properties]).toMatchObject([['cleo@home', 'cleo@work'], { plan: 'team' }])
    await close(page)
  })

  test('a deletion says what it will take, and takes it', async () => {
    await send(workplace.hedgerow.url, [
      { event: 'came', distinct_id: 'leaver', properties: { $set: { email: 'leaver@example.com' } } },
      { event: 'went', distinct_id: 'leaver' },
    ])
    await workplace.hedgerow.settled()
    const page = await open('/persons/leaver')
    await page.getByRole('button', { name: 'More to do with this person' }).click()
    await page.getByRole('menuitem', { name: 'Delete person' }).click()
    await page.getByRole('dialog').getByText('There are 2 events since').waitFor()
    await page.getByRole('checkbox', { name: 'Delete the 2 events as well' }).check()
    await page.getByRole('button', { name: 'Delete person' }).click()
    const receipt = page.getByRole('dialog', { name: 'Receipt of the deletion' })
    await receipt.getByText('Asked again, 0 events of these ids are found.').waitFor()
    const kept = JSON.parse((await receipt.locator('pre').textContent()) ?? '') as object
    expect(kept).toMatchObject({ distinct_ids: ['leaver'], events: { found_before: 2 }, status: 'done', checked: { events_found: 0 } })
    await receipt.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('heading', { level: 1, name: 'Persons' }).waitFor()
    await page.getByRole('link', { name: 'bo@example.com' }).waitFor()
    expect(await page.getByRole('link', { name: 'leaver@example.com' }).count()).toBe(0)
    expect(await workplace.hedgerow.query("select count() from events where distinct_id = 'leaver'")).toEqual([[0]])
    await close(page)
  })

  test('choose an element that was clicked, see what it matches while editing, and keep the action', async () => {
    const page = await open('/actions/new')
    await page.getByText('3 events of 1 person').waitFor()
    await page.getByRole('button', { name: /^Choose an element/ }).click()
    await page.getByPlaceholder('Search what was clicked lately').fill('upgrade')
    await page.getByRole('option', { name: /Upgrade now/ }).click()
    await page.getByText('2 events of 1 person').waitFor()
    expect(await page.getByRole('textbox', { name: 'Selector of step 1' }).inputValue()).toBe('[data-attr="upgrade"]')
    await page.getByRole('button', { name: /^Seen pages/ }).click()
    await page.getByRole('option', { name: 'https://meadow.example/home' }).click()
    await page.getByText('0 events of 0 persons').waitFor()
    await page.getByRole('textbox', { name: 'Page URL of step 1' }).fill('/pricing')
    await page.getByText('2 events of 1 person').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('Wants to upgrade')
    await page.getByRole('button', { name: 'Make the action' }).click()
    await page.getByRole('heading', { level: 1, name: 'Wants to upgrade' }).waitFor()
    await close(page)
  })

  test('describe an event, give it an owner, and see what stands in it and what is built on it', async () => {
    await workplace.hedgerow.api('POST', '/api/projects/1/actions/', { name: 'Any purchase', steps: [{ event: 'bought' }] })
    const page = await open('/data/events')
    await page.getByRole('link', { name: 'bought' }).click()
    await page.getByRole('link', { name: 'Any purchase' }).waitFor()
    await page.getByRole('list', { name: 'Properties' }).getByText('EUR').waitFor()
    await page.getByRole('textbox', { name: 'Description' }).fill('Somebody paid.')
    await page
      .getByRole('combobox', { name: 'Owner' })
      .or(page.getByRole('textbox', { name: 'Owner' }))
      .first()
      .click()
    await page.getByText('Kept.').first().waitFor()
    await page.getByRole('option').first().click()
    await page.getByRole('switch', { name: /^Verified/ }).click({ force: true })
    await expect
      .poll(async () => workplace.hedgerow.api('GET', `/api/projects/1/event_definitions/${await definitionOf('bought')}/`))
      .toMatchObject({ description: 'Somebody paid.', verified: true, owner: { email: 'admin@example.com' } })
    await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: 'Events' }).click()
    await page.getByRole('table', { name: 'Event names' }).getByText('Somebody paid.').waitFor()
    await close(page)
  })

  test('live events tell what became of each, and why', async () => {
    const page = await open('/live')
    const table = page.getByRole('table', { name: /^Live events/ })
    const verdict = (name: string) =>
      table
        .getByRole('row')
        .filter({ hasText: name })
        .first()
        .getByText(/^(Stored|Warning|Repeated|Rejected)$/)
    await table.getByText('Repeated').waitFor()
    await expect
      .poll(async () => [await verdict('from tomorrow').textContent(), await verdict('bought').textContent()])
      .toEqual(['Warning', 'Stored'])

    await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
    await send(workplace.hedgerow.url, [{ event: 'arrives now', distinct_id: 'bo' }])
    await table.getByText('arrives now').waitFor()
    await page
      .getByRole('combobox', { name: 'What became of it' })
      .or(page.getByRole('textbox', { name: 'What became of it' }))
      .first()
      .click()
    await page.getByRole('option', { name: 'Rejected' }).click()
    await expect.poll(() => table.locator('tbody tr').count()).toBe(1)
    await table.getByRole('button', { name: 'Identify' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('What to do.').waitFor()
    await drawer.getByRole('link', { name: 'All of this reason' }).click()
    await page.getByRole('heading', { level: 1, name: 'Ingestion' }).waitFor()
    await page.getByRole('table', { name: 'Warnings, newest first' }).getByText('$identify').first().waitFor()
    await close(page)
  })

  test('a colleague is taken in, made an admin, and chooses a new password by a link that is good once', async () => {
    const page = await open('/../../account/members')
    await page.getByRole('button', { name: 'Add a member' }).click()
    await page.getByLabel('E-mail').fill('grace@example.com')
    await page.getByLabel('Name').fill('Grace')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'Grace can sign in' }).waitFor()
    const choose = async (item: string) => {
      await page.getByRole('button', { name: 'More to do with Grace' }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    await choose('Make an admin')
    await page.getByText(/^Admin, since/).waitFor()
    await choose('Reset password')
    await page.getByRole('dialog').getByRole('button', { name: 'Reset password' }).click()
    const link = (await page.getByRole('group', { name: 'Link for Grace' }).locator('code').textContent()) ?? ''

    const hers = await workplace.anonymous()
    const door = await hers.newPage()
    await door.goto(link)
    await door.getByLabel('New password').first().fill('short')
    await door.getByRole('button', { name: 'Use this password' }).click()
    await door.getByText('At least 8 characters').nth(1).waitFor()
    await door.getByLabel('New password').first().fill('a long one of hers')
    await door.getByRole('button', { name: 'Use this password' }).click()
    await door.getByLabel('E-mail').fill('grace@example.com')
    await door
      .getByLabel(/^Password/)
      .first()
      .fill('a long one of hers')
    await door.keyboard.press('Enter')
    await door.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    await door.goto(`${workplace.hedgerow.url}/`)
    await door.goto(link)
    await door.getByLabel('New password').first().fill('another one')
    await door.keyboard.press('Enter')
    await door.getByRole('alert').getByText('The link was used already').waitFor()
    await hers.close()
    await close(page)
  })

  test('with the keyboard alone: to the persons, to one of them, to an event by the palette, and the list of keys', async () => {
    const page = await open('/live')
    const { keyboard } = page
    await goByKeys(page, 'p', 'Persons')
    const link = page.getByRole('link', { name: 'bo@example.com' })
    await link.focus()
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'bo@example.com' }).waitFor()
    await page.getByRole('tab', { name: 'Timeline' }).focus()
    await keyboard.press('ArrowRight')
    await page.getByRole('heading', { level: 2, name: 'Properties' }).waitFor()
    await keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find or do anything' }).waitFor()
    await keyboard.type('new-check')
    await page.getByRole('option', { name: 'new-checkout' }).waitFor()
    for (let press = 0; press < 'new-check'.length; press++) await keyboard.press('Backspace')
    await keyboard.type('bought')
    await page.getByRole('option', { name: 'bought', exact: true }).waitFor()
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'bought' }).waitFor()
    await keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await keyboard.press('Escape')
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'bo@example.com' }).waitFor()
    await close(page)
  })

  test('names out of events are text wherever they stand, never run, and break no page', async () => {
    const hostile = encodeURIComponent(hostileName)
    const crooked = encodeURIComponent(crookedName)
    const places = [
      '/persons',
      `/persons?columns=${encodeURIComponent(JSON.stringify([crookedName, 'email']))}`,
      `/persons/${hostile}`,
      `/persons/${hostile}?tab=properties`,
      `/persons/${hostile}?tab=properties&past=all`,
      `/persons/${hostile}?tab=ids`,
      `/persons/${crooked}`,
      '/live',
      `/live?q=${hostile}`,
      '/data/events',
      `/data/events/${await definitionOf(hostileName)}`,
      '/data/properties',
    ]
    const narrow = await workplace.signedIn(phone)
    const page = await workplace.open(places[0] ?? '', narrow)
    for (const place of places) {
      await page.goto(`${workplace.hedgerow.url}/project/1${place}`)
      await page.getByText(hostileName.slice(0, 20)).or(page.getByText('very_long_')).filter({ visible: true }).first().waitFor()
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
      const tooWidePx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect([place, tooWidePx, await page.evaluate(() => 'hasRun' in window), await page.locator('img').count()]).toEqual([
        place,
        0,
        false,
        0,
      ])
    }
    await close(page)
    await narrow.close()
  })

  test('a slow answer shows that it comes, a failed one says why and is asked again; after the session ended one stands where one was', async () => {
    const own = await workplace.signedIn()
    const page = await workplace.open('/live', own)
    let asked = 0
    let answer: () => void = () => undefined
    await page.route('**/api/projects/1/persons/?**', async (route) => {
      const isFirst = ++asked === 1
      if (isFirst) await new Promise<void>((resolve) => (answer = resolve))
      if (isFirst) return route.fulfill({ status: 500, json: { type: 'server_error', code: 'error', detail: 'The store went away.' } })
      return route.continue()
    })
    await page.getByRole('link', { name: 'Persons' }).click()
    await page.getByLabel('Loading').first().waitFor()
    await expect.poll(() => asked).toBeGreaterThan(0)
    answer()
    await page.getByRole('alert').getByText('The store went away.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'bo@example.com' }).click()
    await page.getByRole('tab', { name: 'Properties' }).click()
    await endSession(page)
    await page.getByRole('tab', { name: 'Cohorts' }).click()
    await signInAgain(page)
    await page.getByRole('heading', { level: 2, name: 'Cohorts' }).waitFor()
    expect(new URL(page.url()).searchParams.get('tab')).toBe('cohorts')
    await own.close()
  })

  describe('every page passes axe in light and dark', () => {
    const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 2, name }).first().waitFor()
    const firstOf = async (what: string, search = '') =>
      (await workplace.hedgerow.api<{ results: { id: string | number }[] }>('GET', `/api/projects/1/${what}/${search}`)).results[0]?.id
    const looked = async (): Promise<Looked[]> => [
      ['members', '/../../account/members', (page) => page.getByText(/^Owner, since/).waitFor()],
      ['cohorts', '/cohorts', (page) => page.getByRole('link', { name: 'On business' }).first().waitFor()],
      ['a cohort', `/cohorts/${await firstOf('cohorts')}`, heading('Members')],
      ['a new cohort', '/cohorts/new', (page) => page.getByText('Give it a name.').waitFor()],
      ['groups', '/groups', (page) => page.getByText('Acme Ltd').waitFor()],
      ['property names', '/data/properties', (page) => page.getByRole('link', { name: 'price' }).waitFor()],
      ['a property', `/data/properties/${await firstOf('property_definitions', '?search=price')}`, heading('About')],
      ['actions', '/actions', (page) => page.getByRole('table', { name: 'Actions' }).waitFor()],
      ['keys', '/keys', heading('Secret key')],
      ['the account', '/../../account', heading('Sessions')],
      ['personal keys', '/../../account/api-keys', heading('Your keys')],
      ['a new project', '/../../projects/new', heading('One project for each app')],
      ['no such page', '/../../nowhere', (page) => page.getByText('There is no such page').waitFor()],
      ['cohorts of a person', '/persons/ada?tab=cohorts', heading('Cohorts')],
      ['groups of a person', '/persons/ada?tab=groups', (page) => page.getByText('Acme Ltd').waitFor()],
      ['experiments of a person', '/persons/ada?tab=experiments', heading('Experiments')],
      ['nobody', '/persons/nobody-of-that-name', (page) => page.getByRole('button', { name: 'Go back' }).waitFor()],
      ['persons', '/persons', (page) => page.getByRole('link', { name: 'bo@example.com' }).waitFor()],
      [
        'a person',
        '/persons/ada',
        (page) =>
          page
            .getByText(/Session/)
            .first()
            .waitFor(),
      ],
      ['properties of a person', '/persons/ada?tab=properties', (page) => page.getByText('business').first().waitFor()],
      ['over time', '/persons/ada?tab=properties&past=all', (page) => page.getByRole('list', { name: /^Changes/ }).waitFor()],
      ['identity', '/persons/ada?tab=ids', heading('How they came together')],
      ['flags of a person', '/persons/ada?tab=flags', (page) => page.getByRole('list', { name: 'Flags' }).waitFor()],
      ['a group', '/groups/0/acme', (page) => page.getByText('Acme Ltd').first().waitFor()],
      ['live events', '/live', (page) => page.getByText('Repeated').first().waitFor()],
      ['events', '/data/events', (page) => page.getByRole('link', { name: 'bought' }).waitFor()],
      ['an event', `/data/events/${await definitionOf('bought')}`, (page) => page.getByText('EUR').first().waitFor()],
      ['an action', '/actions/new', (page) => page.getByText('3 events of 1 person').waitFor()],
      ['ingestion', '/ingestion', heading('Warnings')],
      ['home', '/home', heading('First steps')],
      ['settings', '/settings', heading('Path cleaning')],
      ['connect', '/connect', heading('Just looking?')],
    ]
    test('at a desk', everyPage, async () => {
      expect(await faultsInBothThemes(workplace, await looked())).toEqual([])
    })
    test('on a phone, where nothing is wider than the screen', everyPage, async () => {
      const onPhone = ['persons', 'properties of a person', 'live events', 'an event', 'an action']
      expect(
        await faultsInBothThemes(
          workplace,
          (await looked()).filter(([name]) => onPhone.includes(name)),
          phone,
        ),
      ).toEqual([])
    })
  })
})
