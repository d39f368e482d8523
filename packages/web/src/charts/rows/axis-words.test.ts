import { expect, test } from 'vitest'
import { axisWords } from './axis-words.ts'

test.each([
  [['2026-11-01', '2026-11-02'], '1 Nov'],
  [['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z'], '1 Nov'],
  [['2025-12-31', '2026-01-01'], '31 Dec 2025'],
  [['2026-11-01T14:00:00Z'], '2026-11-01T14:00:00Z'],
  [['https://meadow.example/a/long/way'], 'https://meadow.exampl…'],
  [['$pageview'], '$pageview'],
])('an axis of %j begins with %s', (texts, words) => {
  expect(axisWords(texts)(texts[0] ?? '')).toBe(words)
})
