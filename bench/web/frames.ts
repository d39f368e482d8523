import type { openBrowser } from '../../test/harness/browser.ts'

export type Browser = Awaited<ReturnType<typeof openBrowser>>
export type Page = Awaited<ReturnType<Browser['newPage']>>

export interface Frames {
  /** That reached the screen, a second. */
  perSecond: number
  count: number
  seconds: number
  /** Between two that follow each other, milliseconds. */
  longestMs: number
  /** Longest piece of work that kept the page's thread, milliseconds. */
  longestTaskMs: number
}

interface TraceEvent {
  name: string
  ph: string
  /** Microseconds. */
  ts: number
  dur?: number
  cat: string
  pid: number
  tid: number
  args?: { name?: string }
}

/** The frames that Chromium drew while something was done with a page, out of its own trace. */
export async function framesWhile(browser: Browser, page: Page, act: () => Promise<void>): Promise<Frames> {
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'toplevel'],
  })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const drawn = traceEvents.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1000)
  drawn.sort((one, other) => one - other)
  const first = drawn[0] ?? 0
  const seconds = ((drawn.at(-1) ?? 0) - first) / 1000
  const gaps = drawn.slice(1).map((at, index) => at - (drawn[index] ?? at))
  const main = traceEvents.find(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && (!main || (pid === main.pid && tid === main.tid)),
  )
  return {
    perSecond: seconds === 0 ? 0 : (drawn.length - 1) / seconds,
    count: drawn.length,
    seconds,
    longestMs: Math.max(0, ...gaps),
    longestTaskMs: Math.max(0, ...tasks.map(({ dur = 0 }) => dur / 1000)),
  }
}
