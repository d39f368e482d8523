import { normalQuantile } from './distributions.ts'
import { requireLevel, StatisticsError } from './errors.ts'

/** What is known of the units of one arm. `sum` and `sumSquares` are over the units' values. */
export type Statistic =
  | { type: 'mean'; n: number; sum: number; sumSquares: number }
  /** `sum`: units that converted. */
  | { type: 'proportion'; n: number; sum: number }
  | {
      type: 'ratio'
      n: number
      sum: number
      sumSquares: number
      denominatorSum: number
      denominatorSumSquares: number
      /** Σ of numerator × denominator. */
      sumProduct: number
    }
  /** `value`: the sample's quantile; `lower`, `upper`: the order statistics around it that {@link quantileRanks} names. */
  | { type: 'quantile'; n: number; value: number; lower: number; upper: number }
  /** Moments given as they are, such as CUPED's. */
  | { type: 'moments'; n: number; mean: number; variance: number; unadjustedMean: number }

export interface Moments {
  n: number
  mean: number
  /** Of one unit; the mean's is `variance / n`. */
  variance: number
  /** What relative effects are relative to; the mean itself but after CUPED. */
  unadjustedMean: number
}

/**
 * Mean and variance of one unit.
 *
 * - mean: m = S/n, v = (Q − S²/n)/(n − 1)
 * - proportion: m = S/n, v = m(1 − m)
 * - ratio R = M/D, by the delta method: v = v_M/D² + M²·v_D/D⁴ − 2·M·cov/D³
 * - quantile: v = n·((upper − lower)/(2z))², z = Φ⁻¹(0.975): a distribution-free interval turned into a standard error
 *   (David & Nagaraja, Order Statistics, 7.1)
 *
 * @throws StatisticsError
 */
export function moments(statistic: Statistic): Moments {
  const { n } = statistic
  if (!(n > 0)) throw new StatisticsError('sample_size_must_be_positive', `The sample size must be more than 0; it is ${n}`)
  switch (statistic.type) {
    case 'mean':
      return plain(n, statistic.sum / n, sampleVariance(n, statistic.sum, statistic.sumSquares))
    case 'proportion':
      return proportion(n, statistic.sum)
    case 'ratio':
      return ratio(statistic)
    case 'quantile':
      return quantile(statistic)
    case 'moments':
      return { n, mean: statistic.mean, variance: statistic.variance, unadjustedMean: statistic.unadjustedMean }
  }
}

const plain = (n: number, mean: number, variance: number): Moments => ({ n, mean, variance, unadjustedMean: mean })

/** (Q − S²/n)/(n − 1); 0 for one unit. @throws StatisticsError where Q < S²/n beyond rounding */
export function sampleVariance(n: number, sum: number, sumSquares: number): number {
  const spread = sumSquares - (sum * sum) / n
  if (spread < -1e-9 * Math.max(1, Math.abs(sumSquares)))
    throw new StatisticsError(
      'sum_squares_too_small',
      `A sum of squares of ${sumSquares} is not possible for ${n} values that sum to ${sum}`,
    )
  // What is left of equal values by rounding is no spread; it grows with the root of their number.
  return n === 1 || spread < 1e-14 * Math.sqrt(n) * Math.abs(sumSquares) ? 0 : spread / (n - 1)
}

/** (Σxy − ΣxΣy/n)/(n − 1); 0 for one unit. */
export function sampleCovariance(n: number, sumX: number, sumY: number, sumProduct: number): number {
  return n === 1 ? 0 : (sumProduct - (sumX * sumY) / n) / (n - 1)
}

function proportion(n: number, sum: number): Moments {
  if (sum < 0) throw new StatisticsError('successes_negative', `The number of conversions cannot be less than 0; it is ${sum}`)
  if (sum > n) throw new StatisticsError('successes_exceed_sample_size', `${sum} conversions of ${n} units are not possible`)
  const mean = sum / n
  return plain(n, mean, mean * (1 - mean))
}

function ratio({ n, sum, sumSquares, denominatorSum, denominatorSumSquares, sumProduct }: Extract<Statistic, { type: 'ratio' }>): Moments {
  const [m, d] = [sum / n, denominatorSum / n]
  if (Math.abs(d) < 1e-10) throw new StatisticsError('denominator_mean_is_zero', 'A ratio needs a denominator; its mean is 0')
  const cov = sampleCovariance(n, sum, denominatorSum, sumProduct)
  const varianceM = sampleVariance(n, sum, sumSquares)
  const varianceD = sampleVariance(n, denominatorSum, denominatorSumSquares)
  // Where the ratio is the same for every unit, the terms cancel to rounding alone, on either side of zero.
  const terms = [varianceM / d ** 2, (m ** 2 * varianceD) / d ** 4, (-2 * m * cov) / d ** 3]
  const variance = terms.reduce((total, term) => total + term, 0)
  const rounding = 1e-14 * Math.max(...terms.map(Math.abs))
  return plain(n, sum / denominatorSum, variance < rounding ? 0 : variance)
}

function quantile({ n, value, lower, upper }: Extract<Statistic, { type: 'quantile' }>): Moments {
  if (!(lower <= value && value <= upper))
    throw new StatisticsError('quantile_bounds_out_of_order', `The quantile ${value} must lie between ${lower} and ${upper}`)
  const error = (upper - lower) / (2 * normalQuantile(0.975))
  return plain(n, value, n * error ** 2)
}

/**
 * The ranks (1…n) of the order statistics that enclose a quantile with 95 %: n·q ± z·√(n·q(1 − q)).
 * @throws StatisticsError
 */
export function quantileRanks(n: number, level: number): { lower: number; upper: number } {
  requireLevel(level, 'The level of a quantile')
  const [middle, margin] = [n * level, normalQuantile(0.975) * Math.sqrt(n * level * (1 - level))]
  return { lower: Math.max(1, Math.floor(middle - margin)), upper: Math.min(n, Math.ceil(middle + margin)) }
}
