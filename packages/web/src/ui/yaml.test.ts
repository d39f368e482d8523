import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { yamlText } from './yaml.ts'

test('an object reads as one would write it', () => {
  const value = {
    name: 'Mornings',
    filters: { date_from: '-30d', properties: [] },
    pinned: true,
    left: undefined,
    tiles: [{ text: { body: 'Two\nlines' }, layout: { x: 0, y: 1.5 } }, { query: { series: [{ event: '$pageview' }, null] } }],
  }
  expect(yamlText(value)).toBe(`name: Mornings
filters:
  date_from: "-30d"
  properties: []
pinned: true
tiles:
  - text:
      body: |-
        Two
        lines
    layout:
      x: 0
      y: 1.5
  - query:
      series:
        - event: $pageview
        - null
`)
})

test.each([
  '',
  'no',
  'Null',
  '1',
  '1.5e3',
  '2026-01-01',
  '-',
  '#',
  'a: b',
  'a #b',
  "it's",
  '"',
  '{a}',
  '&x',
  ' a',
  'a ',
  '\n',
  'a\n',
  'a\n\n b',
  'a\r\nb',
  '\ta\nb',
  'a\u2028\nb',
])('%j stays that text', (text) => {
  expect(parse(yamlText({ text, list: [text], [text]: 1 }))).toEqual({ text, list: [text], [text]: 1 })
})

test('whatever JSON holds is read back the same', () => {
  const word = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '-', '#', '"', '$', '1') }))
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(
        word.filter((name) => name !== '__proto__'),
        tie('json'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }))
  fc.assert(
    fc.property(json, (value) => {
      expect(parse(yamlText(value))).toEqual(value)
    }),
    { numRuns: 500 },
  )
})
