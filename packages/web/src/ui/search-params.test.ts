import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choiceIn, parseSearch, pathIn, stringifySearch, textIn } from './search-params.ts'

test('what is written can be read again', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'grapheme' })), (values) => {
      const text = stringifySearch(values)
      expect({ ...parseSearch(text) }).toEqual({ ...values })
    }),
  )
})

test('numbers and empty values', () => {
  expect(stringifySearch({ q: 42, open: undefined, none: '' })).toBe('?q=42')
  expect(textIn(parseSearch('?q=42'), 'q')).toBe('42')
  expect(textIn(parseSearch('?q='), 'q')).toBeUndefined()
})

test('only known choices count', () => {
  expect(choiceIn({ tab: 'events' }, 'tab', ['events', 'properties'])).toBe('events')
  expect(choiceIn({ tab: 'secrets' }, 'tab', ['events', 'properties'])).toBeUndefined()
})

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'evil', '', '/\t/evil.example'])(
  '%j is no place to go on to',
  (next) => {
    expect(pathIn({ next }, 'next')).toBeUndefined()
  },
)

test('an address within the app is', () => {
  expect(pathIn({ next: '/project/1/live?q=a#b' }, 'next')).toBe('/project/1/live?q=a#b')
})
