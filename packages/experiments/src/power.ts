import { normalCdf, normalQuantile } from './distributions.ts'
import { requireLevel, StatisticsError } from './errors.ts'
import { sequentialRho, sequentialWidthSquared } from './sequential.ts'

/** What is known of a metric before the experiment. */
export interface PlannedMetric {
  mean: number
  /** Of one unit. */
  variance: number
}

export interface PowerInput extends PlannedMetric {
  unitsPerArm: number
  /** Relative to the mean. */
  relativeEffect: number
  alpha?: number
  /** For results that are read at any time. */
  sequentialTuningParameter?: number
}

/** What planning needs of a metric. @throws StatisticsError */
function requirePlannable({ mean, variance }: PlannedMetric): void {
  if (!(Math.abs(mean) >= 1e-10))
    throw new StatisticsError('baseline_must_not_be_zero', `A relative effect needs a baseline other than 0; it is ${mean}`)
  if (!(variance >= 0)) throw new StatisticsError('variance_must_not_be_negative', `The variance must be 0 or more; it is ${variance}`)
}

/** n = 2·(z_{1−α/2} + z_{power})²·variance/δ² per arm, δ absolute (Lachin 1981). @throws StatisticsError */
export function exactSampleSizePerArm(variance: number, absoluteEffect: number, alpha = 0.05, power = 0.8): number {
  if (!(variance >= 0)) throw new StatisticsError('variance_must_not_be_negative', `The variance must be 0 or more; it is ${variance}`)
  if (!(Math.abs(absoluteEffect) > 0))
    throw new StatisticsError('effect_must_not_be_zero', 'An effect of 0 takes endless units to find; name the smallest worth finding')
  const z = normalQuantile(1 - requireLevel(alpha, 'alpha') / 2) + normalQuantile(requireLevel(power, 'power'))
  return (2 * z ** 2 * variance) / absoluteEffect ** 2
}

/** How much wider than a fixed-sample test's the sequence is, as a factor of the standard error; 1 without sequential testing. */
function widening(unitsPerArm: number, alpha: number, tuningParameter: number | undefined): number {
  if (tuningParameter === undefined) return 1
  const n = 2 * unitsPerArm
  return Math.sqrt(n * sequentialWidthSquared(n, sequentialRho(alpha, tuningParameter), alpha)) / normalQuantile(1 - alpha / 2)
}

/**
 * The chance that a relative effect is found: 1 − Φ(z − e/SE) + Φ(−z − e/SE), SE² = v/(m²n) + v·(m(1 + e))²/(m⁴n), z = z_{1−α/2}.
 * @throws StatisticsError
 */
export function power({ mean, variance, unitsPerArm, relativeEffect, alpha = 0.05, sequentialTuningParameter }: PowerInput): number {
  requirePlannable({ mean, variance })
  const z = normalQuantile(1 - requireLevel(alpha, 'alpha') / 2)
  const treated = mean * (1 + relativeEffect)
  const fixed = Math.sqrt(variance / (mean ** 2 * unitsPerArm) + (variance * treated ** 2) / (mean ** 4 * unitsPerArm))
  const standardError = fixed * widening(unitsPerArm, alpha, sequentialTuningParameter)
  // Without any effect, what is found is found by chance; also where all units are alike.
  const shift = relativeEffect === 0 ? 0 : relativeEffect / standardError
  return normalCdf(shift - z) + normalCdf(-z - shift)
}

/**
 * The smallest relative effect that is found with that power: with Z = z_{1−α/2} − z_{1−power}, q = v/n, the larger root x of
 * (1 − Z²q/m²)·x² − 2m·x + (m² − Z²q) = 0 gives (x − m)/m. Null where there is none. @throws StatisticsError
 */
export function minimumDetectableEffect(input: Omit<PowerInput, 'relativeEffect'> & { power?: number }): number | null {
  const { mean, variance, unitsPerArm, alpha = 0.05, power: wanted = 0.8, sequentialTuningParameter } = input
  requirePlannable({ mean, variance })
  const z = normalQuantile(1 - requireLevel(alpha, 'alpha') / 2) - normalQuantile(1 - requireLevel(wanted, 'power'))
  const q = (variance * widening(unitsPerArm, alpha, sequentialTuningParameter) ** 2) / unitsPerArm
  const leading = 1 - (z ** 2 * q) / mean ** 2
  const discriminant = 4 * mean ** 2 - 4 * leading * (mean ** 2 - z ** 2 * q)
  if (leading <= 0 || discriminant <= 0) return null
  return ((2 * mean + Math.sqrt(discriminant)) / (2 * leading) - mean) / mean
}

/** Power and smallest effect by week, for metrics with the effects that are hoped for. @throws StatisticsError */
export function powerTable(input: {
  unitsPerWeek: number
  numberOfVariations: number
  weeks: number
  alpha: number
  power: number
  metrics: (PlannedMetric & { relativeEffect: number })[]
  sequentialTuningParameter?: number
}) {
  const weeks = Array.from({ length: input.weeks }, (_, i) => ((i + 1) * input.unitsPerWeek) / input.numberOfVariations)
  const sequential = input.sequentialTuningParameter === undefined ? {} : { sequentialTuningParameter: input.sequentialTuningParameter }
  const options = (unitsPerArm: number) => ({ unitsPerArm, alpha: input.alpha, ...sequential })
  const powers = weeks.map((units) => input.metrics.map((metric) => power({ ...metric, ...options(units) })))
  const relativeMde = weeks.map((units) =>
    input.metrics.map((metric) => minimumDetectableEffect({ ...metric, ...options(units), power: input.power })),
  )
  const firstWeek = input.metrics.map((_, i) => {
    const week = powers.findIndex((row) => (row[i] ?? 0) >= input.power)
    return week < 0 ? null : week + 1
  })
  return { power: powers, relativeMde, firstWeek }
}
