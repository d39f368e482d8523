import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath } from '../harness/browser.ts'
import type { Hedgerow } from '../harness/hedgerow.ts'
import { accessibilityFaults } from './accessibility.ts'
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
import { hostileName, steps } from './meadow.ts'

const month = { date_from: '-30d' }
const series = (...events: string[]) => events.map((event) => ({ kind: 'EventsNode', event }))
const funnel = {
  kind: 'FunnelsQuery',
  series: series('signed_up', 'workspace_created', 'invited', 'onboarding_completed'),
  dateRange: month,
}

/** Size of a picture, and how many colours a sample of it has: one that stayed blank has one. */
function lookAtPicture(page: Page, png: Buffer): Promise<{ width: number; height: number; colours: number }> {
  return page.evaluate(
    async (address) => {
      const image = new Image()
      image.src = address
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.naturalWidth
      canvas.height = image.naturalHeight
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const colours = new Set<number>()
      for (let at = 0; at < data.length; at += 4) colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0))
      return { width: canvas.width, height: canvas.height, colours: colours.size }
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
}

/** Buttons of an insight's page and of the frame around it: of each kind of what they open one. */
const openedBy = [
  /^Event of series A/,
  /^What is measured of series A/,
  /^More for /,
  /^Property: plan/,
  /^Comparison/,
  /^Another value/,
  /^Add a filter to/,
  /^Options of the breakdown/,
  /^Who is counted/,
  /^Range/,
  /^Compare with/,
  /^Chart: /,
  'Notes on days',
  'How it is drawn',
  'More to do with this insight',
  /My project/,
  /admin$/,
]

