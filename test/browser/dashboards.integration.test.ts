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
import { hostileName, steps } from './meadow.ts'

const month = { date_from: '-30d' }
const series = (...events: string[]) => events.map((event) => ({ kind: 'EventsNode', event }))
const signUps = { kind: 'TrendsQuery', series: series('signed_up'), dateRange: month, trendsFilter: { display: 'BoldNumber' } }
const asking = (query: object) => `/insights/new?${new URLSearchParams({ q: JSON.stringify(query) })}`

interface Stored {
  tiles: { id: number; layouts: { sm?: { x: number; y: number; w: number; h: number } } }[]
}

describe.skipIf(!chromiumPath)('what people do with dashboards', () => {
  let work: Workplace

  beforeAll(async () => {
    work = await openWorkplace()
  })
  afterAll(() => work?.stop())

  const post = <Body = { id: number }>(path: string, body: object) => work.hedgerow.api<Body>('POST', `/api/projects/1${path}`, body)
  const tile = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
  const filled = (page: Page, name: string) => tile(page, name).and(page.locator('[aria-busy=false]')).waitFor()

  /** A dashboard with these insights side by side. */
  async function made(name: string, insights: { name: string; query: object }[]): Promise<{ id: number; path: string }> {
    const dashboard = await post('/dashboards/', { name })
    for (const [place, insight] of insights.entries()) {
      const { id } = await post('/insights/', { ...insight, saved: true })
      await post(`/dashboards/${dashboard.id}/tiles/`, {
        insight: id,
        layouts: { sm: { x: (place % 2) * 6, y: Math.floor(place / 2) * 5, w: 6, h: 5 } },
      })
    }
    return { id: dashboard.id, path: `/dashboards/${dashboard.id}` }
  }

  test('with the keyboard alone: make one, name it, put an insight, SQL and a text on it, move and size a tile, undo, full screen', async () => {
    await post('/insights/', { name: 'Sign-ups in all', query: signUps, saved: true })
    const page = await work.open('/live')
    const { keyboard } = page
    await goByKeys(page, 'd', 'Dashboards')
    await page.getByRole('button', { name: 'New dashboard' }).first().press('Enter')
    await page.getByRole('textbox', { name: 'Name of the dashboard' }).fill('Mornings')
    await keyboard.press('Enter')

    const add = async (item: string) => {
      await page.getByRole('button', { name: 'Add', exact: true }).press('Enter')
      await page.getByRole('menuitem', { name: item }).press('Enter')
    }
    await add('Saved insight or query')
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).first().press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Added' }).waitFor()
    await keyboard.press('Escape')
    await filled(page, 'Sign-ups in all')
    await tile(page, 'Sign-ups in all').getByText(String(steps.signed_up), { exact: true }).waitFor()

    await add('Text')
    await page.getByRole('textbox', { name: 'Text' }).fill('# Read me\n- first')
    await page.getByRole('button', { name: 'Keep' }).press('Enter')
    await tile(page, 'Text').getByRole('heading', { name: 'Read me' }).waitFor()

    await add('New query in SQL')
    await page.getByRole('textbox', { name: 'SQL' }).focus()
    await keyboard.press('Control+a')
    await keyboard.type("SELECT count() AS invited FROM events WHERE event = 'invited'")
    await page.getByRole('button', { name: 'Save onto the dashboard' }).press('Enter')
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Invitations')
    await keyboard.press('Enter')
    await filled(page, 'Invitations')
    await tile(page, 'Invitations')
      .getByRole('cell', { name: String(steps.invited) })
      .waitFor()

    await page.getByRole('heading', { level: 1 }).click()
    await keyboard.press('e')
    const grip = page.getByRole('button', { name: /^Move Sign-ups in all/ })
    await grip.waitFor()
    const place = async () => {
      const id = Number(/dashboards\/(\d+)/.exec(page.url())?.[1])
      const { tiles } = await work.hedgerow.api<Stored>('GET', `/api/projects/1/dashboards/${id}/`)
      const { x, w } = tiles[0]?.layouts.sm ?? {}
      return { x, w }
    }
    expect(await place()).toEqual({ x: 0, w: 6 })
    await grip.press('Shift+ArrowLeft')
    await expect.poll(place).toEqual({ x: 0, w: 5 })
    await grip.press('ArrowRight')
    await expect.poll(place).toEqual({ x: 1, w: 5 })

    await page.getByRole('button', { name: 'More to do with Invitations' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Remove from the dashboard' }).press('Enter')
    await tile(page, 'Invitations').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await filled(page, 'Invitations')

    await page.getByRole('button', { name: 'Full screen' }).press('Enter')
    await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
    await page.evaluate(() => document.exitFullscreen())
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('dates and filters for all tiles stand in the address, can be kept for everyone, and come back', async () => {
    const { path } = await made('Ranges', [
      { name: 'Long ago', query: signUps },
      { name: 'Rows', query: { kind: 'HogQLQuery', query: "SELECT count() AS n FROM events WHERE event = 'signed_up' AND {filters}" } },
    ])
    const page = await work.open(path)
    const number = (count: number) => tile(page, 'Long ago').getByText(String(count), { exact: true }).waitFor()
    await number(steps.signed_up)
    await page.getByRole('button', { name: "Range of all tiles: Tiles' own dates" }).click()
    await page.getByRole('option', { name: 'Last 7 days' }).click()
    await number(0)
    await tile(page, 'Rows').getByRole('cell', { name: '0', exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('from')).toBe('-7d')
    const other = await work.open(`${path}?${new URL(page.url()).searchParams}`)
    await tile(other, 'Long ago').getByText('0', { exact: true }).waitFor()
    await other.close()

    await page.getByRole('button', { name: 'Keep for everyone' }).click()
    await page.getByRole('button', { name: 'Keep for everyone' }).waitFor({ state: 'detached' })
    await page.goto(`${work.hedgerow.url}/project/1${path}`)
    await number(0)
    await page.getByRole('button', { name: 'Range of all tiles: Last 7 days' }).click()
    await page.getByRole('option', { name: 'Each tile its own dates' }).click()
    await number(steps.signed_up)
    await page.close()
  })

  test('an insight is put on a dashboard from its own page, a tile leads back to it, and a dashboard is copied', async () => {
    const { path } = await made('Places', [])
    const page = await work.open(asking(signUps))
    await page.getByRole('button', { name: `${steps.signed_up}: see who` }).waitFor()
    await page.getByRole('button', { name: 'More to do with this insight' }).click()
    await page.getByRole('menuitem', { name: 'Put on a dashboard' }).click()
    await page.getByRole('button', { name: 'Add it to Places' }).click()
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.waitForURL(`**${path}`)
    await filled(page, 'signed_up')
    await tile(page, 'signed_up').getByRole('link', { name: 'signed_up' }).click()
    await page.getByRole('button', { name: `${steps.signed_up}: see who` }).waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'More to do with this dashboard' }).click()
    await page.getByRole('menuitem', { name: 'As YAML' }).click()
    const yaml = await page.getByRole('dialog', { name: 'As YAML' }).locator('code').textContent()
    expect(yaml).toMatch(/^name: Places\ntiles:\n {2}- (insight: .+\n {4})?query:\n {6}kind: TrendsQuery\n/)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'More to do with this dashboard' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await page.getByRole('heading', { level: 1, name: 'Places (copy)' }).waitFor()
    await filled(page, 'signed_up')
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('a tile that fails says why and leaves the others alone; a server that is away says so and can be asked again', async () => {
    const { path } = await made('Trouble', [
      { name: 'Good', query: signUps },
      { name: 'Bad', query: { kind: 'HogQLQuery', query: 'SELECT evnt FROM events' } },
    ])
    const page = await work.open('/dashboards')
    let asked = 0
    await page.route('**/stream_tiles/**', async (route) => {
      asked++
      return asked <= 2 ? route.fulfill({ status: 500, json: { code: 'error', detail: 'The event store went away.' } }) : route.continue()
    })
    await page.getByRole('link', { name: 'Trouble' }).click()
    await page.waitForURL(`**${path}`)
    await page.getByRole('alert').getByText('The event store went away.').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await tile(page, 'Good').getByText(String(steps.signed_up), { exact: true }).waitFor()
    await tile(page, 'Bad').getByRole('alert').getByText('Did you mean "event"?').waitFor()
    await page.close()
  })

  test('when the session has ended, one signs in and stands before the same dashboard', async () => {
    const { path } = await made('Evenings', [{ name: 'Ended', query: signUps }])
    const own = await work.signedIn()
    const page = await work.open(`${path}?from=-14d`, own)
    await filled(page, 'Ended')
    await endSession(page)
    await page.getByRole('button', { name: 'Refresh' }).click()
    await signInAgain(page)
    await filled(page, 'Ended')
    expect(new URL(page.url()).searchParams.get('from')).toBe('-14d')
    await own.close()
  })

  test('on a slow line tiles show that they are awaited and fill in one by one; hostile names are text', async () => {
    const { path } = await made(hostileName, [
      {
        name: hostileName,
        query: { kind: 'TrendsQuery', series: series(hostileName), dateRange: month, trendsFilter: { display: 'ActionsTable' } },
      },
      {
        name: 'Hostile rows',
        query: { kind: 'HogQLQuery', query: 'SELECT event, count() AS n FROM events GROUP BY event ORDER BY n LIMIT 20' },
      },
    ])
    const page = await work.open('/dashboards')
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 300,
      downloadThroughput: 60_000,
      uploadThroughput: 60_000,
    })
    await page.goto(`${work.hedgerow.url}/project/1${path}`)
    await tile(page, 'Hostile rows').waitFor()
    await filled(page, 'Hostile rows')
    await tile(page, 'Hostile rows').getByText(hostileName).first().waitFor()
    await filled(page, hostileName)
    await tile(page, hostileName).getByText(hostileName).first().waitFor()
    // What was answered stays to be looked at until it is answered anew.
    let goOn = (): void => undefined
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    await page.route('**/stream_tiles/**', async (route) => {
      await held
      await route.continue()
    })
    await page.getByRole('button', { name: 'Refresh' }).click()
    await tile(page, hostileName).and(page.locator('[aria-busy=true]')).getByText(hostileName).first().waitFor()
    goOn()
    await filled(page, hostileName)
    expect(await page.evaluate(() => 'hasRun' in window)).toBe(false)
    expect(await page.locator('img').count()).toBe(0)
    expect(work.faults).toEqual([])
    await page.close()
  })

  describe('looks', () => {
    let pages: Looked[]
    beforeAll(async () => {
      const { path } = await made('Looked at', [
        { name: 'Number', query: signUps },
        { name: 'Lines', query: { kind: 'TrendsQuery', series: series('signed_up', '$pageview'), dateRange: month } },
        { name: 'Funnel', query: { kind: 'FunnelsQuery', series: series('signed_up', 'workspace_created', 'invited'), dateRange: month } },
        { name: 'SQL', query: { kind: 'HogQLQuery', query: 'SELECT event, count() AS n FROM events GROUP BY event ORDER BY n DESC' } },
      ])
      const ready = (page: Page) => filled(page, 'SQL')
      pages = [
        ['the list', '/dashboards', (page) => page.getByRole('table', { name: 'Dashboards' }).waitFor()],
        ['a dashboard', path, ready],
        ['its layout', `${path}?edit=yes`, ready],
      ]
    })
    test('every page passes axe at a desk and on a phone, in light and dark', everyPage, async () => {
      expect(await faultsInBothThemes(work, pages)).toEqual([])
      expect(await faultsInBothThemes(work, pages.slice(0, 2), phone)).toEqual([])
    })
  })
})
