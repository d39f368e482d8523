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
  /** For the tests. */
  statistic: Statistic
}

/**
 * CUPED (Deng, Xu, Kohavi, Walker 2013): what units did before explains a part of what they did after. θ = cov(x, y)/var(x) over both arms together,
 * ȳ' = ȳ − θx̄, v' = v_y + θ²v_x − 2θ·cov(x, y) of the arm. A fixed θ may be given. @throws StatisticsError
 */
export function cuped(treatment: CupedArm, control: CupedArm, fixedTheta?: number) {
  const theta = fixedTheta ?? pooledTheta(treatment, control)
  return { theta, treatment: adjust(treatment, theta), control: adjust(control, theta) }
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

function adjust(arm: CupedArm, theta: number): CupedAdjustment {
  const { n, sum } = postSums(arm)
  const unadjusted = moments(arm.post)
  const mean = unadjusted.mean - (theta * arm.preSum) / n
  const before = sampleVariance(n, arm.preSum, arm.preSumSquares)
  const shared = sampleCovariance(n, arm.preSum, sum, arm.crossProduct)
  const variance = Math.max(1e-10, unadjusted.variance + theta ** 2 * before - 2 * theta * shared)
  const varianceReduction = theta === 0 || unadjusted.variance < 1e-10 ? 0 : 1 - variance / unadjusted.variance
  const unadjustedMean = unadjusted.mean
  return { mean, variance, unadjustedMean, varianceReduction, statistic: { type: 'moments', n, mean, variance, unadjustedMean } }
}
