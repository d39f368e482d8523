import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kindOf, propertyRows, safeLink, valueText } from './property-value.ts'

test.each([
  ['free', 'text'],
  [12, 'number'],
  [false, 'boolean'],
  [null, 'nothing'],
  [[1], 'list'],
  [{}, 'object'],
  ['2026-03-01T22:00:05Z', 'instant'],
  ['2026-99-99T99:00:05Z', 'text'],
  ['https://example.com/a?b=c', 'link'],
  ['javascript:alert(1)', 'text'],
])('%j is a %s', (value, kind) => {
  expect(kindOf(value)).toBe(kind)
})

describe('links', () => {
  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    ' https://a.b',
    'https://',
    '//evil.example',
    `https://a.b/${'x'.repeat(2000)}`,
  ])('%s stays text', (text) => expect(safeLink(text)).toBeUndefined())
  test('nothing but http and https ever becomes a link', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `https://${rest}`),
        ),
        (text) => /^https?:\/\//.test(safeLink(text) ?? 'https://none'),
      ),
    )
  })
})

test('long values are cut, never inside a character', () => {
  expect(valueText('😀'.repeat(10), 5)).toEqual({ text: '😀😀', cut: true })
  expect(valueText({ a: [1] })).toEqual({ text: '{"a":[1]}', cut: false })
  expect(valueText(undefined)).toEqual({ text: '', cut: false })
})

test("the app's own properties come first, and the filter sees names and values", () => {
  const properties = { $browser: 'Firefox', plan: 'pro', Amount: 3, $os: 'Linux' }
  expect(propertyRows(properties).map(({ name }) => name)).toEqual(['Amount', 'plan', '$browser', '$os'])
  expect(propertyRows(properties, ' fire').map(({ name }) => name)).toEqual(['$browser'])
  expect(propertyRows(properties, 'PLAN').map(({ name }) => name)).toEqual(['plan'])
})
