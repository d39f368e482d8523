import { expect, test } from 'vitest'
import { withCommand } from './keys.ts'

test.each([
  ['MacIntel', '⌘K'],
  ['iPad', '⌘K'],
  ['Win32', 'Ctrl K'],
  ['Linux x86_64', 'Ctrl K'],
  ['', 'Ctrl K'],
])('on %j the key is %j', (platform, shown) => {
  expect(withCommand('K', platform)).toBe(shown)
})
