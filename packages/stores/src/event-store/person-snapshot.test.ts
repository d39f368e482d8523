import { expect, test } from 'vitest'
import { personSnapshot } from './person-snapshot.ts'

test('text as it is, all else as JSON behind a mark, without nulls, names sorted', () => {
  const properties = {
    plan: 'pro',
    seats: 5,
    '': true,
    tags: ['a'],
    nested: { 'a.b': null },
    empty: '',
    none: null,
    odd: '\u0001x',
    u: undefined,
  }
  expect(JSON.parse(personSnapshot(properties))).toEqual({
    '': '\u0001true',
    empty: '\u0002',
    nested: '\u0001{"a.b":null}',
    odd: '\u0002\u0001x',
    plan: 'pro',
    seats: '\u00015',
    tags: '\u0001["a"]',
  })
  expect(personSnapshot({ b: 'é', a: '"' })).toBe('{"a":"\\"","b":"é"}')
  expect(personSnapshot({})).toBe('{}')
})
