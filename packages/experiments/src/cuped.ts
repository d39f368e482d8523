import { StatisticsError } from './errors.ts'
import { moments, type Statistic, sampleCovariance, sampleVariance } from './statistic.ts'

/** An arm with what its units did before they were exposed. */
export interface CupedArm {
  post: Statistic
  preSum: number
  preSumSquares: number
  /** Σ of before × after. */
  crossProduct: number
}

export interface CupedAdjustment {
  mean: number
  variance: number
  unadjustedMean: number
  /** 1 − adjusted/unadjusted variance. */
  varianceReduction: number
  /** For the tests, as PostHog adjusts: ȳ − θx̄. */
  statistic: Statistic
  /**
   * For the tests, about the mean of what both arms did before: ȳ − θ(x̄ − x̄ of both). The same difference; but its variance relative to the baseline is right
   * whatever the units did before, while the plain form loses the baseline's part of it as θx̄ grows (docs/reference/experiments.md has the simulation).
   */
  centred: Statistic
}

/**
 * CUPED (Deng, Xu, Kohavi, Walker 2013): what units did before explains a part of what they did after. θ = cov(x, y)/var(x) over both arms together,
 * ȳ' = ȳ − θx̄, v' = v_y + θ²v_x − 2θ·cov(x, y) of the arm. A fixed θ may be given. @throws StatisticsError
 */
export function cuped(treatment: CupedArm, control: CupedArm, fixedTheta?: number) {
  if (treatment.post.type !== control.post.type)
    throw new StatisticsError(
      'arms_of_different_types',
      `One arm is a ${treatment.post.type}, the other a ${control.post.type}; both must be the same`,
    )
  const theta = fixedTheta ?? pooledTheta(treatment, control)
  const preMean = (treatment.preSum + control.preSum) / (treatment.post.n + control.post.n)
  return { theta, treatment: adjust(treatment, theta, preMean), control: adjust(control, theta, preMean) }
}

/** The sums after exposure; of a proportion, Σy² = Σy. */
function postSums({ post }: CupedArm): { n: number; sum: number } {
  if (post.type === 'mean' || post.type === 'proportion') return post
  throw new StatisticsError('cuped_needs_mean_or_proportion', `CUPED is for means and proportions, not for a ${post.type}`)
}

function pooledTheta(a: CupedArm, b: CupedArm): number {
  const [postA, postB] = [postSums(a), postSums(b)]
  const n = postA.n + postB.n
  const preSum = a.preSum + b.preSum
  const variance = sampleVariance(n, preSum, a.preSumSquares + b.preSumSquares)
  if (variance < 1e-10) return 0
  return sampleCovariance(n, preSum, postA.sum + postB.sum, a.crossProduct + b.crossProduct) / variance
}

function adjust(arm: CupedArm, theta: number, preMean: number): CupedAdjustment {
  const { n, sum } = postSums(arm)
  const unadjusted = moments(arm.post)
  const mean = unadjusted.mean - (theta * arm.preSum) / n
  const before = sampleVariance(n, arm.preSum, arm.preSumSquares)
  const shared = sampleCovariance(n, arm.preSum, sum, arm.crossProduct)
  const variance = Math.max(1e-10, unadjusted.variance + theta ** 2 * before - 2 * theta * shared)
  const varianceReduction = theta === 0 || unadjusted.variance < 1e-10 ? 0 : 1 - variance / unadjusted.variance
  const unadjustedMean = unadjusted.mean
  const about = (shift: number): Statistic => ({ type: 'moments', n, mean: mean + shift, variance, unadjustedMean })
  return { mean, variance, unadjustedMean, varianceReduction, statistic: about(0), centred: about(theta * preMean) }
}
