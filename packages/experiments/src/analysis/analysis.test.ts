import { describe, expect, test } from 'vitest'
import { analyseMetric, defaultStatsSettings } from './analyse-metric.ts'
import { type TrustInput, trustList } from './trust.ts'
import { verdict } from './verdict.ts'

const proportion = (n: number, sum: number) => ({ numberOfSamples: n, sum, sumSquares: sum })
const funnel = { type: 'funnel', name: 'purchase', goal: 'increase' } as const
const arms = (control: [number, number], test: [number, number]) => [
  { key: 'control', data: proportion(...control) },
  { key: 'test', data: proportion(...test) },
]

const trusted: TrustInput = {
  counted: 'people',
  sampleRatio: { expected: {}, chiSquare: 0, degreesOfFreedom: 1, pValue: 0.9, mismatch: false },
  exposures: { control: 1000, test: 1000 },
  multipleVariantPercentage: 0,
  power: 0.9,
  minimumDetectableEffectPercent: 30,
  method: 'bayesian',
  sequential: false,
  isRunning: false,
  halves: [],
  botPercentage: 0,
}

describe('a metric', () => {
  test('each method tells the same effect, in its own terms', () => {
    const bayesian = analyseMetric(funnel, arms([1000, 100], [1000, 150]), 'control', defaultStatsSettings)[1]?.comparison
    const frequentist = analyseMetric(funnel, arms([1000, 100], [1000, 150]), 'control', {
      ...defaultStatsSettings,
      method: 'frequentist',
    })[1]?.comparison
    expect(bayesian?.effect).toBeCloseTo(0.5, 12)
    expect(frequentist?.effect).toBeCloseTo(0.5, 12)
    expect(bayesian?.chanceToWin).toBeGreaterThan(0.99)
    expect(bayesian?.pValue).toBeNull()
    expect(frequentist?.pValue).toBeLessThan(0.01)
    expect(frequentist?.chanceToWin).toBeNull()
  })

  test.each([
    ['too few units', arms([49, 20], [1000, 100]), 'not-enough-exposures'],
    ['too few conversions', arms([1000, 4], [1000, 100]), 'not-enough-metric-data'],
    ['nobody in the baseline', arms([1000, 0], [1000, 100]), 'not-enough-metric-data, baseline-mean-is-zero'],
    ['everybody converts', arms([100, 100], [100, 100]), 'too_few_successes_or_failures'],
  ])('%s: no comparison, and the reason', (_, variants, reason) => {
    const [, comparison] = analyseMetric(funnel, variants, 'control', defaultStatsSettings)
    expect(comparison?.comparison).toMatchObject({ effect: null, significant: null, reason })
  })

  test('CUPED narrows the interval where what was before tells of what is after', () => {
    const data = (sum: number) => ({
      numberOfSamples: 1000,
      sum,
      sumSquares: sum * 2.2,
      covariateSum: 1000,
      covariateSumSquares: 2100,
      covariateSumProduct: sum * 1.9,
    })
    const variants = [
      { key: 'control', data: data(1000) },
      { key: 'test', data: data(1100) },
    ]
    const width = (cuped: boolean) => {
      const interval = analyseMetric({ type: 'mean' }, variants, 'control', { ...defaultStatsSettings, cuped })[1]?.comparison?.interval
      return (interval?.[1] ?? 0) - (interval?.[0] ?? 0)
    }
    expect(width(true)).toBeLessThan(width(false) * 0.8)
    expect(width(true)).toBeGreaterThan(0)
  })
})

describe('the verdict', () => {
  const said = (variants: ReturnType<typeof arms>, input: Partial<TrustInput> = {}, metric: Parameters<typeof verdict>[0] = funnel) =>
    verdict(
      metric,
      analyseMetric(metric, variants, 'control', defaultStatsSettings),
      trustList({ ...trusted, ...input }),
      defaultStatsSettings,
    )

  test.each([
    ['a winner', arms([1000, 100], [1000, 150]), {}, 'winner'],
    ['a loser', arms([1000, 150], [1000, 100]), {}, 'loser'],
    ['nothing', arms([1000, 100], [1000, 102]), {}, 'no_difference'],
    ['too early', arms([10, 1], [10, 2]), {}, 'too_early'],
  ])('%s', (_, variants, input, state) => {
    expect(said(variants, input).state).toBe(state)
  })

  test('less is better where the goal says so', () => {
    expect(said(arms([1000, 150], [1000, 100]), {}, { ...funnel, goal: 'decrease' }).state).toBe('winner')
  })

  test('a broken split outranks every result', () => {
    const sampleRatio = { expected: {}, chiSquare: 64, degreesOfFreedom: 1, pValue: 1e-15, mismatch: true }
    expect(said(arms([1000, 100], [1000, 150]), { sampleRatio })).toMatchObject({ state: 'not_trustworthy', variant: null })
  })
})

test.each([
  ['sample_ratio', { sampleRatio: null }, 'unknown'],
  ['exposures', { exposures: { control: 1000, test: 49 } }, 'bad'],
  ['power', { power: 0.5 }, 'bad'],
  ['peeking', { isRunning: true }, 'bad'],
  ['peeking', { isRunning: true, sequential: true }, 'good'],
  ['several_variants', { multipleVariantPercentage: 2 }, 'bad'],
  [
    'novelty',
    {
      halves: [
        { effect: 0.5, standardError: 0.05 },
        { effect: 0.1, standardError: 0.05 },
      ],
    },
    'bad',
  ],
  [
    'novelty',
    {
      halves: [
        { effect: 0.5, standardError: 0.2 },
        { effect: 0.4, standardError: 0.2 },
      ],
    },
    'good',
  ],
  ['bots', { botPercentage: 5 }, 'bad'],
] as const)('%s with %j is %s', (name, input, state) => {
  const item = trustList({ ...trusted, ...(input as Partial<TrustInput>) }).find((one) => one.name === name)
  expect(item?.state).toBe(state)
})

test.each(['people', 'groups'] as const)('whoever is counted is called what they are: %s', (counted) => {
  const texts = trustList({ ...trusted, counted }).map(({ text }) => text)
  expect(texts).toContain(`Every variant has at least 50 ${counted}.`)
  expect(texts.join(' ')).not.toMatch(/units/i)
})
