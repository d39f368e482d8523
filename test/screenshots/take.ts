/**
 * Pictures every page, light and dark, wide and narrow, of three servers that it starts with data of their own: the demo, an empty
 * project, and an installation that nobody has set up.
 *
 *   npm run screenshots [-- --of demo,empty,unused --out DIR --only live,person --scheme light --size wide --whole --axe]
 *   npm run screenshots -- --url http://127.0.0.1:8000 [--email … --password …] [--project ID] [and any of the above]
 *
 * With `--url` it pictures that server: its project `--project`, else the first one that has events, else the first.
 * With `--whole` a picture reaches down to the end of its page.
 * With `--axe` it also checks each page for accessibility faults. It fails if it found any fault.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { accessibilityFaults } from '../browser/accessibility.ts'
import { openBrowser } from '../harness/browser.ts'
import { type PictureOf, pages, signedOutPages } from './pages.ts'
import { type Pictured, withServer, worlds } from './servers.ts'

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const
const schemes = ['light', 'dark'] as const

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    of: { type: 'string', default: worlds.join() },
    out: { type: 'string', default: 'screenshots' },
    email: { type: 'string' },
    password: { type: 'string' },
    project: { type: 'string' },
    only: { type: 'string' },
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
  const browser = await openBrowser()
  try {
    const faults: Fault[] = []
    if (options.url !== undefined) faults.push(...(await pictureServer(browser, { ...options, url: options.url }, options.out)))
    else
      for (const world of several('of', options.of, worlds)) {
        await withServer(world, async (server) => {
          const found = await pictureServer(browser, server, join(options.out, world))
          faults.push(...found.map(({ where, what }) => ({ where: `${world}/${where}`, what })))
        })
      }
    for (const { where, what } of faults) console.error(`${where}: ${what}`)
    if (faults.length > 0) process.exitCode = 1
  } finally {
    await browser.close()
  }
}

async function pictureServer(browser: Browser, server: Pictured, out: string): Promise<Fault[]> {
  await mkdir(out, { recursive: true })
  const faults: Fault[] = []
  for (const scheme of several('scheme', options.scheme, schemes))
    for (const size of several('size', options.size, ['wide', 'narrow']))
      faults.push(...(await pictureAll(browser, server, out, scheme, size)))
  return faults
}

/** Those that the option names with commas between them, or all. */
function several<Name extends string>(option: string, named: string | undefined, all: readonly Name[]): readonly Name[] {
  const wanted = named?.split(',') ?? all
  const unknown = wanted.find((name) => !(all as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Error(`--${option} ${unknown}: there is none of that name; there are ${all.join(' and ')}.`)
  return all.filter((name) => wanted.includes(name))
}

async function pictureAll(browser: Browser, server: Pictured, out: string, scheme: Scheme, size: Size): Promise<Fault[]> {
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
    const opened = await openPage(page, server.url, picture, fill, size)
    if (opened === 'nothing to click') return console.log(`${where}: left out, there is nothing to click`)
    if (opened === 'still busy') faults.push({ where, what: 'something was still loading after 10 s' })
    if (options.whole) await page.setViewportSize({ ...sizes[size], height: await wholeHeightPx(page, sizes[size].height) })
    await page.screenshot({ path: join(out, `${where}.png`) })
    if (options.whole) await page.setViewportSize(sizes[size])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (overflow > 0) faults.push({ where, what: `wider than the window by ${overflow} px` })
    const isHeadCut = await page.evaluate(() =>
      [...document.querySelectorAll('header')].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1),
    )
    if (isHeadCut) faults.push({ where, what: 'the head of the page is wider than its place' })
    if (options.axe) faults.push(...(await accessibilityFaults(page)).map((fault) => ({ where, what: `axe ${fault}` })))
  }
  const preflight = await context.request.get(`${server.url}/_preflight/`)
  const { setup_required: setUpRequired } = (await preflight.json()) as { setup_required: boolean }
  if (setUpRequired) {
    await take({ name: 'first-run', path: '/setup' }, {})
    await context.close()
    return faults
  }
  for (const picture of signedOutPages) await take(picture, {})
  const fill = await signInAndLook(page, server)
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
async function signInAndLook(page: Page, server: Pictured): Promise<Record<string, string>> {
  const { email, password, url } = server
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
  const project = server.project ?? (projects.find(({ ingested_event: hasEvents }) => hasEvents) ?? projects[0])?.id
  if (project === undefined) throw new Error('The account has no project.')
  const list = await page.request.get(`${url}/api/projects/${project}/persons/?limit=50`)
  const { results } = (await list.json()) as { results: { id: string; distinct_ids: string[] }[] }
  const [person] = results.sort((one, other) => other.distinct_ids.length - one.distinct_ids.length)
  return { project: String(project), ...(person ? { person: person.id, ...(await someOfEach(page, url, project)) } : {}) }
}

/** The commonest event, a property of persons, an action, a dashboard and a group of the project, where there are any. */
async function someOfEach(page: Page, url: string, project: number | string): Promise<Record<string, string>> {
  const first = async (path: string, field: 'id' | 'group_key') => {
    const { results } = (await (await page.request.get(`${url}/api/projects/${project}/${path}`)).json()) as {
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

type Opened = 'ready' | 'still busy' | 'nothing to click'

/** Opens a page and does what belongs to the picture, as far as the data that is there allows it. */
async function openPage(page: Page, url: string, picture: PictureOf, fill: Record<string, string>, size: Size): Promise<Opened> {
  const path = picture.path.replace(/\{(\w+)\}/g, (_, name: string) => fill[name] ?? '')
  await page.goto(url + path, { waitUntil: 'domcontentloaded' })
  await page.waitForSelector('h1, [role=alert]', { timeout: 10_000 })
  let isReady = await loaded(page, 700)
  for (const selector of [...(size === 'narrow' ? (picture.narrowClicks ?? []) : []), ...(picture.clicks ?? [])]) {
    const target = page.locator(selector).first()
    if (!(await target.isVisible())) return 'nothing to click'
    await target.click()
    isReady = await loaded(page, 500)
  }
  if (picture.keys) {
    await page.keyboard.press(picture.keys)
    isReady = await loaded(page, 500)
  }
  return isReady ? 'ready' : 'still busy'
}

/** Whether everything came that the page waits for, a moment after it began to. */
async function loaded(page: Page, momentMs: number): Promise<boolean> {
  await page.waitForTimeout(momentMs)
  const isIdle = page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null, undefined, { timeout: 10_000 })
  return isIdle.then(
    () => page.waitForTimeout(300).then(() => true),
    () => false,
  )
}

await run()
