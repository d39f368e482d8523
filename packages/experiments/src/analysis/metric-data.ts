import type { CupedArm } from '../cuped.ts'
import type { Statistic } from '../statistic.ts'
import type { MetricType } from '../validation.ts'

/** Sums over the units of one variant, for one metric. */
export interface MetricData {
  numberOfSamples: number
  sum: number
  sumSquares: number
  denominatorSum?: number
  denominatorSumSquares?: number
  sumProduct?: number
  covariateSum?: number
  covariateSumSquares?: number
  covariateSumProduct?: number
  stepCounts?: number[]
  quantile?: { value: number; lower: number; upper: number }
}

/** A metric as far as its statistics depend on it. */
export interface AnalysedMetric {
  type: MetricType
  /** A mean that was turned into "reached the threshold or not". */
  isProportion?: boolean
  goal?: 'increase' | 'decrease'
}

/** Mean → mean; funnel, or mean with a threshold → proportion; ratio and retention → ratio; quantile → quantile. */
export function statisticOf({ type, isProportion }: AnalysedMetric, data: MetricData): Statistic {
  const { numberOfSamples: n, sum, sumSquares } = data
  switch (type) {
    case 'mean':
      return isProportion ? { type: 'proportion', n, sum } : { type: 'mean', n, sum, sumSquares }
    case 'funnel':
      return { type: 'proportion', n, sum }
    case 'ratio':
    case 'retention':
      return {
        type: 'ratio',
        n,
        sum,
        sumSquares,
        denominatorSum: data.denominatorSum ?? 0,
        denominatorSumSquares: data.denominatorSumSquares ?? 0,
        sumProduct: data.sumProduct ?? 0,
      }
    case 'quantile':
      return { type: 'quantile', n, ...(data.quantile ?? { value: 0, lower: 0, upper: 0 }) }
  }
}

/** With what its units did before, where that is known. */
export function cupedArmOf(metric: AnalysedMetric, data: MetricData): CupedArm | undefined {
  const { covariateSum, covariateSumSquares, covariateSumProduct } = data
  if (covariateSum === undefined || covariateSumSquares === undefined || covariateSumProduct === undefined) return undefined
  return { post: statisticOf(metric, data), preSum: covariateSum, preSumSquares: covariateSumSquares, crossProduct: covariateSumProduct }
}
