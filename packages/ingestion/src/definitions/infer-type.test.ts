import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inferType, type PropertyType, widenType } from './infer-type.ts'

describe('inferType', () => {
  test.each<[unknown, PropertyType]>([
    ['text', 'String'],
    ['', 'String'],
    ['12', 'String'],
    [12, 'Numeric'],
    [true, 'Boolean'],
    [null, null],
    [['a'], null],
    [{ a: 1 }, null],
    ['2026-01-31', 'DateTime'],
    ['2026-01-31T08:00:00.000Z', 'DateTime'],
    ['2026-01-31 08:00:00+05:45', 'DateTime'],
    ['2026-13-31', 'String'],
    ['2026-01-31 and more', 'String'],
  ])('%j is %s', (value, expected) => {
    expect(inferType('name', value)).toBe(expected)
  })

  test('the value of a flag is text, since it may be a variant', () => {
    expect(inferType('$feature/beta', true)).toBe('String')
  })
})

test('types only widen, in whatever order they are seen', () => {
  const types = fc.array(fc.constantFrom<PropertyType>('String', 'Numeric', 'Boolean', 'DateTime', null))
  fc.assert(
    fc.property(types, (seen) => {
      const forth = seen.reduce(widenType, null)
      const back = seen.toReversed().reduce(widenType, null)
      expect(forth).toBe(back)
      const kinds = new Set(seen.filter((type) => type !== null))
      expect(forth).toBe(kinds.size === 0 ? null : kinds.size === 1 ? [...kinds][0] : 'String')
    }),
  )
})
