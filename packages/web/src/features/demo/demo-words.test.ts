import { expect, test } from 'vitest'
import { demoWords } from './demo-words.ts'

test('each standing of the demo is said in its own words', () => {
  const titles = (['none', 'filling', 'interrupted', 'ready'] as const).map((status) => demoWords({ status }).title)
  expect(new Set(titles).size).toBe(4)
})
