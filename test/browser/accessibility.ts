import axe from 'axe-core'
import type { Page } from 'playwright-core'

/**
 * What axe finds against WCAG 2.2 AA and good practice on the page as it stands, when its colours have come to rest.
 * `isOpened`: a list or menu is open over it. That belongs to its button, and need not stand in a landmark.
 */
export async function accessibilityFaults(page: Page, { isOpened = false } = {}): Promise<string[]> {
  await page.evaluate(axe.source)
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
  return page.evaluate(async (withoutRegions) => {
    const { axe: onPage } = window as unknown as {
      axe: { run(on: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await onPage.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: { region: { enabled: !withoutRegions } },
    })
    return violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 240) ?? ''}`)
  }, isOpened)
}
