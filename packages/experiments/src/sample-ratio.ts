import { chiSquareSurvival } from './distributions.ts'

export interface SampleRatioInput {
  /** Exposed units by variant. */
  observed: Record<string, number>
  rolloutPercentages: Record<string, number>
  holdout?: { key: string; percentage: number }
  /** Below it there is no result; default 100. */
  minimumTotal?: number
}

export interface SampleRatioResult {
  expected: Record<string, number>
  chiSquare: number
  degreesOfFreedom: number
  pValue: number
  /** p < 0.001: the split is not what the flag says. */
  mismatch: boolean
}

/** Units that saw more than one variant. */
export const multipleVariants = '$multiple'
const alarmBelow = 0.001

/**
 * Pearson's χ² test of the split against the rollout percentages. Variants at 0 % and `$multiple` are left out; a holdout of h % expects h %, the others
 * share the rest. Null where there is too little to say.
 */
export function sampleRatio({ observed, rolloutPercentages, holdout, minimumTotal = 100 }: SampleRatioInput): SampleRatioResult | null {
  const held = holdout && holdout.percentage > 0 ? holdout : undefined
  const running = Object.entries(rolloutPercentages).filter(([key, share]) => share > 0 && key !== multipleVariants && key !== held?.key)
  const sum = running.reduce((total, [, share]) => total + share, 0)
  const rest = 1 - (held?.percentage ?? 0) / 100
  const shares = new Map(running.map(([key, share]) => [key, (share / sum) * rest]))
  if (held) shares.set(held.key, held.percentage / 100)
  const counts = [...shares].filter(([, share]) => share > 0).map(([key, share]) => ({ key, share, count: observed[key] ?? 0 }))
  const total = counts.reduce((all, { count }) => all + count, 0)
  if (counts.length < 2 || total < minimumTotal) return null
  const expected = Object.fromEntries(counts.map(({ key, share }) => [key, share * total]))
  const chiSquare = counts.reduce((all, { share, count }) => all + (count - share * total) ** 2 / (share * total), 0)
  const degreesOfFreedom = counts.length - 1
  const pValue = chiSquareSurvival(chiSquare, degreesOfFreedom)
  return { expected, chiSquare, degreesOfFreedom, pValue, mismatch: pValue < alarmBelow }
}

export interface BiasRiskInput {
  rolloutPercentages: number[]
  multipleVariantHandling: 'exclude' | 'first_seen'
  totalExposures: Record<string, number>
}

/**
 * Leaving out units that saw several variants removes unequal shares from arms of unequal size. Null unless the split is uneven, they are
 * left out, and they are more than 0.1 % of the exposures.
 */
export function biasRisk({ rolloutPercentages, multipleVariantHandling, totalExposures }: BiasRiskInput): {
  multipleVariantPercentage: number
} | null {
  const isEven = new Set(rolloutPercentages).size <= 1
  const total = Object.values(totalExposures).reduce((sum, count) => sum + count, 0)
  const multipleVariantPercentage = total > 0 ? (100 * (totalExposures[multipleVariants] ?? 0)) / total : 0
  return isEven || multipleVariantHandling !== 'exclude' || !(multipleVariantPercentage > 0.1) ? null : { multipleVariantPercentage }
}
