import { describe, expect, test } from 'vitest'
import { calculate } from './calculate.ts'

const mean = (n: number, sum: number, sum_squares: number) => ({ type: 'mean', n, sum, sum_squares })
const proportion = (n: number, sum: number) => ({ type: 'proportion', n, sum })

/** The reference values were computed apart, with scipy and mpmath. */
describe('values at the edges', () => {
  test.each([
    ['mde', { mean: 0.1, variance: 0.5, users_per_arm: 1500 }, 'relative_mde', 1.2676890503978402],
    ['mde', { mean: 10, variance: 3909.9997749994377, total_users: 400_000, number_of_variations: 3 }, 'mde', 0.07027249875172074],
    [
      'mde',
      { mean: 10, variance: 3909.9997749994377, total_users: 400_000, number_of_variations: 3, sequential_tuning_parameter: 5000 },
      'mde',
      0.12820917266228554,
    ],
    [
      'beta_binomial',
      { control: { success: 10, failure: 90 }, treatment: { success: 15, failure: 85 } },
      'chance_treatment_better',
      0.853283789933966,
    ],
    [
      'sequential',
      { treatment: proportion(4000, 520), control: proportion(4000, 400), alternative: 'greater' },
      'halfwidth',
      0.22699990213466684,
    ],
  ])('%s %j: %s is %d', (kind, input, name, value) => {
    const found = (calculate(kind, input) as Record<string, number>)[name] ?? Number.NaN
    expect(Math.abs(found / value - 1)).toBeLessThan(1e-9)
  })

  test('an interval of a p-value that is smaller than rounding', () => {
    const [low, high] = calculate('adjusted_ci', { effect: 0.1, adjusted_p_value: 1e-30 }) as [number, number]
    expect([low, high]).toEqual([expect.closeTo(0.08299215736275585, 12), expect.closeTo(0.11700784263724416, 12)])
  })

  test('a ratio that is the same for every unit has no variance, whatever the rounding', () => {
    const ratio = {
      type: 'ratio',
      n: 3,
      sum: 0.3 + 0.6 + 0.9,
      sum_squares: 0.3 ** 2 + 0.6 ** 2 + 0.9 ** 2,
      denominator_sum: 0.1 + 0.2 + 0.3,
    }
    const product = {
      denominator_sum_squares: 0.1 ** 2 + 0.2 ** 2 + 0.3 ** 2,
      numerator_denominator_sum_product: 3 * (0.1 ** 2 + 0.2 ** 2 + 0.3 ** 2),
    }
    expect(calculate('statistic', { ...ratio, ...product })).toMatchObject({ variance: 0, standard_error: 0 })
  })

  test('equal values that rounding sets apart are equal', () => {
    const sums = [0.1, 0.7].map((value) => {
      const values = new Array<number>(100).fill(value)
      return mean(
        100,
        values.reduce((sum, x) => sum + x, 0),
        values.reduce((sum, x) => sum + x * x, 0),
      )
    })
    expect(() => calculate('frequentist', { treatment: sums[1], control: sums[0] })).toThrow(/same value/)
  })

  test('a one-sided sequence agrees with its p-value', () => {
    const arms = { treatment: proportion(4000, 520), control: proportion(4000, 400) }
    const found = calculate('sequential', { ...arms, alternative: 'greater' }) as {
      p_value: number
      halfwidth: number
      confidence_interval: number[]
    }
    expect(found.confidence_interval).toEqual([expect.closeTo(0.3 - found.halfwidth, 12), null])
    // ρ depends on α, so the p-value is that of the sequence of this α.
    expect(found.p_value).toBeLessThan(0.05)
    expect(calculate('sequential', { ...arms, alternative: 'less' })).toMatchObject({ p_value: 1, significant: false })
  })

  test('a million conversions are compared in no time', () => {
    const arm = (success: number) => ({ success, failure: 5_000_000 - success })
    expect(calculate('beta_binomial', { control: arm(1_000_000), treatment: arm(1_001_000) })).toMatchObject({
      // Φ of the difference in standard errors: both are normal at this size.
      chance_treatment_better: expect.closeTo(0.7854, 3),
    })
  })
})

