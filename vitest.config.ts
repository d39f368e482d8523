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

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          env,
          setupFiles,
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          env,
          setupFiles,
          include: ['packages/*/src/**/*.integration.test.ts', 'test/**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          pool: 'forks',
          // Two at a time also on two cores, where the default is one: a test waits for half its time for what it started. Three only wait for each other.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 40_000 } },
        },
      },
    ],
  },
})
