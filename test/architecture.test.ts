import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settingRows } from '@hedgerow/platform'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Import {
  specifier: string
  isTypeOnly: boolean
}

interface SourceFile {
  path: string
  packageName: string
  text: string
  imports: Import[]
  /** Tests and what only tests use; they may start servers, read clocks and the environment. */
  isForTests: boolean
}

const packageNames = readdirSync(join(root, 'packages'))
const files = packageNames.flatMap((packageName) =>
  sourcePaths(join(root, 'packages', packageName, 'src')).map((path) => readSource(path, packageName)),
)
const production = files.filter(({ isForTests }) => !isForTests)
const layers = readLayers()

function sourcePaths(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function readSource(path: string, packageName: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const isForTests = /(\.test|\.fixture|\.contract)\.tsx?$/.test(path) || /\/(cluster-harness|test-servers|contract)\//.test(path)
  return { path, packageName, text, imports: importsIn(text), isForTests }
}

/** Static imports, re-exports, dynamic imports with a literal, and workers' files. */
function importsIn(text: string): Import[] {
  const forms = [
    /^(?:import|export)\s+(type\s)?[^'"`;]*?\sfrom\s+'([^']+)'/gm,
    /^import\s+()'([^']+)'/gm,
    /\bimport\(()\s*'([^']+)'/g,
    /new URL\(()'(\.[^']+\.tsx?)', import\.meta\.url\)/g,
  ]
  // why: the connect page holds snippets of other programs, with imports of theirs.
  const outsideTemplates = text.replaceAll(/`(?:\\.|[^`\\])*`/g, '``')
  return forms.flatMap((form) =>
    [...outsideTemplates.matchAll(form)].map((match) => ({
      specifier: match[2] ?? '',
      isTypeOnly: match[1] !== undefined && match[1] !== '',
    })),
  )
}

/** ARCHITECTURE.md's table: each package and what it may import. */
function readLayers(): Map<string, string[]> {
  const rows = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 5 && cells[1] !== 'package' && !/^-+$/.test(cells[1] ?? ''))
  return new Map(rows.map(([, name = '', imports = '']) => [name, imports === '–' ? [] : imports.split(', ')]))
}

const shown = (file: SourceFile, what: string): string => `${relative(root, file.path)}: ${what}`

function offences(among: readonly SourceFile[], find: (file: SourceFile) => readonly string[]): string[] {
  return among.flatMap((file) => find(file).map((what) => shown(file, what)))
}

/** Comments may name what code may not use. */
function codeOf({ text }: SourceFile): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:])\/\/.*$/gm, '$1')
}

/** Of template strings only what is computed in them: some hold programs that people copy. */
const withoutTemplateText = (code: string): string =>
  code.replaceAll(/`(?:\\.|[^`\\])*`/g, (template) => [...template.matchAll(/\$\{[^}]*\}/g)].join(' '))

const uses = (pattern: RegExp) => (file: SourceFile) => [...codeOf(file).matchAll(pattern)].map(([match]) => match)

describe('layers', () => {
  test('the table names every package, and no other', () => {
    expect([...layers.keys()].sort()).toEqual([...packageNames].sort())
    expect(files.length).toBeGreaterThan(50)
  })

  test('the table itself has an order: what a package may import stands above it', () => {
    const order = [...layers.keys()]
    for (const [name, imports] of layers) {
      for (const imported of imports) expect(order.indexOf(imported), `${name} → ${imported}`).toBeLessThan(order.indexOf(name))
    }
  })

  test('a package imports only what the table allows, and only by its name', () => {
    const found = offences(files, ({ imports, packageName }) =>
      imports
        .map(({ specifier }) => specifier)
        .filter((specifier) => specifier.startsWith('@hedgerow/'))
        .filter((specifier) => !layers.get(packageName)?.includes(specifier.slice('@hedgerow/'.length))),
    )
    expect(found).toEqual([])
  })

  test('a package depends only on what the table allows', () => {
    for (const name of packageNames) {
      const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
      const internal = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((dependency) =>
        dependency.startsWith('@hedgerow/'),
      )
      const allowed = (layers.get(name) ?? []).map((imported) => `@hedgerow/${imported}`)
      expect(
        internal.filter((dependency) => !allowed.includes(dependency)),
        name,
      ).toEqual([])
    }
  })

  test('relative imports stay in their package and name the file', () => {
    const found = offences(files, ({ path, imports, packageName }) =>
      imports
        .map(({ specifier }) => specifier)
        .filter((specifier) => specifier.startsWith('.'))
        .filter(
          (specifier) =>
            !resolve(dirname(path), specifier).startsWith(join(root, 'packages', packageName, '/')) || !/\.\w+(\?\w+)?$/.test(specifier),
        ),
    )
    expect(found).toEqual([])
  })

  test('only server speaks HTTP', () => {
    const speaksHttp = (specifier: string) => /^(fastify|@fastify\/.*|node:https?|node:http2)$/.test(specifier)
    const others = production.filter(({ packageName }) => packageName !== 'server')
    expect(offences(others, ({ imports }) => imports.map(({ specifier }) => specifier).filter(speaksHttp))).toEqual([])
  })
})

