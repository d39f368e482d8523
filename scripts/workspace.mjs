// What both scripts need before anything is installed: plain Node, no packages.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const oldestNode = [20, 19]
const stampPath = join(root, 'packages/cli/dist/.built')
/** Files that a whole build leaves behind; one of them missing means that it must be made again. */
const builtFiles = ['packages/cli/dist/main.js', 'packages/server/dist/index.js', 'packages/web/dist/index.html']

/** Says `message` on standard error. */
export function say(message) {
  process.stderr.write(`${message}\n`)
}

/** Ends the process with a clear message when Node is too old to run Hedgerow. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  say(`Hedgerow needs Node.js ${oldestNode.join('.')} or newer; this is ${process.versions.node}. See https://nodejs.org/en/download`)
  process.exit(1)
}

/** Installs npm packages unless what is installed is what the lock file says. Returns whether it worked. */
export function install() {
  if (isInstalled()) return true
  say('Installing packages (this takes a minute or two the first time)…')
  // why: not `npm ci`, which fails where a registry lacks one of the optional packages made for other systems. The lock
  // file holds all the same, and --no-save leaves it as it is. Building needs the development packages, which npm leaves out
  // when NODE_ENV is "production".
  return npm(['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: false })
}

/**
 * npm leaves a copy of the lock file beside what it installed, written last. Comparing the two finds an
 * update, an interrupted installation and a first start alike.
 */
function isInstalled() {
  const wanted = readLock(join(root, 'package-lock.json'))
  const installed = readLock(join(root, 'node_modules/.package-lock.json'))
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.optional || entry.link) return true
    return installed[path]?.version === entry.version
  })
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Builds all packages and the web app unless the build is newer than every source. Returns whether it worked. */
export function build() {
  if (isBuilt()) return true
  say('Building…')
  const startedAt = new Date()
  if (!npm(['run', 'build'], { quiet: true })) return false
  mkdirSync(dirname(stampPath), { recursive: true })
  writeFileSync(stampPath, `${startedAt.toISOString()}\n`)
  return true
}

function isBuilt() {
  if (!existsSync(stampPath) || builtFiles.some((path) => !existsSync(join(root, path)))) return false
  const builtAtMs = Date.parse(readFileSync(stampPath, 'utf8'))
  return newestSourceMs() < builtAtMs
}

/** The youngest modification of a source, of a folder of sources (a file was removed) or of a build's settings. */
function newestSourceMs() {
  const packagesDir = join(root, 'packages')
  const packages = readdirSync(packagesDir).map((name) => join(packagesDir, name))
  const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'].map((name) => join(root, name))
  return Math.max(...settings.map(modifiedMs), ...packages.map((path) => newestMs(path)))
}

function newestMs(directory) {
  let newest = 0
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || /\.test\.tsx?$/.test(entry.name)) continue
    const path = join(directory, entry.name)
    newest = Math.max(newest, modifiedMs(path), entry.isDirectory() ? newestMs(path) : 0)
  }
  return newest
}

function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Runs npm to its end. A quiet run shows its output only when it fails. */
export function npm(args, { quiet }) {
  // why: npm tells its own path to the scripts it runs; a script started by hand finds it on the PATH.
  const path = process.env.npm_execpath
  const [command, first] = path ? [process.execPath, [path]] : ['npm', []]
  const result = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: path === undefined && process.platform === 'win32',
  })
  if (result.error) say(`npm could not be started: ${result.error.message}`)
  const worked = result.status === 0
  if (quiet && !worked) process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`)
  return worked
}
