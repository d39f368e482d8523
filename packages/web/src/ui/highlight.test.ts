import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CodeLanguage, highlight } from './highlight.ts'

test('nothing is lost or added', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom<CodeLanguage>('html', 'js', 'python', 'shell', 'json'), (code, language) => {
      expect(
        highlight(code, language)
          .map(({ text }) => text)
          .join(''),
      ).toBe(code)
    }),
  )
})

test('kinds', () => {
  expect(highlight(`const a = 'x' // 1`, 'js').filter(({ kind }) => kind !== 'plain')).toEqual([
    { kind: 'word', text: 'const', at: 0 },
    { kind: 'string', text: "'x'", at: 10 },
    { kind: 'comment', text: '// 1', at: 14 },
  ])
  expect(highlight('{"a": -1.5}', 'json').map(({ kind }) => kind)).toEqual(['plain', 'string', 'plain', 'number', 'plain'])
})
