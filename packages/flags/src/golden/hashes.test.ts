import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FlagSet } from '../evaluate/flag-set.ts'
import { flagValue } from '../evaluate/result.ts'
import { holdoutHash, rolloutHash, variantHash } from '../hash/bucket.ts'
import { sha1Head } from '../hash/sha1.ts'
import { flagOf, subjectOf } from './evaluation-case.fixture.ts'
import { readCases } from './read-cases.fixture.ts'

type Hash =
  | { key: string; identifier: string; salt: string; hash: number }
  | { identifier: string; hash: number }
  | {
      key: string
      identifier: string
      rollout: number
      variant: number
      within: Record<string, boolean>
      variants: Record<string, unknown>
    }
  | { holdout: number; identifier: string; hash: number; heldOut: Record<string, string | null> }

const cases = readCases<Hash>('hashes')

const variantSets: Record<string, [string, number][]> = {
  two_50_50: [
    ['control', 50],
    ['test', 50],
  ],
  three: [
    ['first-variant', 50],
    ['second-variant', 25],
    ['third-variant', 25],
  ],
  thirds: [
    ['a', 33.33],
    ['b', 33.33],
    ['c', 33.34],
  ],
  partial_20: [['only', 20]],
  with_zero: [
    ['z', 0],
    ['rest', 100],
  ],
  five: [
    ['v1', 20],
    ['v2', 20],
    ['v3', 20],
    ['v4', 20],
    ['v5', 20],
  ],
}

function answer(key: string, identifier: string, filters: object): string | boolean | undefined {
  const flag = flagOf({ id: 1, key, active: true, filters })
  const subject = subjectOf({ name: '', flags: [], request: { distinct_id: identifier }, answers: {}, node: {} })
  const [result] = new FlagSet({ flags: [flag], cohorts: [], groupTypes: new Map(), timezone: 'UTC' }).evaluate(subject).results
  return result && flagValue(result)
}

test('every recorded hash, to the last digit', () => {
  for (const given of cases) {
    const { identifier } = given
    if ('salt' in given) {
      expect((given.salt === 'variant' ? variantHash : rolloutHash)(given.key, identifier)).toBe(given.hash)
    } else if ('holdout' in given || !('key' in given)) expect(holdoutHash(identifier)).toBe(given.hash)
    else if ('rollout' in given && identifier !== '' && [...identifier].length <= 200) {
      expect([rolloutHash(given.key, identifier), variantHash(given.key, identifier)]).toEqual([given.rollout, given.variant])
    }
  }
})

test('every recorded rollout, variant and holdout', () => {
  for (const given of cases) {
    const { identifier } = given
    // why: servers answer the empty identifier and very long ones otherwise than the SDKs that these were recorded with.
    if (identifier === '' || [...identifier].length > 200) continue
    if ('within' in given) {
      for (const [percent, isWithin] of Object.entries(given.within)) {
        expect(answer(given.key, identifier, { groups: [{ rollout_percentage: Number(percent) }] })).toBe(isWithin)
      }
      for (const [name, variant] of Object.entries(given.variants)) {
        const variants = variantSets[name]?.map(([key, rollout_percentage]) => ({ key, rollout_percentage }))
        expect(answer(given.key, identifier, { groups: [{}], multivariate: { variants } })).toBe(variant)
      }
    }
    if ('holdout' in given) {
      for (const [percent, variant] of Object.entries(given.heldOut)) {
        const holdout = { id: given.holdout, exclusion_percentage: Number(percent) }
        expect(answer('any', identifier, { groups: [{}], holdout })).toBe(variant ?? true)
      }
    }
  }
})

test('is the head of SHA-1 for any text', () => {
  const ofLibrary = (text: string) =>
    Number.parseInt(createHash('sha1').update(new TextEncoder().encode(text)).digest('hex').slice(0, 15), 16)
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => sha1Head(text) === ofLibrary(text)))
  for (const text of ['\ud800', 'a\udc00b', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'é😀'.repeat(500)]) {
    expect(sha1Head(text)).toBe(ofLibrary(text))
  }
})

test('an identifier counts up to two hundred characters', () => {
  expect(rolloutHash('k', '😀'.repeat(200))).toBe(rolloutHash('k', '😀'.repeat(300)))
  expect(rolloutHash('k', 'a'.repeat(199))).not.toBe(rolloutHash('k', 'a'.repeat(200)))
})
