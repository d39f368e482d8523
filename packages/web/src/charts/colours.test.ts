import { expect, test } from 'vitest'
import { mixHex } from './colours.ts'

test.each([
  ['#38865b', '#ffffff', 0.5, '#9cc3ad'],
  ['#38865b', '#fff', 0.5, '#9cc3ad'],
  ['#000', '#ffffff', 0.25, '#bfbfbf'],
  ['#38865b', '#fff', 1, '#38865b'],
])('%s over %s', (colour, other, share, mixed) => {
  expect(mixHex(colour, other, share)).toBe(mixed)
})
