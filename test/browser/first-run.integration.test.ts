import { expect, test } from 'vitest'
import { chromiumPath, openBrowser } from '../harness/browser.ts'
import { startHedgerow } from '../harness/hedgerow.ts'
import { accessibilityFaults } from './accessibility.ts'
import { stepTimeoutMs } from './harness.ts'

const nobody = {
  HEDGEROW_ADMIN_EMAIL: '',
  HEDGEROW_ADMIN_PASSWORD: '',
  HEDGEROW_PROJECT_TOKEN: '',
  HEDGEROW_PROJECT_SECRET_KEY: '',
  HEDGEROW_PERSONAL_API_KEY: '',
}

test.skipIf(!chromiumPath)(
  'from an empty install to the first own insight, and the demo beside it',
  async () => {
    const hedgerow = await startHedgerow({ env: nobody })
    const browser = await openBrowser()
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      page.setDefaultTimeout(stepTimeoutMs)
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      await page.goto(hedgerow.url)
      await page.getByRole('heading', { name: 'Make this Hedgerow yours' }).waitFor()
      expect(await accessibilityFaults(page)).toEqual([])
      await page.getByRole('button', { name: 'Create account and project' }).click()
      await page.getByText('Tell us what to call you.').waitFor()
      await page.getByRole('textbox', { name: 'Your name' }).fill('Ada')
      await page.getByRole('textbox', { name: 'E-mail' }).fill('ada@example.com')
      await page
        .getByLabel(/^Password/)
        .first()
        .fill('correct horse battery staple')
      await page.getByRole('textbox', { name: 'First project' }).fill('Meadow')
      await page.getByRole('button', { name: 'Create account and project' }).click()

      await page.getByRole('heading', { level: 1, name: 'Connect your app' }).waitFor()
      await page.getByRole('button', { name: 'Send a test event from this page' }).click()
      await page.getByRole('heading', { name: 'It works' }).waitFor()
      await page.getByRole('button', { name: 'Make the first insight' }).click()
      await page.getByRole('region', { name: 'All numbers' }).getByText('test event').waitFor()
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByRole('button', { name: 'Saved' }).waitFor()

      // Home knows of the event without being loaded anew: it shows figures, and the next step is another one.
      await page.getByRole('link', { name: 'Home' }).first().click()
      await page.getByText('People, last 7 days').waitFor()
      await page.getByRole('link', { name: 'Begin: Put it on a dashboard' }).waitFor()

      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Find or do anything' }).fill('demo')
      await page.getByRole('option', { name: 'Make or open the demo project' }).click()
      await page.getByRole('button', { name: 'Make the demo project' }).click()
      await page.getByRole('progressbar', { name: 'How much of the demo is made' }).waitFor()
      await page.getByText(/[1-9][\d,]* events stored/).waitFor({ timeout: 120_000 })
      expect(faults).toEqual([])

      const stranger = await (await browser.newContext({ colorScheme: 'dark' })).newPage()
      for (const path of ['/sign-in', '/new-password#a-token-that-nobody-made']) {
        await stranger.goto(hedgerow.url + path)
        await stranger.getByRole('heading', { level: 1 }).waitFor()
        expect(await accessibilityFaults(stranger)).toEqual([])
      }
    } finally {
      await browser.close()
      await hedgerow.stop()
    }
  },
  300_000,
)
