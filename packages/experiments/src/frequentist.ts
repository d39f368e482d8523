import { tQuantile, tTwoSided } from './distributions.ts'
import { type DifferenceType, testableEffect } from './effect.ts'
import { requireLevel } from './errors.ts'
import type { Statistic } from './statistic.ts'

export interface TestOptions {
  /** Default 0.05. */
  alpha?: number
  /** Default relative. */
  differenceType?: DifferenceType
}

export interface FrequentistResult {
  pointEstimate: number
  standardError: number
  degreesOfFreedom: number
  tStatistic: number
  /** Two-sided. */
  pValue: number
  confidenceInterval: [number, number]
  significant: boolean
}

/**
 * Welch's two-sided t-test of the effect: t = δ/SE, p = 2·P(T ≥ |t|), interval δ ± t_{1−α/2}·SE. The degrees of freedom are
 * Welch–Satterthwaite's, of the arms' own variances also for relative effects (Welch 1947; experiments.md 6).
 * @throws StatisticsError
 */
export function welchTest(treatment: Statistic, control: Statistic, options: TestOptions = {}): FrequentistResult {
  const { alpha = 0.05, differenceType = 'relative' } = options
  requireLevel(alpha, 'alpha')
  const { estimate, variance, treatment: t, control: c } = testableEffect(treatment, control, differenceType)
  const [shareT, shareC] = [t.variance / t.n, c.variance / c.n]
  const degreesOfFreedom = (shareT + shareC) ** 2 / (shareT ** 2 / (t.n - 1) + shareC ** 2 / (c.n - 1))
  const standardError = Math.sqrt(variance)
  const tStatistic = estimate / standardError
  const pValue = tTwoSided(tStatistic, degreesOfFreedom)
  const margin = tQuantile(1 - alpha / 2, degreesOfFreedom) * standardError
  return {
    pointEstimate: estimate,
    standardError,
    degreesOfFreedom,
    tStatistic,
    pValue,
    confidenceInterval: [estimate - margin, estimate + margin],
    significant: pValue < alpha,
  }
}
