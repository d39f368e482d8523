import { z } from 'zod'
import type { PlannedMetric } from './power.ts'
import type { Statistic } from './statistic.ts'

const number = z.number()
const optional = number.optional()

const sums = { n: number, sum: number }
const ratioSums = {
  ...sums,
  sum_squares: number,
  denominator_sum: number,
  denominator_sum_squares: number,
  numerator_denominator_sum_product: number,
}

/** Sums of a ratio metric, as results carry them. */
export const ratioInput = z.object(ratioSums)

export const ratioOf = (input: z.infer<typeof ratioInput>) => ({
  n: input.n,
  sum: input.sum,
  sumSquares: input.sum_squares,
  denominatorSum: input.denominator_sum,
  denominatorSumSquares: input.denominator_sum_squares,
  sumProduct: input.numerator_denominator_sum_product,
})

/** One arm's summary statistics. */
export const statisticInput = z.discriminatedUnion('type', [
  z.object({ type: z.literal('mean'), ...sums, sum_squares: number }),
  z.object({ type: z.literal('proportion'), ...sums }),
  z.object({ type: z.literal('ratio'), ...ratioSums }),
  z.object({ type: z.literal('quantile'), n: number, value: number, lower: number, upper: number }),
])

export function statisticOf(input: z.infer<typeof statisticInput>): Statistic {
  switch (input.type) {
    case 'mean':
      return { type: 'mean', n: input.n, sum: input.sum, sumSquares: input.sum_squares }
    case 'proportion':
      return { type: 'proportion', n: input.n, sum: input.sum }
    case 'ratio':
      return { type: 'ratio', ...ratioOf(input) }
    case 'quantile':
      return { type: 'quantile', n: input.n, value: input.value, lower: input.lower, upper: input.upper }
  }
}

const differenceType = z.enum(['relative', 'absolute']).default('relative')
const arms = { treatment: statisticInput, control: statisticInput }
const alpha = number.default(0.05)

export const frequentistInput = z.object({ ...arms, alpha, difference_type: differenceType })
export const sequentialInput = frequentistInput.extend({
  sequential_tuning_parameter: number.default(5000),
  alternative: z.enum(['two-sided', 'greater', 'less']).default('two-sided'),
})
export const rhoInput = z.object({ alpha, sequential_tuning_parameter: number.default(5000) })
export const bayesianInput = z.object({
  ...arms,
  difference_type: differenceType,
  ci_level: number.default(0.95),
  prior: z.object({ mean: number.default(0), variance: number.default(1), proper: z.boolean().default(false) }).nullish(),
  inverse: z.boolean().default(false),
})
export const expectedLossInput = z.object({ posterior_mean: number, posterior_sd: number.min(0) })

const cupedArm = z.object({ post: statisticInput, pre_sum: number, pre_sum_squares: number, cross_product: number })
export const cupedArmOf = (input: z.infer<typeof cupedArm>) => ({
  post: statisticOf(input.post),
  preSum: input.pre_sum,
  preSumSquares: input.pre_sum_squares,
  crossProduct: input.cross_product,
})
/** `then`, the test that follows, is read by {@link followUpInput}. */
export const cupedInput = z.looseObject({ treatment: cupedArm, control: cupedArm, theta: number.nullish() })
export const followUpInput = z
  .object({
    method: z.enum(['frequentist', 'bayesian', 'sequential']),
    difference_type: differenceType,
    alpha,
    ci_level: number.default(0.95),
    sequential_tuning_parameter: number.default(5000),
  })
  .nullish()

const counts = z.record(z.string(), number.min(0))
export const sampleRatioInput = z.object({
  observed: counts,
  rollout_percentages: counts,
  holdout: z.object({ key: z.string(), percentage: number.min(0).max(100) }).nullish(),
  minimum_total: number.default(100),
})
export const biasRiskInput = z.object({
  rollout_percentages: z.array(number),
  multiple_variant_handling: z.enum(['exclude', 'first_seen']),
  total_exposures: counts,
})

