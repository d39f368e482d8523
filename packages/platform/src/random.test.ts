import { expect, test } from 'vitest'
import { keyHash, keyHint, randomKey } from './random.ts'

test('keys are random, of one length, and use every character about as often', () => {
  const keys = Array.from({ length: 2000 }, () => randomKey('phx_'))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.every((key) => /^phx_[0-9A-Za-z]{43}$/.test(key))).toBe(true)
  const counts = new Map<string, number>()
  for (const character of keys.join('').replaceAll('phx_', '')) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect(counts.size).toBe(62)
  const expected = (2000 * 43) / 62
  for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.25)
})

test('a digest and a hint do not give the key away', () => {
  expect(keyHash('phx_test')).toMatch(/^[0-9a-f]{64}$/)
  expect(keyHint('phx_0123456789abcdef')).toBe('phx_…cdef')
})
