import { expect, test } from 'vitest'
import { visibleText } from './visible-text.ts'

test.each([
  ['a\u202Eb', 'a‹U+202E›b'],
  ['\u0000', '‹U+0000›'],
  ['two\nlines\t here', 'two lines  here'],
  ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
  ['שלום', 'שלום'],
  ['plain', 'plain'],
])('in one line %j is shown as %s', (text, expected) => {
  expect(visibleText(text, 'one')).toBe(expected)
})

test('in many lines the breaks stay', () => {
  expect(visibleText('two\nlines', 'many')).toBe('two\nlines')
})
