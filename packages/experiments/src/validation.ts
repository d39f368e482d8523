export type MetricType = 'mean' | 'funnel' | 'ratio' | 'retention' | 'quantile'
export type ValidationFailure = 'not-enough-exposures' | 'not-enough-metric-data' | 'baseline-mean-is-zero'

export interface VariantData {
  metricType: MetricType
  isBaseline: boolean
  numberOfSamples: number
  sum: number
}

/** The fewest units of a variant whose result is shown. */
const fewestUnits = 50
/** The fewest conversions of funnels and retention. */
const fewestConversions = 5

/** Why a variant's comparison is not shown yet; none where it is. */
export function validationFailures({ metricType, isBaseline, numberOfSamples, sum }: VariantData): ValidationFailure[] {
  return [
    ...(numberOfSamples < fewestUnits ? (['not-enough-exposures'] as const) : []),
    ...((metricType === 'funnel' || metricType === 'retention') && sum < fewestConversions ? (['not-enough-metric-data'] as const) : []),
    ...(isBaseline && sum === 0 ? (['baseline-mean-is-zero'] as const) : []),
  ]
}
