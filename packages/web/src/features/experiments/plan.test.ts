import { describe, expect, test } from 'vitest'
import { baselineQuery, type ExperimentDraft, emptyDraft, evenShares, experimentOf, metricOf, problemsOf, readBaseline } from './plan.ts'

const whole: ExperimentDraft = { ...emptyDraft, name: 'Checkout', flagKey: 'checkout', event: 'bought' }
const fields = (change: Partial<ExperimentDraft>) => problemsOf({ ...whole, ...change }).map(({ field }) => field)

describe('what is missing', () => {
  test.each<[Partial<ExperimentDraft>, string[]]>([
    [{}, []],
    [{ name: ' ' }, ['name']],
    [{ flagKey: 'a b' }, ['flagKey']],
    [{ event: '' }, ['event']],
    [{ goal: 'sum' }, ['property']],
    [
      {
        variants: [
          { key: 'a', share: 50 },
          { key: 'a', share: 40 },
        ],
      },
      ['variants', 'variants', 'variants'],
    ],
  ])('%j', (change, wanted) => {
    expect(fields(change)).toEqual(wanted)
  })
})

test.each([2, 3, 7])('%i even shares sum to 100', (count) => {
  const shares = evenShares(Array.from({ length: count }, (_, i) => ({ key: String(i), share: 0 }))).map(({ share }) => share)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100)
})

test('the request says what the form says', () => {
  expect(metricOf(whole)).toMatchObject({ metric_type: 'funnel', conversion_window: 14, goal: 'increase' })
  expect(metricOf({ ...whole, goal: 'sum', property: 'price' })).toMatchObject({
    metric_type: 'mean',
    source: { math: 'sum', math_property: 'price' },
  })
  expect(experimentOf({ ...whole, method: 'sequential' }).stats_config).toEqual({
    method: 'frequentist',
    frequentist: { sequential_testing_enabled: true },
  })
})

test('the baseline is asked for with values beside the text, and read only where there is one', () => {
  const { query, values } = baselineQuery({ ...whole, goal: 'sum', event: "o'brien", property: 'price' })
  expect(query).not.toContain('brien')
  expect(values).toEqual({ event: "o'brien", property: 'price', days: 14 })
  expect(readBaseline([280, 0.1, 0.09], 14)).toEqual({ peoplePerDay: 20, mean: 0.1, variance: 0.09 })
  expect(readBaseline([0, null, null], 14)).toBeUndefined()
  expect(readBaseline(undefined, 14)).toBeUndefined()
})

test('an event of the app itself says who is in it', () => {
  const draft = { ...emptyDraft, name: 'Prices', flagKey: 'prices', event: 'bought', exposure: 'event' as const }
  expect(experimentOf(draft).exposure_criteria).toEqual({
    filterTestAccounts: true,
    exposure_config: {
      kind: 'ExperimentEventExposureConfig',
      event: '$experiment_started',
      properties: [],
      experiment_name_property: '$experiment_name',
      variant_property: '$experiment_variant',
    },
  })
  expect(experimentOf({ ...draft, exposure: 'flag' }).exposure_criteria).toEqual({ filterTestAccounts: true })
  expect(problemsOf({ ...draft, exposureEvent: '' }).map(({ field }) => field)).toEqual(['exposureEvent'])
})
