import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))

export const openBrowser = (): Promise<Browser> => {
  if (!chromiumPath) throw new Error('No Chromium on this machine (Debian: apt-get install chromium)')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

const require = createRequire(import.meta.url)
const posthogManifests = {
  'posthog-js': require.resolve('posthog-js/package.json'),
  'posthog-js-1-236': require.resolve('posthog-js-1-236/package.json'),
}
/** The dist folder of a posthog-js installed under `name`. */
const posthogDist = (name: keyof typeof posthogManifests): string => join(dirname(posthogManifests[name]), 'dist')

/** Serves the pages of an app under test, on an origin other than Hedgerow's. */
export async function servePages(pages: Record<string, string>): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    const html = pages[path]
    if (html !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html)
      return
    }
    const script = /^\/npm\/(posthog-js|posthog-js-1-236)\/([\w.-]+)$/.exec(path)
    if (!script) {
      response.writeHead(404).end()
      return
    }
    const file = join(posthogDist(script[1] as 'posthog-js'), script[2] ?? '')
    const type = extname(file) === '.js' ? 'text/javascript' : 'application/json'
    response.writeHead(200, { 'content-type': type }).end(await readFile(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
