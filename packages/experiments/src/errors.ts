export type StatisticsErrorCode =
  | 'invalid_input'
  | 'sample_size_must_be_positive'
  | 'sum_squares_too_small'
  | 'successes_negative'
  | 'successes_exceed_sample_size'
  | 'denominator_mean_is_zero'
  | 'quantile_bounds_out_of_order'
  | 'sample_size_below_minimum_5'
  | 'arms_of_different_types'
  | 'control_mean_is_zero'
  | 'control_mean_must_be_positive'
  | 'variance_must_be_positive'
  | 'too_few_successes_or_failures'
  | 'prior_variance_must_be_positive'
  | 'level_out_of_range'
  | 'tuning_parameter_must_be_positive'
  | 'tuning_parameter_out_of_range'
  | 'baseline_must_not_be_zero'
  | 'effect_must_not_be_zero'
  | 'variance_must_not_be_negative'
  | 'cuped_needs_mean_or_proportion'
  | 'p_value_out_of_range'
  | 'unknown_variant'
  | 'unknown_kind'

/** A computation that has no meaning for this input. The message names the value and what would be right. */
export class StatisticsError extends Error {
  readonly code: StatisticsErrorCode
  constructor(code: StatisticsErrorCode, message: string) {
    super(message)
    this.name = 'StatisticsError'
    this.code = code
  }
}

/** A share between 0 and 1, both excluded. @throws StatisticsError */
export function requireLevel(value: number, name: string): number {
  if (value > 0 && value < 1) return value
  throw new StatisticsError('level_out_of_range', `${name} must be more than 0 and less than 1; it is ${value}`)
}
