import { millsComplement, normalCdf, normalDensity, normalQuantile } from './distributions.ts'
import { type DifferenceType, effect } from './effect.ts'
import { requireLevel, StatisticsError } from './errors.ts'
import type { Statistic } from './statistic.ts'

/** A normal prior for the effect; without `proper` it counts for nothing. */
export interface Prior {
  mean: number
  variance: number
  proper: boolean
}

export interface BayesianOptions {
  /** Default 0.95. */
  ciLevel?: number
  differenceType?: DifferenceType
  prior?: Prior
  /** Lower is better: the chance to win is that the effect is negative. */
  inverse?: boolean
}

export interface BayesianResult {
  /** Mean of the posterior. */
  effect: number
  posteriorVariance: number
  credibleInterval: [number, number]
  chanceToWin: number
  /** E[max(θ, 0)]: what keeping the control loses. compat: not turned round by `inverse`, as in PostHog. */
  expectedLossChooseControl: number
  /** E[max(−θ, 0)]: what choosing the treatment loses. */
  expectedLossChooseTreatment: number
  significant: boolean
}

/**
 * The effect's posterior under a normal likelihood and a normal (or flat) prior; precisions add up (experiments.md 8;
 * Gelman et al., Bayesian Data Analysis, 2.5). @throws StatisticsError
 */
export function bayesianTest(treatment: Statistic, control: Statistic, options: BayesianOptions = {}): BayesianResult {
  const { ciLevel = 0.95, differenceType = 'relative', prior, inverse = false } = options
  requireLevel(ciLevel, 'ci_level')
  const found = effect(treatment, control, differenceType)
  requireConversions(treatment, control)
  if (differenceType === 'relative' && found.control.unadjustedMean <= 0)
    throw new StatisticsError(
      'control_mean_must_be_positive',
      `A relative effect needs a control mean above 0; it is ${found.control.unadjustedMean}. Ask for the absolute difference`,
    )
  if (!(found.variance > 0))
    throw new StatisticsError('variance_must_be_positive', 'All units have the same value in both arms: nothing can be tested')
  const { mean, variance } = posterior(found.estimate, found.variance, prior)
  const sd = Math.sqrt(variance)
  const margin = normalQuantile(1 - (1 - ciLevel) / 2) * sd
  const chanceToWin = normalCdf((inverse ? -mean : mean) / sd)
  const { chooseControl, chooseTreatment } = expectedLoss(mean, sd)
  return {
    effect: mean,
    posteriorVariance: variance,
    credibleInterval: [mean - margin, mean + margin],
    chanceToWin,
    expectedLossChooseControl: chooseControl,
    expectedLossChooseTreatment: chooseTreatment,
    significant: chanceToWin > ciLevel || chanceToWin < 1 - ciLevel,
  }
}

function requireConversions(...arms: Statistic[]): void {
  for (const arm of arms) {
    if (arm.type === 'proportion' && (arm.sum < 5 || arm.n - arm.sum < 5))
      throw new StatisticsError(
        'too_few_successes_or_failures',
        `The normal approximation needs at least 5 that convert and 5 that do not in each arm; one has ${arm.sum} and ${arm.n - arm.sum}`,
      )
  }
}

function posterior(estimate: number, variance: number, prior: Prior | undefined): { mean: number; variance: number } {
  if (!prior?.proper) return { mean: estimate, variance }
  if (!(prior.variance > 0))
    throw new StatisticsError('prior_variance_must_be_positive', `The prior's variance must be more than 0; it is ${prior.variance}`)
  const precision = 1 / prior.variance + 1 / variance
  return { mean: (prior.mean / prior.variance + estimate / variance) / precision, variance: 1 / precision }
}

/**
 * E[max(θ, 0)] = μΦ(z) + σφ(z) and E[max(−θ, 0)] = σφ(z) − μΦ(−z), z = μ/σ, of θ ~ N(μ, σ²). The smaller one is φ(z)·σ·(1 − |z|·R(|z|)) with
 * Mills' ratio R, so that it keeps its digits; the larger one is the smaller one plus |μ|.
 */
export function expectedLoss(mean: number, sd: number): { chooseControl: number; chooseTreatment: number } {
  const z = Math.abs(mean) / sd
  const small = sd === 0 ? 0 : z < 1 ? sd * (normalDensity(z) - z * normalCdf(-z)) : sd * normalDensity(z) * millsComplement(z)
  const large = small + Math.abs(mean)
  return mean >= 0 ? { chooseControl: large, chooseTreatment: small } : { chooseControl: small, chooseTreatment: large }
}
