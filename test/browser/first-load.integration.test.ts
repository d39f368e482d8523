import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { firstLoad } from './first-load.ts'

const dist = fileURLToPath(new URL('../../packages/web/dist/', import.meta.url))
// limit: what a first page may take over a slow line.
const mostBytes = 300_000

test('no page loads more than 300 kB of compressed script before it is there', () => {
  const { sharedBytes, pageBytes } = firstLoad(dist)
  expect(sharedBytes).toBeLessThanOrEqual(mostBytes)
  expect(pageBytes.size).toBeGreaterThan(20)
  expect([...pageBytes].filter(([, bytes]) => bytes > mostBytes)).toEqual([])
})
