import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { calculate, calculationKinds } from '../calculate.ts'
import { StatisticsError } from '../errors.ts'

interface Vector {
  id: string
  kind: string
  input: unknown
  expect: unknown
  tolerance: { abs: number; rel: number }
}

const vectors = JSON.parse(readFileSync(new URL('./statistics.json', import.meta.url), 'utf8')) as Vector[]

/** Every number that is wanted, within the vector's tolerance; only the keys that are wanted are compared. */
function holds(got: unknown, want: unknown, { abs, rel }: Vector['tolerance'], path: string): void {
  if (typeof want === 'number') {
    expect(typeof got, path).toBe('number')
    expect(Math.abs((got as number) - want), `${path}: ${String(got)} for ${want}`).toBeLessThanOrEqual(abs + rel * Math.abs(want) + 1e-15)
  } else if (Array.isArray(want)) {
    expect(got, path).toHaveLength(want.length)
    want.forEach((item, i) => {
      holds((got as unknown[])[i], item, { abs, rel }, `${path}[${i}]`)
    })
  } else if (typeof want === 'object' && want !== null) {
    expect(got, path).toBeTypeOf('object')
    for (const [key, item] of Object.entries(want)) holds((got as Record<string, unknown>)[key], item, { abs, rel }, `${path}.${key}`)
  } else expect(got, path).toEqual(want)
}

const refusal = (want: unknown): string | undefined => (want as { error?: string } | null)?.error

describe('vectors', () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const code = refusal(vector.expect)
    if (code === undefined) return holds(calculate(vector.kind, vector.input), vector.expect, vector.tolerance, vector.kind)
    expect(() => calculate(vector.kind, vector.input)).toThrow(expect.objectContaining({ code }) as Error)
  })

  test('there is one for nearly every kind', () => {
    const played = new Set(vectors.map(({ kind }) => kind))
    expect(calculationKinds.filter((kind) => !played.has(kind))).toEqual(['mde'])
  })
})

const beforeAndAfter = '{"post": {"type": "proportion", "n": 10, "sum": 5}, "pre_sum": 0, "pre_sum_squares": 0, "cross_product": 0}'

describe('input of another form', () => {
  test.each([
    ['frequentist', {}, /input\.treatment/],
    ['frequentist', { treatment: { type: 'mean', n: '5' }, control: null }, /input\.treatment\.n/],
    ['power', { type: 'mean', mean: 10, relative_effect: 0.1, total_users: 100 }, /variance or sd/],
    [
      'cuped',
      JSON.parse(`{"treatment": ${beforeAndAfter}, "control": ${beforeAndAfter}, "then": {"method": "guess"}}`),
      /input\.then\.method/,
    ],
    ['constructor', {}, /Unknown kind of calculation "constructor"/],
  ])('%s %j', (kind, input, message) => {
    expect(() => calculate(kind, input)).toThrow(StatisticsError)
    expect(() => calculate(kind, input)).toThrow(message)
  })
})
