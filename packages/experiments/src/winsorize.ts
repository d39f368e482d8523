import { StatisticsError } from './errors.ts'

export interface OutlierHandling {
  /** 0…1. */
  lowerBoundPercentile?: number
  upperBoundPercentile?: number
  /** Zeros do not count where the upper bound is looked for. */
  ignoreZeros?: boolean
}

/** The value at a level of a sorted list: index ⌊level·n⌋, the last for level 1. Undefined for an empty list. */
function exactQuantile(sorted: number[], level: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))]
}

/**
 * The bounds that the values of all variants together are clamped to. @throws StatisticsError for a level outside 0…1
 */
function outlierBounds(values: number[], { lowerBoundPercentile, upperBoundPercentile, ignoreZeros = false }: OutlierHandling) {
  for (const level of [lowerBoundPercentile, upperBoundPercentile]) {
    if (level !== undefined && !(level >= 0 && level <= 1))
      throw new StatisticsError('level_out_of_range', `A percentile bound must be from 0 to 1; it is ${level}`)
  }
  const sorted = values.toSorted((a, b) => a - b)
  const forUpper = ignoreZeros ? sorted.filter((value) => value !== 0) : sorted
  return {
    lowerBound: (lowerBoundPercentile === undefined ? sorted[0] : exactQuantile(sorted, lowerBoundPercentile)) ?? 0,
    upperBound: (upperBoundPercentile === undefined ? sorted.at(-1) : exactQuantile(forUpper, upperBoundPercentile)) ?? 0,
  }
}

/** Each variant's sums after its values were clamped to bounds found over all variants together. @throws StatisticsError */
export function winsorize(values: Record<string, number[]>, handling: OutlierHandling) {
  const { lowerBound, upperBound } = outlierBounds(Object.values(values).flat(), handling)
  const clamped = (list: number[]) => list.map((value) => Math.min(Math.max(value, lowerBound), upperBound))
  const sums = (list: number[]) => ({
    numberOfSamples: list.length,
    sum: list.reduce((total, value) => total + value, 0),
    sumSquares: list.reduce((total, value) => total + value * value, 0),
  })
  const variants = Object.fromEntries(Object.entries(values).map(([key, list]) => [key, sums(clamped(list))]))
  return { lowerBound, upperBound, variants }
}
