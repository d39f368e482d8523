import { betaPoint } from './distributions.ts'
import { StatisticsError } from './errors.ts'

export interface Conversions {
  success: number
  failure: number
}

/** ln Γ by Stirling's series after shifting up; 1e-15 relative. Source: Abramowitz & Stegun 6.1.41. */
function logGamma(x: number): number {
  let shift = 0
  let at = x
  while (at < 15) {
    shift -= Math.log(at)
    at += 1
  }
  const series = 1 / (12 * at) - 1 / (360 * at ** 3) + 1 / (1260 * at ** 5) - 1 / (1680 * at ** 7) + 1 / (1188 * at ** 9)
  return shift + (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series
}

const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b)

/**
 * P(X₂ > X₁) for Xᵢ ~ Beta(aᵢ, bᵢ) and whole a₂: Σ_{i<a₂} B(a₁ + i, b₁ + b₂)/((b₂ + i)·B(1 + i, b₂)·B(a₁, b₁)) (Evan Miller, Formulas for
 * Bayesian A/B Testing, 2015), each term from the one before by (a₁ + i)(b₂ + i)/((a₁ + b₁ + b₂ + i)(1 + i)). Cost: a₂ terms.
 */
function chanceSecondBetter([a1, b1]: [number, number], [a2, b2]: [number, number]): number {
  let logTerm = logBeta(a1, b1 + b2) - logBeta(a1, b1)
  let total = 0
  for (let i = 0; i < a2; i++) {
    total += Math.exp(logTerm)
    logTerm += Math.log(((a1 + i) * (b2 + i)) / ((a1 + b1 + b2 + i) * (1 + i)))
  }
  return Math.min(1, total)
}

/** The exact beta-binomial comparison that older funnels used, with 95 % equal-tailed intervals. @throws StatisticsError */
export function betaBinomial(control: Conversions, treatment: Conversions, prior: [number, number] = [1, 1]) {
  for (const count of [control.success, control.failure, treatment.success, treatment.failure]) {
    if (!(Number.isInteger(count) && count >= 0 && count <= 1e7))
      throw new StatisticsError('invalid_input', `Successes and failures must be whole numbers from 0 to 10 000 000; one is ${count}`)
  }
  if (!(Number.isInteger(prior[0]) && prior[0] > 0 && prior[1] > 0))
    throw new StatisticsError('invalid_input', `The prior must be two positive numbers, the first of them whole; it is ${prior.join(', ')}`)
  const shape = ({ success, failure }: Conversions): [number, number] => [prior[0] + success, prior[1] + failure]
  const interval = ([a, b]: [number, number]): [number, number] => [betaPoint(0.025, a, b), betaPoint(0.975, a, b)]
  return {
    chanceTreatmentBetter: chanceSecondBetter(shape(control), shape(treatment)),
    controlCredibleInterval: interval(shape(control)),
    treatmentCredibleInterval: interval(shape(treatment)),
  }
}
