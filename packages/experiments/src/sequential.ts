import { testableEffect } from './effect.ts'
import { requireLevel, StatisticsError } from './errors.ts'
import type { TestOptions } from './frequentist.ts'
import type { Statistic } from './statistic.ts'

export interface SequentialOptions extends TestOptions {
  /** The total sample size at which the sequence is tightest; default 5000. */
  tuningParameter?: number
}

export interface SequentialResult {
  pointEstimate: number
  standardError: number
  rho: number
  halfwidth: number
  /** Holds at every look at once. */
  confidenceInterval: [number, number]
  /** Always valid: may be read at any time. */
  pValue: number
  significant: boolean
}

/** ρ = √((−2·ln α + ln(−2·ln α + 1))/N*): the mixing that makes the sequence tightest at N* units. @throws StatisticsError */
export function sequentialRho(alpha: number, tuningParameter: number): number {
  requireLevel(alpha, 'alpha')
  if (!(tuningParameter > 0) || !Number.isFinite(tuningParameter))
    throw new StatisticsError('tuning_parameter_must_be_positive', `The tuning parameter must be more than 0; it is ${tuningParameter}`)
  if (tuningParameter < 1 || tuningParameter > 1e9)
    throw new StatisticsError(
      'tuning_parameter_out_of_range',
      `The tuning parameter must be from 1 to 1 000 000 000; it is ${tuningParameter}`,
    )
  const twice = -2 * Math.log(alpha)
  return Math.sqrt((twice + Math.log(twice + 1)) / tuningParameter)
}

/** D = 2(nρ² + 1)·ln(√(nρ² + 1)/α)/(nρ)²: the squared half-width of the sequence at n units, for a variance of 1. */
export function sequentialWidthSquared(n: number, rho: number, alpha: number): number {
  const grown = n * rho ** 2 + 1
  return (2 * grown * Math.log(Math.sqrt(grown) / alpha)) / (n * rho) ** 2
}

/**
 * An asymptotic confidence sequence by a normal mixture (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas: Time-uniform central limit theory and
 * asymptotic confidence sequences, 2021; experiments.md 9): h = √(s²·D) with s² = SE²·n, and the always-valid p-value of the mixture's
 * likelihood ratio, ln E = ρ²n(δ/SE)²/(2(nρ² + 1)) − ½·ln(nρ² + 1). @throws StatisticsError
 */
export function sequentialTest(treatment: Statistic, control: Statistic, options: SequentialOptions = {}): SequentialResult {
  const { alpha = 0.05, differenceType = 'relative', tuningParameter = 5000 } = options
  const rho = sequentialRho(alpha, tuningParameter)
  const { estimate, variance, treatment: t, control: c } = testableEffect(treatment, control, differenceType)
  const n = t.n + c.n
  const halfwidth = Math.sqrt(variance * n * sequentialWidthSquared(n, rho, alpha))
  const grown = n * rho ** 2 + 1
  const logEvidence = (rho ** 2 * n * (estimate ** 2 / variance)) / (2 * grown) - Math.log(grown) / 2
  const pValue = logEvidence <= 0 ? 1 : Math.exp(-logEvidence)
  return {
    pointEstimate: estimate,
    standardError: Math.sqrt(variance),
    rho,
    halfwidth,
    confidenceInterval: [estimate - halfwidth, estimate + halfwidth],
    pValue,
    significant: pValue < alpha,
  }
}

export interface OneSidedResult extends Omit<SequentialResult, 'confidenceInterval'> {
  /** Without an end on the side that nothing is asked of. */
  confidenceInterval: [number, null] | [null, number]
}

/**
 * The one-sided form: ρ of 2α, h = √(s²·2(nρ² + 1)/(nρ)²·ln(1 + √(nρ² + 1)/(2α))) (ibid., proposition B.1); its p-value is the least α whose interval
 * leaves zero out, √(nρ² + 1)/(2(eˣ − 1)) with x = (δ·nρ)²/(2s²(nρ² + 1)). @throws StatisticsError
 */
export function oneSidedSequentialTest(
  treatment: Statistic,
  control: Statistic,
  alternative: 'greater' | 'less',
  options: SequentialOptions = {},
): OneSidedResult {
  const { alpha = 0.05, differenceType = 'relative', tuningParameter = 5000 } = options
  if (!(requireLevel(alpha, 'alpha') < 0.5))
    throw new StatisticsError('level_out_of_range', `alpha of a one-sided test must be less than 0.5; it is ${alpha}`)
  const rho = sequentialRho(2 * alpha, tuningParameter)
  const { estimate, variance, treatment: t, control: c } = testableEffect(treatment, control, differenceType)
  const n = t.n + c.n
  const grown = n * rho ** 2 + 1
  const width = (variance * n * 2 * grown) / (n * rho) ** 2
  const halfwidth = Math.sqrt(width * Math.log1p(Math.sqrt(grown) / (2 * alpha)))
  const towards = alternative === 'greater' ? estimate : -estimate
  const pValue = towards <= 0 ? 1 : Math.min(1, Math.sqrt(grown) / (2 * Math.expm1(towards ** 2 / width)))
  return {
    pointEstimate: estimate,
    standardError: Math.sqrt(variance),
    rho,
    halfwidth,
    confidenceInterval: alternative === 'greater' ? [estimate - halfwidth, null] : [null, estimate + halfwidth],
    pValue,
    significant: pValue < alpha,
  }
}
