import { expect, test } from 'vitest'
import { lineDiff } from './line-diff.ts'

const shown = (lines: { text: string; kind: string }[]) => lines.map(({ text, kind }) => (kind === 'only' ? `!${text}` : text)).join(' ')

test.each([
  ['a b c', 'a x c', 'a !b c', 'a !x c'],
  ['a c', 'a b c', 'a c', 'a !b c'],
  ['a b c', 'c', '!a !b c', 'c'],
  ['', 'a', '!', '!a'],
  ['1 2 3 4 5 6 7 8 9 x', '1 2 3 4 5 6 7 8 9 y', '⋯ 7 8 9 !x', '⋯ 7 8 9 !y'],
  ['x 1 2 3 4 5 6 7 8 9', '1 2 3 4 5 6 7 8 9 y', '!x 1 2 3 ⋯ 7 8 9', '1 2 3 ⋯ 7 8 9 !y'],
  ['a b', 'a b', '⋯', '⋯'],
])('%j beside %j', (before, after, old, young) => {
  const diff = lineDiff(before.replaceAll(' ', '\n'), after.replaceAll(' ', '\n'))
  expect([shown(diff.before), shown(diff.after)]).toEqual([old, young])
})
