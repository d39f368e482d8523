import betainc from '@stdlib/math-base-special-betainc'
import erfc from '@stdlib/math-base-special-erfc'
import erfcinv from '@stdlib/math-base-special-erfcinv'
import gammainc from '@stdlib/math-base-special-gammainc'
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'
import quantileOfNormal from '@stdlib/stats-base-dists-normal-quantile'
import quantileOfT from '@stdlib/stats-base-dists-t-quantile'

/** Φ(z), exact in both tails: erfc(−z/√2)/2. */
export const normalCdf = (z: number): number => erfc(-z / Math.SQRT2) / 2

/** φ(z). */
export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** Φ⁻¹(p), 0 < p < 1. */
export const normalQuantile = (p: number): number => quantileOfNormal(p, 0, 1)

/** The z that |Z| exceeds with probability p, for a p of any size: √2·erfc⁻¹(p). */
export const normalTwoSided = (p: number): number => Math.SQRT2 * erfcinv(p)

/** The quantile of Student's t with `df` degrees of freedom (any positive number). */
export const tQuantile = (p: number, df: number): number => quantileOfT(p, df)

/**
 * P(|T| ≥ |t|) of Student's t: I(df/(df+t²); df/2, 1/2), which keeps its digits where 1 − cdf has none left.
 */
export const tTwoSided = (t: number, df: number): number => betainc(df / (df + t * t), df / 2, 0.5)

/** P(X ≥ x) of χ² with `df` degrees of freedom: the upper regularised incomplete gamma function Q(df/2, x/2). */
export const chiSquareSurvival = (x: number, df: number): number => (x <= 0 ? 1 : gammainc(x / 2, df / 2, true, true))

/** The p-quantile of Beta(a, b). */
export const betaPoint = (p: number, a: number, b: number): number => betaQuantile(p, a, b)

/** P(X ≤ x) of Beta(a, b). */
export const betaCdf = (x: number, a: number, b: number): number => betainc(x, a, b)

/**
 * 1 − x·R(x) with Mills' ratio R(x) = (1 − Φ(x))/φ(x), for x > 0, without the cancellation of the plain form: by the continued fraction
 * R(x) = 1/(x + 1/(x + 2/(x + 3/(x + …)))) (Abramowitz & Stegun 26.2.14), 1 − x·R = K/(x + K), K = 1/(x + 2/(x + …)).
 */
export function millsComplement(x: number): number {
  let tail = x
  for (let i = 300; i >= 2; i--) tail = x + i / tail
  const k = 1 / tail
  return k / (x + k)
}
