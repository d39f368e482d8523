import { createHash } from 'node:crypto'

/** Repeatable randomness: the same seed gives the same sequence on every machine. */
export interface Random {
  /** In [0, 1). */
  uniform(): number
  /** Whole, both ends included. */
  integer(min: number, max: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** Chooses by weight; weights need not sum to 1. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T
  exponential(mean: number): number
  poisson(mean: number): number
  /** A version 7 uuid of that instant. */
  uuid(atMs: number): string
}

/** xoshiro128** (Blackman and Vigna, 2018), seeded with the SHA-1 of `seed`. */
export function createRandom(seed: string): Random {
  const digest = createHash('sha1').update(seed).digest()
  let [a, b, c, d] = [0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset)) as [number, number, number, number]

  function word(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }

  const uniform = () => word() / 2 ** 32
  const integer = (min: number, max: number) => min + Math.floor(uniform() * (max - min + 1))
  const exponential = (mean: number) => -Math.log(1 - uniform()) * mean

  return {
    uniform,
    integer,
    chance: (probability) => uniform() < probability,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('Nothing to pick from.')
      return list[Math.floor(uniform() * list.length)] as T
    },
    weighted<T>(choices: readonly (readonly [T, number])[]): T {
      let rest = uniform() * choices.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of choices) {
        rest -= weight
        if (rest < 0) return value
      }
      const last = choices.at(-1)
      if (!last) throw new RangeError('Nothing to choose from.')
      return last[0]
    },
    exponential,
    poisson(mean) {
      // Arrivals of a process of rate 1 within `mean`; quick for the small means used here.
      let count = -1
      for (let sum = 0; sum < mean; count++) sum += exponential(1)
      return Math.max(0, count)
    },
    uuid(atMs) {
      const time = Math.floor(atMs).toString(16).padStart(12, '0')
      const [first, second, third] = [word(), word(), word()]
      const version = (0x7000 | (first & 0xfff)).toString(16)
      const variant = (0x8000 | ((first >>> 12) & 0x3fff)).toString(16)
      return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${hex(second).slice(0, 4)}${hex(third)}`
    },
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
