import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

const many = 20_000
const draw = <T>(make: () => T): T[] => Array.from({ length: many }, make)
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test('the same seed gives the same sequence, another seed another', () => {
  const sequence = (seed: string) => {
    const random = createRandom(seed)
    return Array.from({ length: 50 }, () => random.uniform())
  }
  expect(sequence('meadow')).toEqual(sequence('meadow'))
  expect(sequence('meadow')).not.toEqual(sequence('meadoW'))
})

test('uniform numbers are in [0, 1) and spread evenly', () => {
  const random = createRandom('uniform')
  const buckets = new Array<number>(10).fill(0)
  for (const value of draw(random.uniform)) {
    expect(value).toBeGreaterThanOrEqual(0)
    expect(value).toBeLessThan(1)
    const bucket = Math.floor(value * 10)
    buckets[bucket] = (buckets[bucket] ?? 0) + 1
  }
  // Chi-squared with 9 degrees of freedom: 27.9 is exceeded once in a thousand.
  expect(buckets.reduce((sum, count) => sum + (count - many / 10) ** 2 / (many / 10), 0)).toBeLessThan(27.9)
})

test.each([
  ['exponential', () => createRandom('e'), (random: ReturnType<typeof createRandom>) => random.exponential(7), 7],
  ['poisson', () => createRandom('p'), (random: ReturnType<typeof createRandom>) => random.poisson(3.5), 3.5],
  ['integer', () => createRandom('i'), (random: ReturnType<typeof createRandom>) => random.integer(-2, 6), 2],
  ['chance', () => createRandom('c'), (random: ReturnType<typeof createRandom>) => (random.chance(0.3) ? 1 : 0), 0.3],
  [
    'weighted',
    () => createRandom('w'),
    (random: ReturnType<typeof createRandom>) => random.weighted([[0, 1] as const, [10, 3] as const]),
    7.5,
  ],
])('%s has the right mean', (_name, create, next, expected) => {
  const random = create()
  expect(Math.abs(mean(draw(() => next(random))) / expected - 1)).toBeLessThan(0.04)
})

test('integers reach both ends', () => {
  const random = createRandom('ends')
  expect([...new Set(draw(() => random.integer(1, 4)))].sort()).toEqual([1, 2, 3, 4])
})

test('uuids are version 7, carry their instant and do not repeat', () => {
  const random = createRandom('uuid')
  const atMs = Date.UTC(2026, 4, 17, 9, 30, 0, 123)
  const uuids = draw(() => random.uuid(atMs))
  expect(new Set(uuids).size).toBe(many)
  for (const uuid of uuids.slice(0, 100)) {
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBe(atMs)
  }
})