async function openPalette(page: Page): Promise<void> {
  await page.getByRole('table', { name: 'Insights' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find or do anything' }).waitFor()
}

describe.skipIf(!chromiumPath)('what people do with insights', () => {
  let work: Workplace
  let hedgerow: Hedgerow

  beforeAll(async () => {
    work = await openWorkplace()
    hedgerow = work.hedgerow
    await hedgerow.api('POST', '/api/projects/1/insights/', { name: 'Kept before', query: funnel, tags: ['activation'], saved: true })
  })
  afterAll(() => work?.stop())

  const open = (path: string) => work.open(path)
  const asking = (query: object, more: Record<string, string> = {}) =>
    `/insights/new?${new URLSearchParams({ q: JSON.stringify(query), ...more })}`
  /** Where the machine was slow, the page waits to be told; people press the button, and so do we. */
  async function answered(page: Page): Promise<void> {
    const update = page.getByRole('button', { name: 'Update' })
    const underWay = page.getByRole('button', { name: /^(Update|Stop)$/ })
    await page.waitForTimeout(400)
    const askedOrAnswered = async () => {
      // It goes by itself where the question is asked a moment later.
      if (await update.isVisible()) await update.click({ timeout: 1_000 }).catch(() => undefined)
      return underWay.count()
    }
    await expect.poll(askedOrAnswered).toBe(0)
  }

  const rows = (page: Page, name: string) =>
    page
      .getByRole('region', { name })
      .locator('tbody tr')
      .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent ?? '').join(' ')))
  const figures = async (page: Page, name: string) => (await rows(page, name)).map((row) => row.split(/\s+/).filter((word) => word !== ''))

  test('make a trend, split it, keep it under a name, and find it again', async () => {
    const page = await open('/insights')
    await page.getByRole('button', { name: 'New insight' }).click()
    await page.getByRole('menuitem', { name: /^Trends/ }).click()
    await page.getByRole('button', { name: /^Event of series A/ }).click()
    await page.getByPlaceholder('Search events and actions').fill('signed')
    await page.getByRole('option', { name: /signed_up/ }).click()
    await answered(page)
    await page.getByRole('button', { name: /^Range/ }).click()
    await page.getByRole('button', { name: 'Last 30 days' }).click()
    await page.getByRole('button', { name: 'Break down by a property' }).click()
    await page.getByPlaceholder('Search properties').fill('plan')
    await page.getByRole('option', { name: /^plan/ }).first().click()
    await answered(page)
    const table = page.getByRole('region', { name: 'All numbers' })
    await table.getByRole('rowheader', { name: 'team' }).waitFor()
    expect((await figures(page, 'All numbers')).map(([name, total]) => [name, total]).sort()).toEqual([
      ['free', '20'],
      ['team', '20'],
    ])

    await page.keyboard.press('e')
    await page.getByRole('textbox', { name: 'Name of the insight' }).fill('Sign-ups by plan')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Saved' }).waitFor()
    expect(page.url()).toMatch(/\/insights\/\w{6,}$/)

    await page.reload()
    await table.getByRole('rowheader', { name: 'team' }).waitFor()
    await page.getByRole('button', { name: /^Chart: / }).click()
    await page.getByRole('option', { name: 'Stacked bars' }).click()
    await page.getByRole('button', { name: 'Save changes' }).waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Saved' }).waitFor()

    await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: 'Insights' }).click()
    await page.getByRole('textbox', { name: 'Search insights' }).fill('by plan')
    await page.getByRole('link', { name: 'Sign-ups by plan' }).click()
    await table.getByRole('rowheader', { name: 'team' }).waitFor()
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('find the step that loses most, see who, make a cohort of them, compare their retention with everyone’s, put both on a dashboard', async () => {
    const page = await open(asking(funnel))
    const lost = steps.workspace_created - steps.invited
    await page.getByText('step 2 → 3 loses most').waitFor()
    await page.getByRole('button', { name: `${lost} (70.0 %)` }).click()
    const people = page.getByRole('dialog')
    await people.getByText(`${lost} persons`).first().waitFor()
    await people.getByText('adds up to the number').waitFor()
    await expect.poll(() => people.getByRole('list', { name: 'People' }).getByRole('listitem').count()).toBe(lost)

    await people.getByRole('button', { name: `Make a cohort of ${lost} persons` }).click()
    await people.getByRole('textbox', { name: 'Name of the cohort' }).fill('Stopped before inviting')
    await people.getByRole('button', { name: 'Make cohort' }).click()
    await page.getByText('Cohort “Stopped before inviting”').waitFor()

    const { results } = await hedgerow.api<{ results: { id: number; name: string }[] }>('GET', '/api/projects/1/cohorts/?search=Stopped')
    expect(results.map(({ name }) => name)).toEqual(['Stopped before inviting'])

    await page.getByRole('link', { name: 'Compare its retention' }).click()
    await answered(page)
    const heat = page.getByRole('region', { name: 'Retention of each cohort' })
    await heat.getByText('Everyone').waitFor()
    await expect.poll(() => heat.locator('tbody').count()).toBe(2)
    const sizes = async (group: number) =>
      (await heat.locator('tbody').nth(group).locator('td:nth-child(2)').allTextContents()).map(Number).reduce((sum, size) => sum + size, 0)
    await expect.poll(async () => [await sizes(0), await sizes(1)].sort((one, other) => other - one)).toEqual([steps.signed_up, lost])

    const putOn = async (name: string) => {
      await page.getByRole('button', { name: 'More to do with this insight' }).click()
      await page.getByRole('menuitem', { name: 'Put on a dashboard' }).click()
      if (name === 'new') {
        await page.getByRole('textbox', { name: 'Name of a new dashboard' }).fill('Onboarding')
        await page.getByRole('button', { name: 'Make and add' }).click()
      } else await page.getByRole('button', { name: `Add it to ${name}` }).click()
      await page.getByText('It is on “Onboarding”.').waitFor()
    }
    await putOn('new')
    await page.goto(`${hedgerow.url}/project/1${asking(funnel)}`)
    await page.getByText('step 2 → 3 loses most').waitFor()
    await putOn('Onboarding')
    await page.getByRole('button', { name: 'Open', exact: true }).last().click()
    await page.getByRole('heading', { level: 1, name: 'Onboarding' }).waitFor()
    await expect.poll(() => page.locator('section[aria-busy=false] h2').count()).toBe(2)
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('with the keyboard alone: find a funnel, add steps, read the people, save', async () => {
    const page = await open('/live')
    const { keyboard } = page
    await goByKeys(page, 'i', 'Insights')
    await keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find or do anything' }).waitFor()
    await keyboard.type('new fun')
    await keyboard.press('Enter')
    const add = page.getByRole('button', { name: 'Add a step' })
    const addStep = async (name: string) => {
      await add.focus()
      await keyboard.press('Enter')
      await page.getByPlaceholder('Search events and actions').waitFor()
      await keyboard.type(name)
      await page.getByRole('option', { name: new RegExp(`^${name}`) }).waitFor()
      await keyboard.press('Enter')
      await page.getByRole('button', { name: new RegExp(`: ${name}$`) }).waitFor()
    }
    await addStep('signed_up')
    await addStep('invited')
    const first = page.getByRole('button', { name: 'More for step 1' })
    await first.focus()
    await keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Remove' }).press('Enter')
    await keyboard.press('Control+Enter')
    const reached = page.getByRole('button', { name: `${steps.invited} persons: Those who reached step 2` })
    await reached.focus()
    await keyboard.press('Enter')
    await page.getByRole('dialog').getByText(`${steps.invited} persons`).first().waitFor()
    await keyboard.press('Escape')
    await expect.poll(() => reached.evaluate((element) => element === document.activeElement)).toBe(true)

    const move = page.getByRole('button', { name: 'step 2: move' })
    await move.focus()
    // Each is told to those who cannot see it before the next is heard.
    const told = page.locator('[id^=DndLiveRegion]')
    for (const [key, words] of [
      ['Space', 'was moved over'],
      ['ArrowUp', 'series-0'],
      ['Space', 'was dropped'],
    ] as const) {
      await keyboard.press(key)
      await told.getByText(words).waitFor({ state: 'attached' })
    }
    await page.getByRole('button', { name: 'Event of step 1: invited' }).waitFor()

    await keyboard.press('Control+s')
    await page.getByRole('button', { name: 'Saved' }).waitFor()
    await keyboard.press('x')
    await page.getByRole('tab', { name: 'ClickHouse SQL' }).waitFor()
    await keyboard.press('Escape')
    await keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('a number is explained: its rules, its SQL, and rows that add up to it', async () => {
    const page = await open(asking({ kind: 'TrendsQuery', series: series('signed_up'), dateRange: month }))
    const cell = page.getByRole('region', { name: 'All numbers' }).getByRole('button', { name: String(steps.signed_up), exact: true })
    await cell.scrollIntoViewIfNeeded()
    await cell.click()
    await page.getByRole('dialog').getByText('adds up to the number').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Explain' }).click()
    const explained = page.getByRole('dialog')
    await explained.getByText('all that were stored until').waitFor()
    await explained.getByRole('tab', { name: 'Rows' }).click()
    const sum = explained.getByRole('row', { name: /^Together/ })
    await sum.waitFor()
    expect(await sum.textContent()).toMatch(new RegExp(`${steps.signed_up}$`))
    await explained.getByRole('tab', { name: 'HogQL' }).click()
    await explained.getByText('SELECT').first().waitFor()
    await page.close()
  })

  test('any kind of answer becomes a picture, whatever stands in it', async () => {
    const kinds: [string, object, (page: Page) => Promise<unknown>][] = [
      ['lines', { kind: 'TrendsQuery', series: series('signed_up') }, (page) => page.locator('figure canvas').waitFor()],
      [
        'a number',
        { kind: 'TrendsQuery', series: series('signed_up'), trendsFilter: { display: 'BoldNumber' } },
        (page) => page.getByRole('button', { name: /: see who$/ }).waitFor(),
      ],
      [
        'a table',
        { kind: 'TrendsQuery', series: series(hostileName), trendsFilter: { display: 'ActionsTable' } },
        (page) => page.getByRole('region', { name: 'The answer' }).getByText(hostileName).first().waitFor(),
      ],
      [
        'a funnel',
        { kind: 'FunnelsQuery', series: series('signed_up', hostileName) },
        (page) => page.getByText(/% go all the way/).waitFor(),
      ],
      [
        'retention',
        { kind: 'RetentionQuery', retentionFilter: { period: 'Week', targetEntity: { id: 'signed_up', type: 'events' } } },
        (page) => page.getByRole('region', { name: 'Retention of each cohort' }).waitFor(),
      ],
      [
        'paths',
        { kind: 'PathsQuery', pathsFilter: { includeEventTypes: ['$pageview'] } },
        (page) => page.getByRole('region', { name: 'Paths that people take' }).waitFor(),
      ],
    ]
    const page = await open('/insights')
    for (const [name, query, ready] of kinds) {
      await page.goto(`${hedgerow.url}/project/1${asking({ dateRange: month, ...query })}`)
      await ready(page)
      await page.getByRole('button', { name: 'More to do with this insight' }).click()
      const downloading = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: 'Picture (PNG)' }).click()
      const { width, height, colours } = await lookAtPicture(page, await readFile(await (await downloading).path()))
      expect([width > 800, height > 200, colours > 10], name).toEqual([true, true, true])
    }
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('a formula, a note on a day, the numbers as files, and a copy', async () => {
    const page = await open(asking({ kind: 'TrendsQuery', series: series('invited', 'signed_up'), dateRange: month, interval: 'month' }))
    const table = page.getByRole('region', { name: 'All numbers' })
    await table.getByRole('rowheader', { name: 'invited' }).waitFor()
    await page.getByRole('button', { name: 'Formula', exact: true }).click()
    await page.getByRole('textbox', { name: 'Formula 1', exact: true }).fill('A / B * 100')
    await page.keyboard.press('Tab')
    await answered(page)
    await table.getByRole('rowheader', { name: /A \/ B \* 100/ }).waitFor()
    const file = async (item: string) => {
      await page.getByRole('button', { name: 'More to do with this insight' }).click()
      const downloading = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: item }).click()
      return readFile(await (await downloading).path())
    }
    const share = (100 * steps.invited) / steps.signed_up
    expect((await file('Numbers (CSV)')).toString()).toMatch(new RegExp(`A / B \\* 100.*[",]${share}\\b`, 's'))
    expect((await file('Numbers (Parquet)')).subarray(0, 4).toString()).toBe('PAR1')

    await page.getByRole('button', { name: 'Notes on days' }).click()
    await page.getByRole('textbox', { name: 'Note', exact: true }).fill(`Launched ${hostileName}`)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('listitem').getByText('Launched').waitFor()
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Saved' }).waitFor()
    const first = page.url()
    await page.getByRole('button', { name: 'More to do with this insight' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await page.waitForURL((url) => url.href !== first && /\/insights\/\w{6,}$/.test(url.pathname))
    await table.getByRole('rowheader', { name: /A \/ B \* 100/ }).waitFor()
    expect(await page.evaluate(() => 'hasRun' in window)).toBe(false)
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('what goes with converting is found on demand, and leads to the people', async () => {
    const page = await open(
      asking({ kind: 'FunnelsQuery', series: series('signed_up', 'workspace_created', 'onboarding_completed'), dateRange: month }),
    )
    await page.getByRole('button', { name: 'What goes with converting?' }).click()
    const found = page.getByRole('region', { name: 'What goes with converting' })
    // All eight that went all the way were invited before, and one of those who did not.
    await found.getByRole('row', { name: /^invited/ }).waitFor()
    await found.getByRole('button', { name: /^8 who went all the way with invited/ }).click()
    await page.getByRole('dialog').getByText('8 persons').first().waitFor()
    await page.getByRole('dialog').getByText('adds up to the number').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Paths around step 3' }).click()
    await page.getByRole('menuitem', { name: 'What they did since step 2' }).click()
    await page.getByRole('heading', { level: 2, name: 'Around a funnel' }).waitFor()
    await page
      .getByRole('region', { name: 'Paths that people take' })
      .getByRole('button', { name: /^invited/ })
      .first()
      .waitFor()
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('names out of events are text wherever they stand, and never run', async () => {
    const page = await open(
      asking({
        kind: 'TrendsQuery',
        series: series(hostileName, 'signed_up'),
        dateRange: month,
        breakdownFilter: { breakdowns: [{ property: hostileName, type: 'event' }] },
        trendsFilter: { formulaNodes: [{ formula: 'A', custom_name: hostileName }] },
      }),
    )
    await page.getByRole('region', { name: 'All numbers' }).getByText(hostileName).first().waitFor()
    for (const display of ['ActionsPie', 'ActionsBarValue', 'WorldMap', 'ActionsTable']) {
      await page.goto(
        `${hedgerow.url}/project/1${asking({ kind: 'TrendsQuery', series: series(hostileName), dateRange: month, trendsFilter: { display } })}`,
      )
      await page.getByText(hostileName).first().waitFor()
    }
    await page.goto(
      `${hedgerow.url}/project/1${asking({ kind: 'FunnelsQuery', series: series('signed_up', hostileName), dateRange: month })}`,
    )
    await page.getByRole('listitem').getByText(hostileName).first().waitFor()
    await page.getByRole('button', { name: /^Event of step 1/ }).click()
    await page.getByRole('option').getByText(hostileName).first().waitFor()
    await page.keyboard.press('Escape')
    const chart = await open(asking({ kind: 'TrendsQuery', series: series(hostileName), dateRange: month }))
    await chart.locator('canvas').waitFor()
    const box = await chart.locator('canvas').boundingBox()
    if (!box) throw new Error('no chart')
    for (let share = 0.1; share < 1; share += 0.2) await chart.mouse.move(box.x + box.width * share, box.y + box.height / 2)
    await chart.locator('figure').getByText(hostileName).first().waitFor()
    for (const each of [page, chart]) {
      expect(await each.evaluate(() => 'hasRun' in window)).toBe(false)
      expect(await each.locator('img').count()).toBe(0)
    }
    expect(work.faults).toEqual([])
    await chart.close()
    await page.close()
  })

  test('a slow question shows that it runs and can be stopped; a failed one says why and can be asked again', async () => {
    const page = await open('/insights')
    let waits = 0
    await page.route('**/api/projects/1/query/', async (route) => {
      waits++
      if (waits === 1) return new Promise(() => undefined)
      if (waits === 2)
        return route.fulfill({ status: 500, json: { type: 'server_error', code: 'error', detail: 'The event store went away.' } })
      return route.continue()
    })
    await page.goto(`${hedgerow.url}/project/1${asking({ kind: 'TrendsQuery', series: series('signed_up'), dateRange: month })}`)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByText('Stopped.').waitFor()
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.getByRole('alert').getByText('The event store went away.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('region', { name: 'All numbers' }).getByText('signed_up').waitFor()
    await page.close()
  })

  test('when the session has ended, one signs in and stands where one was', async () => {
    const own = await work.signedIn()
    const page = await work.open(asking(funnel), own)
    await page.getByText('loses most').waitFor()
    await endSession(page)
    await page.getByRole('button', { name: 'Refresh' }).click()
    await signInAgain(page)
    await page.getByText('loses most').waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toContain('FunnelsQuery')
    await own.close()
  })

  describe('every page passes axe in light and dark', () => {
    const pages: Looked[] = [
      ['the list', '/insights', (page) => page.getByRole('table', { name: 'Insights' }).waitFor()],
      ['the palette', '/insights', openPalette],
      [
        'trends',
        asking({ kind: 'TrendsQuery', series: series('signed_up', '$pageview'), dateRange: month }),
        (page) => page.locator('canvas').waitFor(),
      ],
      [
        'a number',
        asking({ kind: 'TrendsQuery', series: series('signed_up'), dateRange: month, trendsFilter: { display: 'BoldNumber' } }),
        (page) => page.getByRole('button', { name: '40: see who' }).waitFor(),
      ],
      ['a funnel', asking(funnel), (page) => page.getByText('loses most').waitFor()],
      [
        'retention',
        asking({ kind: 'RetentionQuery', retentionFilter: { period: 'Week', targetEntity: { id: 'signed_up', type: 'events' } } }),
        (page) => page.getByRole('region', { name: 'Retention of each cohort' }).waitFor(),
      ],
      [
        'paths',
        asking({ kind: 'PathsQuery', dateRange: month, pathsFilter: { includeEventTypes: ['$pageview'] } }),
        (page) => page.getByRole('region', { name: 'Paths that people take' }).waitFor(),
      ],
      [
        'lifecycle',
        asking({ kind: 'LifecycleQuery', series: series('$pageview'), interval: 'week', dateRange: month }),
        (page) => page.locator('canvas').waitFor(),
      ],
      [
        'stickiness',
        asking({ kind: 'StickinessQuery', series: series('$pageview'), dateRange: month }),
        (page) => page.locator('canvas').waitFor(),
      ],
      ['the explanation', asking(funnel, { explain: 'yes' }), (page) => page.getByRole('tab', { name: 'Rules' }).waitFor()],
    ]
    test('at a desk', everyPage, async () => {
      expect(await faultsInBothThemes(work, pages)).toEqual([])
    })

    test('with any list, menu or choice of dates open over it', everyPage, async () => {
      const page = await open(
        asking({
          kind: 'TrendsQuery',
          series: series('signed_up', 'invited'),
          dateRange: month,
          properties: [{ type: 'event', key: 'plan', operator: 'exact', value: ['team'] }],
          breakdownFilter: { breakdowns: [{ property: 'plan', type: 'event' }] },
        }),
      )
      await answered(page)
      const found: string[] = []
      for (const [place, name] of openedBy.entries()) {
        const colorScheme = place % 2 === 0 ? 'light' : 'dark'
        await page.emulateMedia({ colorScheme })
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
        await page.getByRole('button', { name }).first().click()
        await page.locator('[role=dialog]:visible, [role=menu]:visible').last().waitFor()
        found.push(...(await accessibilityFaults(page, { isOpened: true })).map((fault) => `${name}, ${colorScheme}: ${fault}`))
        await page.keyboard.press('Escape')
        await page.locator('[role=dialog]:visible, [role=menu]:visible').waitFor({ state: 'hidden' })
      }
      await page
        .getByRole('button', { name: /^Event of series A/ })
        .first()
        .click()
      await page.getByLabel(/^Search: Event of series A/).fill('what nobody sends')
      await page.getByRole('status').getByText('Nothing matches.').waitFor()
      found.push(...(await accessibilityFaults(page, { isOpened: true })).map((fault) => `nothing matches: ${fault}`))
      expect(found).toEqual([])
      await page.close()
    })

    test('on a phone, where nothing is wider than the screen', everyPage, async () => {
      expect(await faultsInBothThemes(work, pages.slice(0, 4), phone)).toEqual([])
    })
  })
})
