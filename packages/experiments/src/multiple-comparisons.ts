import { normalQuantile, normalTwoSided } from './distributions.ts'
import { requireLevel, StatisticsError } from './errors.ts'

export type CorrectionMethod = 'none' | 'holm' | 'benjamini_hochberg' | 'bonferroni'

/**
 * P-values that allow for how many there are, in the order given. Bonferroni: p·m. Holm (1979): ascending, running maximum of
 * p₍ⱼ₎·(m − j + 1). Benjamini–Hochberg (1995): descending, running minimum of p₍ⱼ₎·m/j. @throws StatisticsError
 */
export function correctPValues(pValues: number[], method: CorrectionMethod): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1))
  if (wrong !== undefined) throw new StatisticsError('p_value_out_of_range', `A p-value must be from 0 to 1; one is ${wrong}`)
  const m = pValues.length
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  const adjusted = new Array<number>(m).fill(0)
  switch (method) {
    case 'none':
      return [...pValues]
    case 'bonferroni':
      return pValues.map((p) => Math.min(1, p * m))
    case 'holm': {
      let largest = 0
      order.forEach(({ p, index }, rank) => {
        largest = Math.max(largest, Math.min(1, p * (m - rank)))
        adjusted[index] = largest
      })
      return adjusted
    }
    case 'benjamini_hochberg': {
      let smallest = 1
      order.toReversed().forEach(({ p, index }, i) => {
        smallest = Math.min(smallest, (p * m) / (m - i))
        adjusted[index] = smallest
      })
      return adjusted
    }
  }
}

/** The interval around an effect that agrees with its adjusted p-value: half-width z_{1−α/2}·|δ/z_{1−p/2}|; unbounded for p near 1. @throws StatisticsError */
export function adjustedInterval(effect: number, adjustedPValue: number, alpha = 0.05): [number, number] {
  requireLevel(alpha, 'alpha')
  if (adjustedPValue > 0.999999) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const z = normalTwoSided(Math.max(adjustedPValue, Number.MIN_VALUE))
  const halfwidth = normalQuantile(1 - alpha / 2) * Math.abs(effect / z)
  return [effect - halfwidth, effect + halfwidth]
}
