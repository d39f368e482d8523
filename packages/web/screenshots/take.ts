/**
 * Pictures every page of a running server: light and dark, wide and narrow.
 *
 *   tsx packages/web/screenshots/take.ts --url http://127.0.0.1:8000 --out DIR [--email … --password …] [--project ID] [--only live,person] [--axe]
 *     [--scheme light] [--size wide] [--whole]
 *
 * Without `--project` it takes the first project that has events, else the first.
 * With `--whole` a picture reaches down to the end of its page.
 * With `--axe` it also checks each page for accessibility faults and fails if there are any.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import axeCore from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type PictureOf, pages, signedOutPages } from './pages.ts'

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const
const schemes = ['light', 'dark'] as const

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8000' },
    out: { type: 'string' },
    email: { type: 'string' },
    password: { type: 'string' },
    project: { type: 'string' },
    only: { type: 'string' },
    browser: { type: 'string', default: '/usr/bin/chromium' },
    axe: { type: 'boolean', default: false },
    scheme: { type: 'string' },
    size: { type: 'string' },
    whole: { type: 'boolean', default: false },
  },
})

type Size = keyof typeof sizes
type Scheme = (typeof schemes)[number]

interface Fault {
  where: string
  what: string
}

async function run(): Promise<void> {
  if (options.out === undefined) throw new Error('--out is required: the folder to put the pictures into.')
  await mkdir(options.out, { recursive: true })
  const browser = await chromium.launch({
    executablePath: options.browser,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--hide-scrollbars'],
  })
  try {
    const faults: Fault[] = []
    for (const scheme of chosen('scheme', schemes))
      for (const size of chosen('size', ['wide', 'narrow'])) faults.push(...(await pictureAll(browser, options.out, scheme, size)))
    for (const { where, what } of faults) console.error(`${where}: ${what}`)
    if (faults.length > 0) process.exitCode = 1
  } finally {
    await browser.close()
  }
}

/** The one that the option names, or all. */
function chosen<Name extends string>(option: 'scheme' | 'size', all: readonly Name[]): readonly Name[] {
  const named = options[option]
  const found = all.filter((name) => named === undefined || name === named)
  if (found.length === 0) throw new Error(`--${option} ${named}: there is none of that name; there are ${all.join(' and ')}.`)
  return found
}

async function pictureAll(browser: Browser, out: string, scheme: Scheme, size: Size): Promise<Fault[]> {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: scheme,
    reducedMotion: 'reduce',
    deviceScaleFactor: 1,
    hasTouch: size === 'narrow',
  })
  const page = await context.newPage()
  const faults: Fault[] = []
  let where = ''
  page.on('pageerror', (error) => faults.push({ where, what: `script failed: ${error.message}` }))
  page.on('dialog', (dialog) => {
    faults.push({ where, what: `a dialog opened: ${dialog.message()}` })
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    // A page that asks for something that is not there logs the 404 by itself.
    if (message.type() === 'error' && !message.text().includes('status of 40')) faults.push({ where, what: message.text() })
  })
  const wanted = options.only?.split(',')
  const take = async (picture: PictureOf, fill: Record<string, string>) => {
    if (wanted && !wanted.includes(picture.name)) return
    where = `${picture.name}-${size}-${scheme}`
    if (!(await openPage(page, picture, fill))) return console.log(`${where}: left out, there is nothing to click`)
    if (options.whole) await page.setViewportSize({ ...sizes[size], height: await wholeHeightPx(page, sizes[size].height) })
    await page.screenshot({ path: join(out, `${where}.png`) })
    if (options.whole) await page.setViewportSize(sizes[size])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (overflow > 0) faults.push({ where, what: `wider than the window by ${overflow} px` })
    const isHeadCut = await page.evaluate(() =>
      [...document.querySelectorAll('header')].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1),
    )
    if (isHeadCut) faults.push({ where, what: 'the head of the page is wider than its place' })
    if (options.axe) faults.push(...(await accessibilityFaults(page, where)))
  }
  const preflight = await context.request.get(`${options.url}/_preflight/`)
  const { setup_required: setUpRequired } = (await preflight.json()) as { setup_required: boolean }
  if (setUpRequired) {
    await take({ name: 'first-run', path: '/setup' }, {})
    await context.close()
    return faults
  }
  for (const picture of signedOutPages) await take(picture, {})
  const fill = await signInAndLook(page)
  for (const picture of pages) if (fill.person !== undefined || !picture.needsEvents) await take(picture, fill)
  await context.close()
  return faults
}