export const sampleSizeInput = z.object({
  metric_type: z.string(),
  baseline_value: number.nullish(),
  mde_percent: number.nullish(),
  number_of_variants: number.min(1),
  variance: number.nullish(),
})
export const runningTimeInput = z.object({ sample_size: number.nullish(), exposures_per_day: number.nullish() })
export const remainingDaysInput = z.object({ target: number.nullish(), current_exposures: number, exposures_per_day: number.nullish() })

const planned = {
  type: z.enum(['mean', 'proportion', 'funnel', 'ratio', 'retention', 'quantile']).default('mean'),
  mean: optional,
  baseline: optional,
  variance: optional,
  sd: optional,
}

/** The metric's mean and variance: of a proportion, a funnel and retention, where only the share is known, p(1 − p). */
export function plannedMetric(input: z.infer<z.ZodObject<typeof planned>>): PlannedMetric {
  const mean = input.mean ?? input.baseline
  const variance = input.variance ?? (input.sd === undefined ? undefined : input.sd ** 2)
  if (mean === undefined) throw new z.ZodError([{ code: 'custom', path: ['mean'], message: 'mean or baseline is needed', input }])
  if (variance !== undefined) return { mean, variance }
  if (input.type === 'proportion' || input.type === 'funnel' || input.type === 'retention') return { mean, variance: mean * (1 - mean) }
  throw new z.ZodError([{ code: 'custom', path: ['variance'], message: 'variance or sd is needed', input }])
}

export const exactSampleSizeInput = z.object({ ...planned, relative_mde: number, alpha, power: number.default(0.8) })
const design = {
  total_users: optional,
  users_per_arm: optional,
  number_of_variations: number.min(2).default(2),
  alpha,
  sequential_tuning_parameter: number.nullish(),
}
export const powerInput = z.object({ ...planned, ...design, relative_effect: number })
export const mdeInput = z.object({ ...planned, ...design, power: number.default(0.8) })
export const powerTableInput = z.object({
  users_per_week: number.positive(),
  number_of_variations: number.min(2),
  alpha,
  power: number.default(0.8),
  weeks: z.number().int().min(1).max(520),
  sequential_tuning_parameter: number.nullish(),
  metrics: z.array(z.object({ ...planned, relative_effect: number })).max(100),
})

export const deltaVarianceInput = z.object({
  var_control: number,
  mean_control: number,
  n_control: number.positive(),
  var_treatment: number,
  mean_treatment: number,
  n_treatment: number.positive(),
  relative: z.boolean().default(true),
})

const methods = {
  holm: 'holm',
  'holm-bonferroni': 'holm',
  benjamini_hochberg: 'benjamini_hochberg',
  'benjamini-hochberg': 'benjamini_hochberg',
  bonferroni: 'bonferroni',
  none: 'none',
} as const
export const correctionInput = z.object({
  method: z
    .enum(Object.keys(methods) as [keyof typeof methods, ...(keyof typeof methods)[]])
    .default('holm')
    .transform((name) => methods[name]),
  p_values: z.array(number.nullable()),
})
export const adjustedIntervalInput = z.object({ effect: number, adjusted_p_value: number.min(0).max(1), alpha })

const conversions = z.object({ success: number, failure: number })
export const betaBinomialInput = z.object({
  prior: z.tuple([number, number]).default([1, 1]),
  control: conversions,
  treatment: conversions,
})

export const validationInput = z.object({
  metric_type: z.enum(['mean', 'funnel', 'ratio', 'retention', 'quantile']),
  is_baseline: z.boolean().default(false),
  number_of_samples: number,
  sum: number,
})
export const winsorizeInput = z.object({
  values: z.record(z.string(), z.array(number)),
  lower_bound_percentile: number.nullish(),
  upper_bound_percentile: number.nullish(),
  ignore_zeros: z.boolean().nullish(),
})

export const statusInput = z.object({ start_date: z.string().nullish(), end_date: z.string().nullish(), flag_active: z.boolean() })
const variants = z.array(z.looseObject({ key: z.string(), rollout_percentage: number }))
export const shipVariantInput = z.object({
  filters: z.looseObject({ groups: z.array(z.unknown()).optional(), multivariate: z.looseObject({ variants }).nullish() }),
  variant_key: z.string(),
  release_to_everyone: z.boolean().default(false),
})
