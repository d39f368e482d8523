import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ExactUuidSet } from './exact-uuid-set.ts'
import { RepeatFilter } from './repeat-filter.ts'
import { UuidGenerations } from './uuid-generations.ts'
import { readUuidWords } from './uuid-words.ts'

const day = 86_400_000
const uuidOf = (n: number) => `0190a000-${(n % 65_536).toString(16).padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}`
const words = (text: string) => {
  const into = new Uint32Array(4)
  if (!readUuidWords(text, into)) throw new Error(`${text} is no uuid`)
  return into
}

describe('readUuidWords', () => {
  test('reads what a uuid is made of', () => {
    expect([...words('01234567-89ab-cdef-0123-456789abcdef')]).toEqual([0x01234567, 0x89abcdef, 0x01234567, 0x89abcdef])
  })

  test('every uuid, at any place, in either case', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (uuid, before) => {
        const into = new Uint32Array(4)
        expect(readUuidWords(before + uuid.toUpperCase(), into, before.length)).toBe(true)
        expect([...into].map((word) => word.toString(16).padStart(8, '0')).join('')).toBe(uuid.replaceAll('-', ''))
      }),
    )
  })

  test.each([
    '',
    '01234567-89ab-cdef-0123-456789abcde',
    '0123456789abcdef0123456789abcdef0000',
    '0123456g-89ab-cdef-0123-456789abcdef',
    'é'.repeat(36),
  ])('%j is none', (text) => {
    expect(readUuidWords(text, new Uint32Array(4))).toBe(false)
  })
})

describe('ExactUuidSet', () => {
  test('is never wrong, and keeps at least the newest half of its capacity', () => {
    const set = new ExactUuidSet(1_000)
    for (let n = 0; n < 5_000; n += 1) {
      expect(set.has(1, words(uuidOf(n)))).toBe(false)
      set.add(1, words(uuidOf(n)))
      expect(set.has(1, words(uuidOf(n)))).toBe(true)
      expect(set.has(2, words(uuidOf(n)))).toBe(false)
    }
    for (let n = 4_500; n < 5_000; n += 1) expect(set.has(1, words(uuidOf(n)))).toBe(true)
    expect(set.has(1, words(uuidOf(0)))).toBe(false)
  })
})

describe('UuidGenerations', () => {
  test('never forgets within the window, forgets after it, and is seldom unsure', () => {
    const generations = new UuidGenerations({ windowMs: 3 * day, maxBytes: 8_000_000 })
    const count = 300_000
    for (let n = 0; n < count; n += 1) generations.add(1, words(uuidOf(n)), 10 * day + (n / count) * day)
    generations.forget(12 * day)
    let missing = 0
    let unsure = 0
    for (let n = 0; n < count; n += 1) {
      if (!generations.mayHave(1, words(uuidOf(n)))) missing += 1
      if (generations.mayHave(2, words(uuidOf(n)))) unsure += 1
    }
    expect(missing).toBe(0)
    // Each one is asked of the event store: at one in a hundred that cost more than storing the events.
    expect(unsure / count).toBeLessThan(0.001)
    expect(generations.sizeBytes).toBeLessThanOrEqual(8_000_000)
    generations.forget(20 * day)
    expect(generations.sizeBytes).toBe(0)
    expect(generations.mayHave(1, words(uuidOf(5)))).toBe(false)
  })

  test('stays within its memory without forgetting anything', () => {
    const generations = new UuidGenerations({ windowMs: 3 * day, maxBytes: 1_000_000 })
    for (let n = 0; n < 1_000_000; n += 1) generations.add(1, words(uuidOf(n)), 10 * day + n * 250)
    expect(generations.sizeBytes).toBeLessThanOrEqual(1_000_000)
    let missing = 0
    for (let n = 0; n < 1_000_000; n += 97) if (!generations.mayHave(1, words(uuidOf(n)))) missing += 1
    expect(missing).toBe(0)
  })
})

describe('RepeatFilter', () => {
  const limits = { repeatWindowMs: 3 * day, repeatFilterBytes: 4_000_000, recentUuids: 1_000 }

  test('is unsure of everything until it knows what was stored', () => {
    const filter = new RepeatFilter(limits)
    expect(filter.take(1, uuidOf(1), 10 * day)).toBe('unsure')
    expect(filter.take(1, uuidOf(1), 10 * day)).toBe('repeat')
    filter.addStored(1, uuidOf(2) + uuidOf(3), 9 * day)
    filter.markComplete()
    expect(filter.take(1, uuidOf(3), 10 * day)).toBe('unsure')
    expect(filter.take(2, uuidOf(3), 10 * day)).toBe('new')
    expect(filter.take(1, uuidOf(4), 10 * day)).toBe('new')
  })

  test('looks up what has left the exact memory, until the window has passed', () => {
    const filter = new RepeatFilter(limits)
    filter.markComplete()
    for (let n = 0; n < 3_000; n += 1) filter.take(1, uuidOf(n), 10 * day)
    expect(filter.take(1, uuidOf(0), 11 * day)).toBe('unsure')
    filter.forget(15 * day)
    expect(filter.take(1, uuidOf(1), 15 * day)).toBe('new')
  })
})
