#!/usr/bin/env node
// `npm test`: installs what the tests need, builds, checks and runs every test. Ends with the line
// "Tests: N passed, N failed, N skipped" and a non-zero code if anything failed.

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { runProgram } from '../packages/cli/bin/run-program.mjs'
import { build, install, npm, requireNode, root, say } from './workspace.mjs'

/** Programs that tests of real clients and of the distributed stores start, and the Debian packages that bring them. */
const programs = [
  { debianPackage: 'chromium', found: () => onPath('chromium') || onPath('chromium-browser') || onPath('google-chrome') },
  { debianPackage: 'postgresql', found: () => onPath('postgres') || debianPostgres() },
  { debianPackage: 'nats-server', found: () => onPath('nats-server') },
]
const memoryForTestsBytes = 8e9
const aptGet = '/usr/bin/apt-get'

requireNode()
if (!install()) {
  say('Packages could not be installed; npm said why above.')
  process.exit(1)
}
installPrograms()

const failures = []
if (!build()) failures.push('the build')
say('Checking types, format and unused code…')
if (!npm(['run', '--silent', 'check'], { quiet: false })) failures.push('npm run check')

const totals = { passed: 0, failed: 0, skipped: 0 }
/** By file and name, for whoever reads the end of a long output alone. */
const failedTests = []
for (const project of ['unit', 'integration']) {
  if (!(await runTests(project))) failures.push(`the ${project} tests`)
}
if (failures.length > 0) say([`Failed: ${failures.join(', ')}.`, ...failedTests].join('\n'))
process.stdout.write(`\nTests: ${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`)
process.exit(failures.length > 0 ? 1 : 0)

async function runTests(project) {
  const directory = mkdtempSync(join(temporaryDirectory(), 'hedgerow-test-'))
  // why: a Postgres that root starts for a test runs as another user, who has to reach its own directory in there.
  chmodSync(directory, 0o711)
  const reportPath = join(directory, 'report.json')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  try {
    const code = await runProgram(process.execPath, [vitest, 'run', '--project', `${project}*`, ...reporters], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TZ: 'Asia/Kathmandu', TMPDIR: directory },
    })
    if (!existsSync(reportPath)) return false
    const report = JSON.parse(readFileSync(reportPath, 'utf8'))
    totals.passed += report.numPassedTests
    // A file that could not be loaded, or whose preparation failed, has no failed test to count; it is one failure.
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
    )
    totals.failed += report.numFailedTests + broken.length
    for (const { name, message, assertionResults } of report.testResults) {
      const failed = assertionResults.filter((result) => result.status === 'failed')
      const file = relative(root, name)
      for (const { fullName, failureMessages } of failed)
        failedTests.push(`  ${file}: ${fullName}\n    ${failureMessages[0]?.slice(0, 1_000)}`)
      if (broken.some((each) => each.name === name))
        failedTests.push(`  ${file}, before or after its tests\n    ${message?.slice(0, 1_000)}`)
    }
    totals.skipped += report.numPendingTests + report.numTodoTests
    return code === 0
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** In memory where there is room: tests make some hundred thousand files and throw them away. */
function temporaryDirectory() {
  const inMemory = '/dev/shm'
  if (process.env.TMPDIR !== undefined || !existsSync(inMemory)) return tmpdir()
  const { bavail, bsize } = statfsSync(inMemory)
  return bavail * bsize >= memoryForTestsBytes ? inMemory : tmpdir()
}

/** Without these programs the tests that start them are skipped, and say so. */
function installPrograms() {
  const missing = programs.filter(({ found }) => !found()).map(({ debianPackage }) => debianPackage)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !existsSync(aptGet)) {
    say(`Not installed: ${missing.join(', ')}. The tests that need them will be skipped; on Debian: apt-get install ${missing.join(' ')}`)
    return
  }
  say(`Installing for the tests: ${missing.join(', ')}…`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync(aptGet, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
  const worked = apt('-qq', 'update') && apt('-qq', '-y', '--no-install-recommends', 'install', ...missing)
  if (!worked) say(`Could not install ${missing.join(', ')}; the tests that need them will be skipped.`)
}

function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((directory) => existsSync(join(directory, program)))
}

/** Debian keeps the server's programs off the PATH, in a folder for each version. */
function debianPostgres() {
  const directory = '/usr/lib/postgresql'
  return existsSync(directory) && readdirSync(directory).some((version) => existsSync(join(directory, version, 'bin/postgres')))
}