describe('the folders of the web app', () => {
  const source = join(root, 'packages/web/src')
  const folders = readWebFolders()
  const imports = files
    .filter(({ packageName }) => packageName === 'web')
    .flatMap(({ path, imports: of }) =>
      of
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => ({ from: relative(source, path), to: relative(source, resolve(dirname(path), specifier)) })),
    )
  const folderOf = (path: string) => path.split('/')[0] ?? ''

  test('the table names each of them, and a folder imports what stands above it', () => {
    const there = readdirSync(source, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    expect([...folders.keys()].sort()).toEqual(there.sort())
    const order = [...folders.keys()]
    for (const [name, allowed] of folders)
      for (const each of allowed) expect(order.indexOf(each), `${name} → ${each}`).toBeLessThan(order.indexOf(name))
  })

  test('a folder imports only what the table allows', () => {
    const beyond = imports.filter(
      ({ from, to }) => from.includes('/') && folderOf(from) !== folderOf(to) && !folders.get(folderOf(from))?.includes(folderOf(to)),
    )
    expect(beyond).toEqual([])
    expect(imports.length).toBeGreaterThan(500)
  })

  test('a feature imports no other feature', () => {
    const featureOf = (path: string) => /^features\/([^/]+)\//.exec(path)?.[1]
    const beyond = imports.filter(({ from, to }) => featureOf(from) && featureOf(to) && featureOf(from) !== featureOf(to))
    expect(beyond).toEqual([])
  })
})

/** ARCHITECTURE.md's table of folders: each, and what it may import. */
function readWebFolders(): Map<string, string[]> {
  const rows = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 4 && /^`[\w-]+`$/.test(cells[1] ?? ''))
  return new Map(rows.map(([, name = '', allowed = '']) => [name.replaceAll('`', ''), allowed === '–' ? [] : allowed.split(', ')]))
}

describe('modules', () => {
  test('no file imports an index of its own package', () => {
    expect(
      offences(files, ({ imports }) =>
        imports.map(({ specifier }) => specifier).filter((specifier) => /^\.(.*\/)?index\.tsx?$/.test(specifier)),
      ),
    ).toEqual([])
  })

  test('there are no cycles', () => {
    const graph = new Map(
      files.map(({ path, imports }) => [
        path,
        imports
          .filter(({ specifier, isTypeOnly }) => specifier.startsWith('.') && !isTypeOnly)
          .map(({ specifier }) => resolve(dirname(path), specifier)),
      ]),
    )
    expect(cyclesIn(graph).map((cycle) => cycle.map((path) => relative(root, path)).join(' → '))).toEqual([])
  })
})

function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>()
  const cycles: string[][] = []
  function visit(path: string, trail: string[]): void {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path])
    if (start >= 0 || done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return cycles
}

test('cycles would be found', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ])
  expect(cyclesIn(graph)).toEqual([['b', 'c', 'b']])
})

describe('what code may reach for', () => {
  test('the environment is read in one file', () => {
    const readers = production
      .filter((file) => /\bprocess\.env\b|\bimport\.meta\.env\b/.test(withoutTemplateText(codeOf(file))))
      .map(({ path }) => relative(root, path))
    expect(readers).toEqual(['packages/platform/src/config/settings.ts'])
  })

  test('every setting is read somewhere', () => {
    const readers = production.filter(({ path }) => !path.endsWith('/config/settings.ts')).map(({ text }) => text)
    const isRead = (name: string) => {
      // As a property, or taken out of an object.
      const use = new RegExp(`\\.${name}\\b|\\{[^{}]*\\b${name}\\b[^{}]*\\}\\s*[=:)]`)
      return readers.some((text) => use.test(text))
    }
    expect(settingRows.map(({ name }) => name).filter((name) => !isRead(name.split('.').at(-1) ?? ''))).toEqual([])
  })

  test('the pure packages read no clock, chance, disk or network', () => {
    const pure = production.filter(({ packageName }) => ['protocol', 'hogql'].includes(packageName))
    expect(pure.length).toBeGreaterThan(20)
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\brandomUUID\(|\brandomBytes\(|\bsetTimeout\(|\bsetInterval\(|\bfetch\(/g
    expect(offences(pure, uses(impure))).toEqual([])
    const modules = offences(pure, ({ imports }) =>
      imports
        .map(({ specifier }) => specifier)
        .filter((specifier) => /^node:(fs|net|http|https|os|child_process|worker_threads|dns)\b/.test(specifier)),
    )
    expect(modules).toEqual([])
  })

  test('the demo is made from its arguments alone', () => {
    const demo = production.filter(({ path }) => path.includes('/platform/src/demo/') && !path.endsWith('/demo.ts'))
    expect(demo.length).toBeGreaterThan(8)
    expect(
      offences(demo, uses(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\brandomUUID\(|\brandomBytes\(/g)),
    ).toEqual([])
  })
})
