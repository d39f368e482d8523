import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commands } from '@hedgerow/cli'
import { settingRows } from '@hedgerow/platform'
import { errorCodes, rejectionReasons, warningReasons } from '@hedgerow/protocol'
import { describe, expect, test } from 'vitest'
import { commandLinePage, errorsPage, settingsPage } from './reference-pages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest: { scripts: Record<string, string> } = JSON.parse(read('package.json'))

/** What git would hold: tracked files and new ones that are not ignored. */
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)) && statSync(join(root, path)).isFile())
const pages = tracked.filter((path) => path.endsWith('.md'))

describe('generated pages are what the code says (npm run docs writes them again)', () => {
  test('settings', async () => {
    await expect(settingsPage(settingRows)).toMatchFileSnapshot('../docs/reference/settings.md')
  })
  test('error codes', async () => {
    await expect(errorsPage(errorCodes)).toMatchFileSnapshot('../docs/reference/errors.md')
  })
  test('command line', async () => {
    await expect(commandLinePage(commands)).toMatchFileSnapshot('../docs/reference/cli.md')
  })
})

test.each([...rejectionReasons, ...warningReasons])('the reason %s has a line', (reason) => {
  expect(read('docs/reference/ingestion-reasons.md')).toMatch(new RegExp(`^\\|\\s*\`${reason}\`\\s*\\|.{20,}\\|`, 'm'))
})

test.each(Object.keys(manifest.scripts))('the script %s is described', (script) => {
  const command = ['start', 'test'].includes(script) ? `npm ${script}` : `npm run ${script}`
  expect(read('CONTRIBUTING.md')).toContain(`| \`${command}\``)
})

test('README opens with the two commands', () => {
  const [, , fence, first, second] = read('README.md').split('\n')
  expect([fence, first?.split(/ {2}/)[0], second?.split(/ {2}/)[0]]).toEqual(['```sh', 'npm start', 'npm start -- --demo'])
})

describe.each(pages)('%s', (path) => {
  const text = read(path)

  test('names scripts, commands, options and settings that exist', () => {
    const scripts = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([])

    const known = new Set(commands.map(({ name }) => name))
    const named = [...text.matchAll(/`(?:npx )?hedgerow ([a-z]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !known.has(name))).toEqual([])

    const variables = [...text.matchAll(/\bHEDGEROW_[A-Z0-9_]+\b/g)].map(([name]) => name)
    const environment = new Set(settingRows.map(({ env }) => env))
    expect(variables.filter((name) => !environment.has(name) && !name.startsWith('HEDGEROW_TEST_'))).toEqual([])

    const flags = new Set(settingRows.flatMap(({ flag }) => flag ?? []))
    const options = [...text.matchAll(/npm start -- (.*)/g)].flatMap(([, rest = '']) =>
      [...rest.matchAll(/--([a-z-]+)/g)].map(([, flag = '']) => flag),
    )
    expect(options.filter((flag) => !flags.has(flag))).toEqual([])
  })

  test('has links that lead somewhere', () => {
    const prose = text.replaceAll(/```[\s\S]*?```/g, '')
    const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target))
    expect(targets.filter((target) => !leadsSomewhere(path, target))).toEqual([])
  })
})

function leadsSomewhere(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? join(root, from) : resolve(root, dirname(from), file)
  if (!existsSync(path)) return false
  if (anchor === undefined) return true
  return statSync(path).isFile() && headingAnchors(readFileSync(path, 'utf8')).includes(anchor)
}

/** As GitHub makes them. */
function headingAnchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

test('every page of docs is reached from its index', () => {
  const index = read('docs/README.md') + read('docs/decisions/README.md')
  const unreached = pages.filter(
    (path) => path.startsWith('docs/') && !path.endsWith('README.md') && !index.includes(path.split('/').at(-1) ?? ''),
  )
  expect(unreached).toEqual([])
})

test('decisions are numbered, each with a number of its own, and listed', () => {
  const names = readdirSync(join(root, 'docs/decisions')).filter((name) => name !== 'README.md')
  expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([])
  expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length)
  const list = read('docs/decisions/README.md')
  expect(names.filter((name) => !list.includes(`](${name})`))).toEqual([])
})

test('no file names a machine, a home or a registry', () => {
  const texts = tracked.filter((path) => !/\.(gz|png|ico|woff2?|jpg)$/.test(path))
  // Each name is broken in two, so that this file does not find itself.
  const places = ['wo' + 'rk', 'ro' + 'ot', 'home/\\w+', 'Users/\\w+'].join('|')
  const hosts = ['registry\\.npm' + 'js', '"resol' + 'ved": "https?:'].join('|')
  const forbidden = new RegExp(`(^|[\\s"'\`(=:])/(${places})/|${hosts}`)
  const found = texts.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (forbidden.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  )
  expect(found).toEqual([])
})
