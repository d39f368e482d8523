import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
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
import { hostileName } from './meadow.ts'

const asking = (query: string) => `/sql?${new URLSearchParams({ query })}`
const byPlan = `SELECT properties.plan AS plan, count() AS events FROM events WHERE event = 'signed_up' GROUP BY plan ORDER BY plan`

describe.skipIf(!chromiumPath)('what people do with SQL', () => {
  let work: Workplace

  beforeAll(async () => {
    work = await openWorkplace()
  })
  afterAll(() => work?.stop())

  const editor = (page: Page) => page.getByRole('textbox', { name: 'SQL' })
  const results = (page: Page) => page.getByRole('region', { name: 'Results' })
  const rows = (page: Page) => page.getByRole('table', { name: 'Rows' })
  const cells = async (page: Page) =>
    await rows(page)
      .locator('tbody tr')
      .evaluateAll((found) => found.map((row) => [...row.children].slice(1).map((cell) => cell.textContent)))
  const answered = (page: Page, count: string) => results(page).getByRole('status').getByText(count, { exact: true }).waitFor()

  test('with the keyboard alone: write with completion, mend a mistake, run, chart, save, and find it in the history', async () => {
    const page = await work.open('/live')
    const { keyboard } = page
    await goByKeys(page, 'q', 'SQL')
    /** Takes the first that is offered; a list that has just come takes no key yet. */
    const taken = async (option: RegExp, text: string) => {
      await page.getByRole('option', { name: option }).first().waitFor()
      const written = async () => {
        await keyboard.press('Tab')
        return editor(page).textContent()
      }
      await expect.poll(written).toContain(text)
    }
    await editor(page).focus()
    await keyboard.press('Control+a')
    // The list of names comes from the server.
    await keyboard.type('SELECT count() FROM ev')
    await taken(/^events/, 'FROM events')
    // What was seen in this project is known, too.
    await keyboard.type(' WHERE properties.pl')
    await taken(/^plan/, 'properties.plan')
    await keyboard.type(" = 'team' AND evnt = 'signed_up'")
    // What was marked while it was typed may stand there until it is looked at again.
    await expect.poll(() => page.locator('.cm-lintRange-error').allTextContents()).toEqual(['evnt'])
    await keyboard.press('Control+Enter')
    await results(page).getByRole('alert').getByText('Did you mean "event"?').waitFor()

    await keyboard.press('Control+a')
    await keyboard.type(byPlan)
    await keyboard.press('Escape')
    await keyboard.press('Control+Enter')
    await answered(page, '2 rows')
    expect(await cells(page)).toEqual([
      ['free', '20'],
      ['team', '20'],
    ])
    expect(page.url()).toContain('query=')

    await results(page).getByRole('radio', { name: 'Rows' }).focus()
    await keyboard.press('ArrowRight')
    await page.getByText('events by plan, 2 points').waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Sign-ups by plan')
    await keyboard.press('Enter')
    await page.getByText('Saved. It can be put on dashboards.').waitFor()

    await page.getByRole('button', { name: 'Another query' }).press('Enter')
    await page.getByRole('button', { name: 'Queries' }).press('Enter')
    const library = page.getByRole('dialog', { name: 'Queries' })
    await library.getByRole('button', { name: /Sign-ups by plan/ }).waitFor()
    await library.getByRole('tab', { name: 'Saved' }).focus()
    await keyboard.press('ArrowRight')
    await library
      .getByRole('button', { name: /signed_up/ })
      .first()
      .press('Enter')
    await library.waitFor({ state: 'hidden' })
    expect(await editor(page).textContent()).toContain("event = 'signed_up'")
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('what a query would read is told before it runs, and open queries are there again after a visit elsewhere', async () => {
    const page = await work.open(asking(byPlan))
    await page.getByRole('button', { name: 'Estimate' }).click()
    await results(page).getByRole('cell', { name: 'events' }).waitFor()
    await results(page)
      .getByText(/^events: \d+ of \d+ blocks? of rows/)
      .waitFor()
    await page.getByRole('button', { name: 'Another query' }).click()
    await editor(page).click()
    await page.keyboard.type('SELECT 42 AS answer')
    await page.reload()
    const tabs = page.getByRole('navigation', { name: 'Open queries' })
    await tabs.getByRole('button', { name: 'SELECT 42 AS answer', exact: true }).click()
    expect(await editor(page).textContent()).toBe('SELECT 42 AS answer')
    await page.close()
  })

  test('what was asked is pulled to another machine by the lines that are shown, with a key made for it', async () => {
    const page = await work.open(asking(`${byPlan} -- it's "$HOME"`))
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await answered(page, '2 rows')
    await results(page).getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Pull to a laptop' }).click()
    const dialog = page.getByRole('dialog', { name: 'Pull to a laptop' })
    await dialog.getByRole('button', { name: 'Make a key for it' }).click()
    await dialog.getByText('shown this once').waitFor()
    await dialog.getByText('CSV with curl').first().click()
    const [key, lines] = await dialog.locator('pre').allTextContents()
    const pulled = await promisify(execFile)('bash', ['-ec', `cd "$(mktemp -d)"\n${key}\n${lines}\ncat result.csv`])
    expect(pulled.stdout.trim().split(/\r?\n/)).toEqual(['plan,events', 'free,20', 'team,20'])
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('a query becomes a metric of experiments where it is one number for each person, and is told why where it is none', async () => {
    const page = await work.open(asking(byPlan))
    const make = async () => {
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await results(page).getByRole('button', { name: 'Export' }).click()
      await page.getByRole('menuitem', { name: 'Metric of experiments' }).click()
      const dialog = page.getByRole('dialog', { name: 'A metric of experiments' })
      await dialog.getByRole('textbox', { name: 'Name' }).fill('Invitations')
      await dialog.getByRole('button', { name: 'Make the metric' }).click()
      return dialog
    }
    const refused = await make()
    await refused.getByRole('alert').getByText('it must select one aggregate').waitFor()
    await refused.getByRole('button', { name: 'Cancel' }).click()
    await editor(page).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type("SELECT count() FROM events WHERE event = 'invited'")
    await page.keyboard.press('Escape')
    await make()
    await page.getByRole('heading', { level: 1, name: 'Shared by experiments' }).waitFor()
    await page.getByText('Invitations', { exact: true }).waitFor()
    const { results: kept } = await work.hedgerow.api<{ results: { query: object }[] }>('GET', '/api/projects/1/experiment_saved_metrics/')
    expect(kept[0]?.query).toMatchObject({ goal: 'increase', source: { event: 'invited', math: 'hogql', math_hogql: 'count()' } })
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('the lines between tables, editor and rows are moved with arrows, and stay where they were put', async () => {
    const page = await work.open('/sql')
    const heightPx = () => page.locator('.cm-editor').evaluate((element) => element.parentElement?.clientHeight)
    const line = page.getByRole('separator', { name: 'Height of the editor' })
    const beforePx = (await heightPx()) ?? 0
    await line.press('ArrowDown')
    await expect.poll(heightPx).toBe(beforePx + 24)
    await page.reload()
    await line.waitFor()
    await expect.poll(heightPx).toBe(beforePx + 24)
    const tables = page.getByRole('complementary', { name: 'Tables' })
    const widthPx = (await tables.boundingBox())?.width ?? 0
    const box = await page.getByRole('separator', { name: 'Width of the tables' }).boundingBox()
    if (!box) throw new Error('no line')
    await page.mouse.move(box.x + 6, box.y + 100)
    await page.mouse.down()
    await page.mouse.move(box.x + 86, box.y + 100, { steps: 4 })
    await page.mouse.up()
    await expect.poll(async () => Math.abs(((await tables.boundingBox())?.width ?? 0) - widthPx - 80)).toBeLessThan(8)
    await page.close()
  })

  test('variables: made where a query names one, and asked with another value', async () => {
    const page = await work.open(
      asking("SELECT count() AS people FROM events WHERE event = 'signed_up' AND properties.plan = {variables.plan}"),
    )
    await page.getByRole('button', { name: 'Create variable “plan”' }).click()
    await page.getByRole('textbox', { name: 'Default value' }).fill('team')
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    const field = page.getByRole('textbox', { name: 'plan', exact: true })
    await field.waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await answered(page, '1 row')
    expect(await cells(page)).toEqual([['20']])
    await field.fill('nobody')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expect.poll(() => cells(page)).toEqual([['0']])
    await page.close()
  })

  test('a hundred thousand rows come into the grid, of which those in view are drawn', async () => {
    const page = await work.open(asking('SELECT number, toString(number) AS text FROM numbers(100000) LIMIT 100000'))
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await answered(page, '100,000 rows')
    expect(await rows(page).getAttribute('aria-rowcount')).toBe('100001')
    expect(await rows(page).locator('tbody tr').count()).toBeLessThan(100)
    await rows(page).getByRole('cell').first().click()
    await page.keyboard.press('End')
    await rows(page).getByRole('cell', { name: '99999' }).first().waitFor()
    await rows(page).getByRole('button', { name: 'number' }).click()
    await page.keyboard.press('Tab')
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('names and values out of events are text in the grid, the chart and the tree, and never run', async () => {
    const page = await work.open(
      asking("SELECT event, event AS `<img src=x>`, count() AS n FROM events WHERE event LIKE '<img%' GROUP BY event"),
    )
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await answered(page, '1 row')
    await rows(page).getByText(hostileName).first().waitFor()
    await results(page).getByText('Chart', { exact: true }).click()
    await page.locator('figure svg, figure canvas').first().waitFor()
    await page.getByRole('textbox', { name: 'Search tables and columns' }).fill('onerror')
    await page.getByRole('complementary', { name: 'Tables' }).getByText(hostileName).first().waitFor()
    expect(await page.evaluate(() => 'hasRun' in window)).toBe(false)
    expect(await page.locator('img').count()).toBe(0)
    expect(work.faults).toEqual([])
    await page.close()
  })

  test('on a slow line a query shows that it runs and can be stopped; a server that fails says so', async () => {
    const page = await work.open(asking(byPlan))
    let asked = 0
    await page.route('**/query/rows/', async (route) => {
      asked++
      if (asked === 1) return new Promise(() => undefined)
      if (asked === 2)
        return route.fulfill({ status: 500, json: { type: 'server_error', code: 'error', detail: 'The event store went away.' } })
      return route.continue()
    })
    const run = page.getByRole('button', { name: 'Run', exact: true })
    await run.click()
    await results(page).getByRole('button', { name: 'Stop' }).click()
    await results(page).getByText('Stopped.').waitFor()
    await run.click()
    await results(page).getByRole('alert').getByText('The event store went away.').waitFor()
    await run.click()
    await answered(page, '2 rows')
    await page.close()
  })

  test('when the session has ended, one signs in and finds what one wrote', async () => {
    const own = await work.signedIn()
    const page = await work.open('/sql', own)
    await editor(page).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('SELECT 41 + 1 AS answer')
    await endSession(page)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await signInAgain(page)
    await editor(page).getByText('SELECT 41 + 1 AS answer').waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await answered(page, '1 row')
    expect(await cells(page)).toEqual([['42']])
    await own.close()
  })

  const pages: Looked[] = [
    [
      'an answer',
      asking(byPlan),
      async (page) => {
        await page.getByRole('button', { name: 'Run', exact: true }).click()
        await answered(page, '2 rows')
      },
    ],
    [
      'a mistake',
      asking('SELECT evnt FROM events'),
      async (page) => {
        await page.getByRole('button', { name: 'Run', exact: true }).click()
        await results(page).getByRole('alert').waitFor()
      },
    ],
    [
      'the history',
      '/sql',
      async (page) => {
        await page.getByRole('button', { name: 'Queries' }).click()
        await page.getByRole('dialog', { name: 'Queries' }).getByRole('tab', { name: 'History' }).click()
      },
    ],
  ]
  test('every page passes axe at a desk and on a phone, in light and dark', everyPage, async () => {
    expect(await faultsInBothThemes(work, pages)).toEqual([])
    expect(await faultsInBothThemes(work, pages.slice(0, 2), phone)).toEqual([])
  })
})
