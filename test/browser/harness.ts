import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser } from '../harness/browser.ts'
import { type Hedgerow, startHedgerow } from '../harness/hedgerow.ts'
import { accessibilityFaults } from './accessibility.ts'
import { meadowEvents, send } from './meadow.ts'

type ContextOptions = NonNullable<Parameters<Browser['newContext']>[0]>

/** A running Hedgerow with the small world of `meadow.ts` in it, and a browser in which its first admin is signed in. */
export interface Workplace {
  hedgerow: Hedgerow
  /** At a desk, in light. */
  context: BrowserContext
  /** What went wrong on pages since the last was opened: errors of scripts, and dialogs, of which there are none. */
  faults: string[]
  /** Another window of the same person, for instance on a phone or in the dark. */
  signedIn(options?: ContextOptions): Promise<BrowserContext>
  /** A window of somebody who is not signed in. */
  anonymous(): Promise<BrowserContext>
  /** Opens a page of the first project and waits for its heading. */
  open(path: string, on?: BrowserContext): Promise<Page>
  stop(): Promise<void>
}

/** How long one step of a person may take on a busy machine. */
export const stepTimeoutMs = 40_000

export const phone: ContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true }

export async function openWorkplace(events = meadowEvents(new Date())): Promise<Workplace> {
  const hedgerow = await startHedgerow()
  try {
    if (events.length > 0) await send(hedgerow.url, events)
    await hedgerow.settled()
    return await withBrowser(hedgerow)
  } catch (error) {
    await hedgerow.stop()
    throw error
  }
}

async function withBrowser(hedgerow: Hedgerow): Promise<Workplace> {
  const browser = await openBrowser()
  async function signedIn(options: ContextOptions = {}): Promise<BrowserContext> {
    const made = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options })
    // Newer browsers answer with a promise: pages have to hold in either.
    await made.addInitScript(() => {
      const scroll = Element.prototype.scrollIntoView
      Element.prototype.scrollIntoView = function (options) {
        scroll.call(this, options)
        return Promise.resolve() as unknown as undefined
      }
    })
    const answer = await made.request.post(`${hedgerow.url}/api/auth/sign-in/email`, {
      data: { email: 'admin@example.com', password: 'correct horse battery staple' },
      headers: { origin: hedgerow.url },
    })
    if (!answer.ok()) throw new Error(`Signing in was answered ${answer.status()}: ${await answer.text()}`)
    return made
  }
  const workplace: Workplace = {
    hedgerow,
    context: await signedIn(),
    faults: [],
    signedIn,
    anonymous: () => browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' }),
    async open(path, on = workplace.context) {
      const page = await on.newPage()
      const faults: string[] = []
      workplace.faults = faults
      page.setDefaultTimeout(stepTimeoutMs)
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('dialog', (dialog) => {
        faults.push(`a dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      await page.goto(`${hedgerow.url}/project/1${path}`, { waitUntil: 'domcontentloaded' })
      await page.getByRole('heading', { level: 1 }).waitFor()
      return page
    },
    async stop() {
      await browser.close()
      await hedgerow.stop()
    },
  }
  return workplace
}

/** Presses `g` and the key of a page. Again where the page was too busy to take the two for a pair: they come later to it than a person's. */
export async function goByKeys(page: Page, key: string, title: string): Promise<void> {
  const heading = page.getByRole('heading', { level: 1, name: title, exact: true })
  for (const end = Date.now() + stepTimeoutMs; (await heading.count()) === 0; ) {
    if (Date.now() > end) throw new Error(`g and ${key} do not lead to ${title}`)
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await heading.waitFor({ timeout: 5_000 }).catch(() => undefined)
  }
}

const ledgerOfPages = '**/api/projects/1/ingestion/'

/** Ends the session so that the next step finds out: what the page asks by itself every few seconds is left unanswered. */
export async function endSession(page: Page): Promise<void> {
  await page.route(ledgerOfPages, () => new Promise(() => undefined))
  await page.context().clearCookies()
}

/** Signs in on the page to which an ended session leads, as the first admin. */
export async function signInAgain(page: Page): Promise<void> {
  await page.unroute(ledgerOfPages)
  await page.getByRole('textbox', { name: /E-mail/i }).fill('admin@example.com')
  await page
    .getByLabel(/^Password/)
    .first()
    .fill('correct horse battery staple')
  await page.keyboard.press('Enter')
}

/** For a test that looks at every page of a file: seconds for each on a busy machine. */
export const everyPage = { timeout: 600_000 }

/** A page by its name and address, and what is waited for before it is looked at. */
export type Looked = [name: string, path: string, ready: (page: Page) => Promise<unknown>]

/**
 * What axe finds on each of these pages in both themes, and what is wider than the screen.
 * All are looked at in one window, whose colours follow the system's, as somebody who clicks goes from one to the next.
 */
export async function faultsInBothThemes(workplace: Workplace, pages: readonly Looked[], options: ContextOptions = {}): Promise<string[]> {
  const own = await workplace.signedIn({ ...options, colorScheme: 'light' })
  const page = await workplace.open('/../../account', own)
  const found: string[] = []
  for (const [name, path, ready] of pages) {
    await goTo(page, new URL(`${workplace.hedgerow.url}/project/1${path}`).href)
    await ready(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
      const faults = await accessibilityFaults(page, { coloursAlone: colorScheme === 'dark' })
      found.push(...faults.map((fault) => `${name}, ${colorScheme}: ${fault}`))
    }
    await page.emulateMedia({ colorScheme: 'light' })
    const tooWidePx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (tooWidePx > 0) found.push(`${name}: ${tooWidePx} px too wide`)
    const isHeadCut = await page.evaluate(() =>
      [...document.querySelectorAll('header')].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1),
    )
    if (isHeadCut) found.push(`${name}: the head of the page is wider than its place`)
    found.push(...workplace.faults.splice(0).map((fault) => `${name}: ${fault}`))
  }
  await own.close()
  return found
}

/** Goes to another page without loading the app anew; anew only where something stays open over the page. */
async function goTo(page: Page, url: string): Promise<void> {
  await page.keyboard.press('Escape')
  if ((await page.locator('[role=dialog]:visible').count()) > 0) {
    await page.goto(url, { waitUntil: 'domcontentloaded' })
  } else {
    // why: by way of another page, since two of one kind are drawn in one place, and what is awaited of the second may still stand there of the first.
    const [between, title] = new URL(url).pathname === '/account' ? ['/nothing', 'There is no such page'] : ['/account', 'Account']
    for (const [address, state] of [
      [between, 'attached'],
      [url, 'detached'],
    ] as const) {
      await page.evaluate((to) => window.history.pushState({}, '', to), address)
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor({ state })
    }
  }
  await page.getByRole('heading', { level: 1 }).waitFor()
}