/** How high a window shows all of a page, whose main part scrolls by itself. */
const wholeHeightPx = (page: Page, leastPx: number) =>
  page.evaluate(
    (least) =>
      Math.min(6000, least + Math.max(0, ...[...document.querySelectorAll('main')].map((main) => main.scrollHeight - main.clientHeight))),
    leastPx,
  )

/** Signs in where that is needed; finds the project, and in it the person with the most distinct ids among the first. */
async function signInAndLook(page: Page): Promise<Record<string, string>> {
  const { email, password, url } = options
  if (email !== undefined && password !== undefined) {
    const answer = await page.request.post(`${url}/api/auth/sign-in/email`, {
      data: { email, password },
      headers: { origin: new URL(url).origin },
    })
    if (!answer.ok()) throw new Error(`Signing in as ${email} was answered ${answer.status()}: ${await answer.text()}`)
  }
  const account = (await (await page.request.get(`${url}/api/users/@me/`)).json()) as {
    organization: { projects: { id: number; ingested_event: boolean }[] }
  }
  const { projects } = account.organization
  const project = options.project ?? (projects.find(({ ingested_event: hasEvents }) => hasEvents) ?? projects[0])?.id
  if (project === undefined) throw new Error('The account has no project.')
  const list = await page.request.get(`${url}/api/projects/${project}/persons/?limit=50`)
  const { results } = (await list.json()) as { results: { id: string; distinct_ids: string[] }[] }
  const [person] = results.sort((one, other) => other.distinct_ids.length - one.distinct_ids.length)
  return { project: String(project), ...(person ? { person: person.id, ...(await someOfEach(page, project)) } : {}) }
}

/** The commonest event, a property of persons, an action, a dashboard and a group of the project, where there are any. */
async function someOfEach(page: Page, project: number | string): Promise<Record<string, string>> {
  const first = async (path: string, field: 'id' | 'group_key') => {
    const { results } = (await (await page.request.get(`${options.url}/api/projects/${project}/${path}`)).json()) as {
      results: Record<string, string | number>[]
    }
    return results[0] ? encodeURIComponent(String(results[0][field])) : undefined
  }
  const found = {
    event: await first('event_definitions/?ordering=-volume&event_type=event_custom&limit=1', 'id'),
    property: await first('property_definitions/?type=event&search=plan&limit=1', 'id'),
    action: await first('actions/?limit=1', 'id'),
    dashboard: await first('dashboards/?limit=1', 'id'),
    cohort: await first('cohorts/?limit=1', 'id'),
    experiment: await first('experiments/?limit=1', 'id'),
    group: await first('groups/?group_type_index=0&limit=1', 'group_key'),
  }
  return Object.fromEntries(Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** Opens a page and does what belongs to the picture; false if that cannot be done with the data that is there. */
async function openPage(page: Page, picture: PictureOf, fill: Record<string, string>): Promise<boolean> {
  const path = picture.path.replace(/\{(\w+)\}/g, (_, name: string) => fill[name] ?? '')
  await page.goto(options.url + path, { waitUntil: 'domcontentloaded' })
  await page.waitForSelector('h1, [role=alert]', { timeout: 10_000 })
  await page.waitForSelector('[aria-busy=true]', { state: 'detached', timeout: 10_000 })
  await page.waitForTimeout(700)
  for (const selector of picture.clicks ?? []) {
    const target = page.locator(selector).first()
    if ((await target.count()) === 0) return false
    await target.click()
    await page.waitForTimeout(500)
  }
  if (picture.keys) {
    await page.keyboard.press(picture.keys)
    await page.waitForTimeout(500)
  }
  return true
}

async function accessibilityFaults(page: Page, where: string): Promise<Fault[]> {
  await page.evaluate(axeCore.source)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(on: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations: found } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return found.map(({ id, nodes }) => ({ id, count: nodes.length, first: nodes[0]?.html.slice(0, 200) ?? '' }))
  })
  return violations.map(({ id, count, first }) => ({ where, what: `axe ${id} (${count}): ${first}` }))
}

await run()