test('a missing p-value stays missing, and the others are corrected for their own number', () => {
  expect(calculate('p_value_correction', { method: 'holm', p_values: [0.01, null, 0.04, 0.04] })).toEqual([0.03, null, 0.08, 0.08])
  expect(calculate('p_value_correction', { method: 'benjamini_hochberg', p_values: [null] })).toEqual([null])
})

test.each(['proportion', 'funnel', 'retention'])('a %s is planned by its share alone', (type) => {
  expect(calculate('power', { type, mean: 0.1, users_per_arm: 4000, relative_effect: 0.2 })).toEqual(
    calculate('power', { mean: 0.1, variance: 0.1 * (1 - 0.1), users_per_arm: 4000, relative_effect: 0.2 }),
  )
})

test('where there is nothing to find, what is found is found by chance', () => {
  expect(calculate('power', { mean: 1, variance: 0, users_per_arm: 10, relative_effect: 0 })).toEqual({ power: expect.closeTo(0.05, 12) })
})

describe('what has no meaning is refused, by name', () => {
  test.each([
    ['power', { mean: 0, variance: 1, users_per_arm: 100, relative_effect: 0.1 }, 'baseline_must_not_be_zero'],
    ['power', { mean: 1, variance: -1, users_per_arm: 100, relative_effect: 0.1 }, 'variance_must_not_be_negative'],
    ['mde', { mean: 0, variance: 1, users_per_arm: 100 }, 'baseline_must_not_be_zero'],
    ['mde', { mean: 1, variance: 1, users_per_arm: 0 }, 'sample_size_must_be_positive'],
    ['exact_sample_size_per_arm', { type: 'proportion', baseline: 0.1, relative_mde: 0 }, 'effect_must_not_be_zero'],
    ['exact_sample_size_per_arm', { type: 'proportion', baseline: 1.5, relative_mde: 0.1 }, 'variance_must_not_be_negative'],
    ['sequential_rho', { sequential_tuning_parameter: 2e9 }, 'tuning_parameter_out_of_range'],
    ['winsorize', { values: { a: [1] }, upper_bound_percentile: 1.01 }, 'level_out_of_range'],
    ['p_value_correction', { p_values: [0.1, 1.2] }, 'p_value_out_of_range'],
    ['sequential', { treatment: proportion(100, 50), control: proportion(100, 40), alternative: 'less', alpha: 0.5 }, 'level_out_of_range'],
    [
      'delta_variance',
      { var_control: 1, mean_control: 0, n_control: 10, var_treatment: 1, mean_treatment: 1, n_treatment: 10 },
      'control_mean_is_zero',
    ],
    ['ship_variant', { filters: {}, variant_key: 'test' }, 'unknown_variant'],
    ['bayesian', { treatment: proportion(100, 4), control: proportion(100, 50) }, 'too_few_successes_or_failures'],
    ['bayesian', { treatment: proportion(100, 96), control: proportion(100, 50) }, 'too_few_successes_or_failures'],
    ['frequentist', { treatment: mean(10, 10, 20), control: proportion(10, 5) }, 'arms_of_different_types'],
    ['frequentist', { treatment: mean(10, 10, 20), control: mean(10, 10, 20), alpha: 1 }, 'level_out_of_range'],
    ['statistic', mean(10, 100, 999), 'sum_squares_too_small'],
    ['statistic', proportion(10, -1), 'successes_negative'],
    [
      'cuped',
      {
        treatment: { post: mean(10, 10, 20), pre_sum: 1, pre_sum_squares: 1, cross_product: 1 },
        control: { post: proportion(10, 5), pre_sum: 1, pre_sum_squares: 1, cross_product: 1 },
      },
      'arms_of_different_types',
    ],
  ])('%s %j: %s', (kind, input, code) => {
    expect(() => calculate(kind, input)).toThrow(expect.objectContaining({ code }) as Error)
  })
})
