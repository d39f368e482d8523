import { StatisticsError } from './errors.ts'

export interface SampleSizeInput {
  /** `mean_sum_or_avg` and other means by sum or average; any other mean counts events. */
  metricType: string
  baselineValue: number | null
  /** The smallest relative effect worth finding, percent. */
  mdePercent: number | null
  numberOfVariants: number
  /** For ratio and retention, of {@link planningVariance}. */
  variance?: number | null
}

/** What the units' variance is expected to be; undefined where it cannot be said. */
function expectedVariance({ metricType, baselineValue, variance }: SampleSizeInput): number | undefined {
  const baseline = baselineValue ?? 0
  if (metricType === 'funnel') return baseline > 1 ? undefined : baseline * (1 - baseline)
  if (metricType.startsWith('mean')) return /sum|avg|average/.test(metricType) ? 0.25 * baseline ** 2 : 2 * baseline
  return variance ?? undefined
}

/**
 * Units over all variants for a power of 80 % at α = 5 %, by the rule of thumb ⌈16·variance/d²·k⌉, d = baseline·MDE (van Belle, Statistical Rules of
 * Thumb, 2.1; 16 ≈ 2·(1.96 + 0.84)²). Null where there is no answer.
 */
export function recommendedSampleSize(input: SampleSizeInput): number | null {
  const difference = ((input.baselineValue ?? 0) * (input.mdePercent ?? 0)) / 100
  const variance = expectedVariance(input)
  if (difference === 0 || variance === undefined || variance < 0) return null
  return Math.ceil(((16 * variance) / difference ** 2) * input.numberOfVariants)
}

export interface RatioSums {
  n: number
  sum: number
  sumSquares: number
  denominatorSum: number
  denominatorSumSquares: number
  sumProduct: number
}

/** The delta method's variance of a ratio, of population moments (divided by n), as planning uses it. @throws StatisticsError */
export function planningVariance({ n, sum, sumSquares, denominatorSum, denominatorSumSquares, sumProduct }: RatioSums): number {
  if (!(n > 0)) throw new StatisticsError('sample_size_must_be_positive', `The sample size must be more than 0; it is ${n}`)
  const [m, d] = [sum / n, denominatorSum / n]
  if (Math.abs(d) < 1e-10) throw new StatisticsError('denominator_mean_is_zero', 'A ratio needs a denominator; its mean is 0')
  const [varianceM, varianceD, cov] = [sumSquares / n - m ** 2, denominatorSumSquares / n - d ** 2, sumProduct / n - m * d]
  return varianceM / d ** 2 + (m ** 2 * varianceD) / d ** 4 - (2 * m * cov) / d ** 3
}

/** ⌈sample size ÷ exposures a day⌉; null without either. */
export function runningTimeDays(sampleSize: number | null | undefined, exposuresPerDay: number | null | undefined): number | null {
  return isPositive(exposuresPerDay) && typeof sampleSize === 'number' ? Math.ceil(sampleSize / exposuresPerDay) : null
}

/** Days until the target is reached, at least 0; null without a rate. */
export function remainingDays(
  target: number | null | undefined,
  current: number,
  exposuresPerDay: number | null | undefined,
): number | null {
  return isPositive(exposuresPerDay) && typeof target === 'number' ? Math.max(0, Math.ceil((target - current) / exposuresPerDay)) : null
}

const isPositive = (value: number | null | undefined): value is number => typeof value === 'number' && value > 0
