import { expect, test } from 'vitest'
import { storedJson } from './stored-json.ts'

test.each([
  ['a\u0000b\u0000\u0000', '"a\ufffdb\ufffd\ufffd"'],
  ['half \ud83d', '"half \ufffd"'],
  ['whole \u{1f600}', '"whole \u{1f600}"'],
  ['\\u0000 as text', '"\\\\u0000 as text"'],
  ['\\\u0000', '"\\\\\ufffd"'],
])('%j', (value, text) => {
  expect(storedJson(value)).toBe(text)
})
