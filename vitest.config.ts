import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packagesDir = new URL('./packages/', import.meta.url)
// Tests run against sources, so that they never see a stale build.
const alias = readdirSync(packagesDir).map((name) => ({
  find: new RegExp(`^@hedgerow/${name}$`),
  replacement: fileURLToPath(new URL(`./${name}/src/index.ts`, packagesDir)),
}))
alias.push({ find: /^@hedgerow\/flags\/no-flicker$/, replacement: fileURLToPath(new URL('./flags/src/no-flicker/index.ts', packagesDir)) })
const setupFiles = [fileURLToPath(new URL('./test/fixed-seed.ts', import.meta.url))]
const env = { TZ: 'Asia/Kathmandu' }
/** why: half the time that a start of the embedded Postgres takes. Its WebAssembly is compiled once, and not again for more speed than a test needs. */
const quickStart = '--liftoff-only'

/** Packages whose functions keep nothing: their files share a process, which takes a quarter of the time. */
const pure = ['packages/{experiments,flags,hogql,insights,protocol,web}/src/**/*.test.{ts,tsx}']
/** Two at a time also on two cores, where the default is one: a test waits for half its time for what it started. Three only wait for each other. */
const maxWorkers = 2
const unit = { env, setupFiles, maxWorkers, testTimeout: 60_000, exclude: ['**/*.integration.test.ts', '**/node_modules/**', '**/dist/**'] }

export default defineConfig({
  test: {
    projects: [
      { resolve: { alias }, test: { ...unit, name: 'unit-pure', include: pure, isolate: false } },
      {
        resolve: { alias },
        test: {
          ...unit,
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
          exclude: [...unit.exclude, ...pure],
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          env: { ...env, HEDGEROW_TEST_NODE_ARGUMENTS: process.env.HEDGEROW_TEST_NODE_ARGUMENTS ?? quickStart },
          execArgv: [quickStart],
          setupFiles,
          include: ['packages/*/src/**/*.integration.test.ts', 'test/**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          pool: 'forks',
          maxWorkers,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 40_000 } },
        },
      },
    ],
  },
})
