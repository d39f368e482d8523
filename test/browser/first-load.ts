import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** How many bytes of script, as they are sent, a browser loads before a page of the built web app is there. */
export interface FirstLoad {
  /** What every page begins with. */
  sharedBytes: number
  /** With the page's own script, by the page's file. Charts, maps and editors that come after it are not in it. */
  pageBytes: ReadonlyMap<string, number>
}

/** Reads the built app in `dist`; sizes are those of the `.gz` beside each script, which most browsers would get smaller as `.br`. */
export function firstLoad(dist: string): FirstLoad {
  const assets = join(dist, 'assets')
  const scripts = new Map(
    readdirSync(assets)
      .filter((name) => name.endsWith('.js'))
      .map((name) => [name, readFileSync(join(assets, name), 'utf8')]),
  )
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const entries = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map(([, name]) => name ?? '')
  if (entries.length === 0) throw new Error(`${dist}/index.html loads no script: was the web app built?`)
  const shared = withImports(entries, scripts)
  const entryText = entries.map((name) => scripts.get(name) ?? '').join('\n')
  const pages = [...new Set([...entryText.matchAll(/import\(["'`]\.\/([\w.-]+\.js)["'`]\)/g)].map(([, name]) => name ?? ''))]
  const bytes = (names: ReadonlySet<string>) => [...names].reduce((sum, name) => sum + statSync(join(assets, `${name}.gz`)).size, 0)
  return {
    sharedBytes: bytes(shared),
    pageBytes: new Map(
      pages.map((page) => [page.replace(/-[\w-]{8}\.js$/, ''), bytes(new Set([...shared, ...withImports([page], scripts)]))]),
    ),
  }
}

/** Scripts with everything that they import before they run. */
function withImports(names: readonly string[], scripts: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    const text = scripts.get(name)
    if (text === undefined) throw new Error(`${name} is imported, and is not there`)
    for (const [, next] of text.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) visit(next ?? '')
  }
  for (const name of names) visit(name)
  return found
}
