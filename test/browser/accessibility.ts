import axe from 'axe-core'
import type { Page } from 'playwright-core'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const ofColours = ['color-contrast', 'link-in-text-block']

/**
 * What axe finds against WCAG 2.2 AA and good practice on the page as it stands, when its colours have come to rest.
 * `isOpened`: a list or menu is open over it. That belongs to its button, and need not stand in a landmark.
 * `coloursAlone`: only what another theme can change of a page that was looked at before.
 */
export async function accessibilityFaults(page: Page, { isOpened = false, coloursAlone = false } = {}): Promise<string[]> {
  await page.evaluate(axe.source)
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
  const asked = coloursAlone ? { runOnly: ofColours } : { runOnly: standards, rules: { region: { enabled: !isOpened } } }
  // why: what passed is told in full too otherwise, which takes half of the time.
  const options = { ...asked, resultTypes: ['violations'] }
  return page.evaluate(async (chosen) => {
    const { axe: onPage } = window as unknown as {
      axe: { run(on: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await onPage.run(document, chosen)
    return violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 240) ?? ''}`)
  }, options)
}
