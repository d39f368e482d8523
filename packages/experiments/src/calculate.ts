import { z } from 'zod'
import { type BayesianResult, bayesianTest, expectedLoss } from './bayesian.ts'
import { betaBinomial } from './beta-binomial.ts'
import * as form from './calculate-input.ts'
import { type CupedAdjustment, cuped } from './cuped.ts'
import { differenceVariance } from './effect.ts'
import { StatisticsError } from './errors.ts'
import { type FrequentistResult, welchTest } from './frequentist.ts'
import { experimentStatus, type ShippableFilters, shipVariant } from './lifecycle.ts'
import { adjustedInterval, correctPValues } from './multiple-comparisons.ts'
import { planningVariance, recommendedSampleSize, remainingDays, runningTimeDays } from './planning.ts'
import { exactSampleSizePerArm, minimumDetectableEffect, power, powerTable } from './power.ts'
import { biasRisk, sampleRatio } from './sample-ratio.ts'
import { type OneSidedResult, oneSidedSequentialTest, type SequentialResult, sequentialRho, sequentialTest } from './sequential.ts'
import { moments, type Statistic, sampleCovariance } from './statistic.ts'
import { validationFailures } from './validation.ts'
import { winsorize } from './winsorize.ts'

/** A calculation by its name: the form of its input, and its answer. */
interface Calculation {
  input: z.ZodType
  run(input: unknown): unknown
}

/** Binds a form to what is done with it, so that the types agree. */
function calculation<Input>(input: z.ZodType<Input>, run: (input: Input) => unknown): Calculation {
  return { input, run: (given) => run(input.parse(given)) }
}

const frequentistAnswer = (result: FrequentistResult) => ({
  point_estimate: result.pointEstimate,
  standard_error: result.standardError,
  degrees_of_freedom: result.degreesOfFreedom,
  t_statistic: result.tStatistic,
  p_value: result.pValue,
  confidence_interval: result.confidenceInterval,
  significant: result.significant,
})

const lossAnswer = ({ chooseControl, chooseTreatment }: ReturnType<typeof expectedLoss>) => ({
  expected_loss_choose_control: chooseControl,
  expected_loss_choose_treatment: chooseTreatment,
})

const bayesianAnswer = (result: BayesianResult) => ({
  effect: result.effect,
  posterior_variance: result.posteriorVariance,
  credible_interval: result.credibleInterval,
  chance_to_win: result.chanceToWin,
  ...lossAnswer({ chooseControl: result.expectedLossChooseControl, chooseTreatment: result.expectedLossChooseTreatment }),
  significant: result.significant,
})

const sequentialAnswer = (result: SequentialResult | OneSidedResult) => ({
  point_estimate: result.pointEstimate,
  standard_error: result.standardError,
  rho: result.rho,
  halfwidth: result.halfwidth,
  confidence_interval: result.confidenceInterval,
  p_value: result.pValue,
  significant: result.significant,
})

function statisticAnswer(statistic: Statistic): object {
  const { n, mean, variance } = moments(statistic)
  const cov = statistic.type === 'ratio' ? { cov: sampleCovariance(n, statistic.sum, statistic.denominatorSum, statistic.sumProduct) } : {}
  return { mean, variance, standard_error: Math.sqrt(variance / n), ...cov }
}

function cupedAnswer(input: z.infer<typeof form.cupedInput>): object {
  const { theta, treatment, control } = cuped(form.cupedArmOf(input.treatment), form.cupedArmOf(input.control), input.theta ?? undefined)
  const arm = (name: string, adjusted: CupedAdjustment) => ({
    [`${name}_unadjusted_mean`]: adjusted.unadjustedMean,
    [`${name}_adjusted_mean`]: adjusted.mean,
    [`${name}_adjusted_variance`]: adjusted.variance,
    [`${name}_adjusted_sd`]: Math.sqrt(adjusted.variance),
    [`variance_reduction_${name}`]: adjusted.varianceReduction,
  })
  const next = followUpOf(input.then)
  return {
    theta,
    ...arm('treatment', treatment),
    ...arm('control', control),
    ...(next ? { [next.method]: followUp(next, treatment.statistic, control.statistic) } : {}),
  }
}

/** @throws z.ZodError with the place within the whole input */
function followUpOf(then: unknown): z.infer<typeof form.followUpInput> {
  const { data, error } = form.followUpInput.safeParse(then)
  if (error) throw new z.ZodError(error.issues.map((issue) => ({ ...issue, path: ['then', ...issue.path] })))
  return data
}

function followUp(next: NonNullable<z.infer<typeof form.followUpInput>>, treatment: Statistic, control: Statistic): object {
  const options = { alpha: next.alpha, differenceType: next.difference_type }
  switch (next.method) {
    case 'frequentist':
      return frequentistAnswer(welchTest(treatment, control, options))
    case 'bayesian':
      return bayesianAnswer(bayesianTest(treatment, control, { ciLevel: next.ci_level, differenceType: next.difference_type }))
    case 'sequential':
      return sequentialAnswer(sequentialTest(treatment, control, { ...options, tuningParameter: next.sequential_tuning_parameter }))
  }
}

function sampleRatioAnswer(input: z.infer<typeof form.sampleRatioInput>): object | null {
  const result = sampleRatio({
    observed: input.observed,
    rolloutPercentages: input.rollout_percentages,
    minimumTotal: input.minimum_total,
    ...(input.holdout ? { holdout: input.holdout } : {}),
  })
  if (!result) return null
  const { expected, chiSquare, degreesOfFreedom, pValue, mismatch } = result
  return { expected, chi_square: chiSquare, degrees_of_freedom: degreesOfFreedom, p_value: pValue, mismatch }
}

function winsorizeAnswer(input: z.infer<typeof form.winsorizeInput>): object {
  const { lowerBound, upperBound, variants } = winsorize(input.values, {
    ...(typeof input.lower_bound_percentile === 'number' ? { lowerBoundPercentile: input.lower_bound_percentile } : {}),
    ...(typeof input.upper_bound_percentile === 'number' ? { upperBoundPercentile: input.upper_bound_percentile } : {}),
    ignoreZeros: input.ignore_zeros === true,
  })
  const sums = Object.entries(variants).map(([key, { numberOfSamples, sum, sumSquares }]) => [
    key,
    { number_of_samples: numberOfSamples, sum, sum_squares: sumSquares },
  ])
  return { lower_bound: lowerBound, upper_bound: upperBound, variants: Object.fromEntries(sums) }
}

/** Units of one arm, from the total or as they are given. @throws StatisticsError */
function unitsPerArm(input: {
  total_users?: number | undefined
  users_per_arm?: number | undefined
  number_of_variations: number
}): number {
  const units = input.users_per_arm ?? (input.total_users ?? 0) / input.number_of_variations
  if (units > 0) return units
  throw new StatisticsError('sample_size_must_be_positive', 'total_users or users_per_arm must be more than 0')
}

const tuning = (given: number | null | undefined) => (typeof given === 'number' ? { sequentialTuningParameter: given } : {})

function powerTableAnswer(input: z.infer<typeof form.powerTableInput>): object {
  const table = powerTable({
    unitsPerWeek: input.users_per_week,
    numberOfVariations: input.number_of_variations,
    weeks: input.weeks,
    alpha: input.alpha,
    power: input.power,
    metrics: input.metrics.map((metric) => ({ ...form.plannedMetric(metric), relativeEffect: metric.relative_effect })),
    ...tuning(input.sequential_tuning_parameter),
  })
  const percent = Math.round(input.power * 100)
  return { power: table.power, relative_mde: table.relativeMde, [`first_week_with_${percent}pct_power`]: table.firstWeek }
}

function mdeAnswer(input: z.infer<typeof form.mdeInput>): object | null {
  const options = { unitsPerArm: unitsPerArm(input), alpha: input.alpha, power: input.power, ...tuning(input.sequential_tuning_parameter) }
  const effect = minimumDetectableEffect({ ...form.plannedMetric(input), ...options })
  return { mde: effect, relative_mde: effect }
}

function exactSampleSizeAnswer(input: z.infer<typeof form.exactSampleSizeInput>): object {
  const metric = form.plannedMetric(input)
  const exact = exactSampleSizePerArm(metric.variance, metric.mean * input.relative_mde, input.alpha, input.power)
  return { n_exact: exact, n_per_arm: Math.ceil(exact) }
}

function deltaVarianceAnswer(input: z.infer<typeof form.deltaVarianceInput>): object {
  const arm = (n: number, mean: number, variance: number) => ({ n, mean, variance, unadjustedMean: mean })
  if (input.relative && Math.abs(input.mean_control) < 1e-10)
    throw new StatisticsError(
      'control_mean_is_zero',
      `A relative difference needs a mean_control other than 0; it is ${input.mean_control}. Set relative to false for the absolute one`,
    )
  const treatment = arm(input.n_treatment, input.mean_treatment, input.var_treatment)
  const control = arm(input.n_control, input.mean_control, input.var_control)
  return { variance: differenceVariance(treatment, control, input.relative ? 'relative' : 'absolute') }
}

/** A p-value that is missing, since there was no test, stays missing and is not one of the family. */
function correctionAnswer({ p_values: all, method }: z.infer<typeof form.correctionInput>): (number | null)[] {
  const adjusted = correctPValues(
    all.filter((p) => p !== null),
    method,
  ).values()
  return all.map((p) => (p === null ? null : (adjusted.next().value ?? null)))
}

function betaBinomialAnswer(input: z.infer<typeof form.betaBinomialInput>): object {
  const result = betaBinomial(input.control, input.treatment, input.prior)
  return {
    chance_treatment_better: result.chanceTreatmentBetter,
    control_credible_interval: result.controlCredibleInterval,
    treatment_credible_interval: result.treatmentCredibleInterval,
  }
}

const calculations: Record<string, Calculation> = {
  statistic: calculation(form.statisticInput, (input) => statisticAnswer(form.statisticOf(input))),
  frequentist: calculation(form.frequentistInput, (input) =>
    frequentistAnswer(
      welchTest(form.statisticOf(input.treatment), form.statisticOf(input.control), {
        alpha: input.alpha,
        differenceType: input.difference_type,
      }),
    ),
  ),
  bayesian: calculation(form.bayesianInput, (input) =>
    bayesianAnswer(
      bayesianTest(form.statisticOf(input.treatment), form.statisticOf(input.control), {
        ciLevel: input.ci_level,
        differenceType: input.difference_type,
        inverse: input.inverse,
        ...(input.prior ? { prior: input.prior } : {}),
      }),
    ),
  ),
  expected_loss: calculation(form.expectedLossInput, (input) => lossAnswer(expectedLoss(input.posterior_mean, input.posterior_sd))),
  sequential: calculation(form.sequentialInput, (input) => {
    const [treatment, control] = [form.statisticOf(input.treatment), form.statisticOf(input.control)]
    const tuningParameter = input.sequential_tuning_parameter
    const options = { alpha: input.alpha, differenceType: input.difference_type, tuningParameter }
    return sequentialAnswer(
      input.alternative === 'two-sided'
        ? sequentialTest(treatment, control, options)
        : oneSidedSequentialTest(treatment, control, input.alternative, options),
    )
  }),
  sequential_rho: calculation(form.rhoInput, (input) => ({ rho: sequentialRho(input.alpha, input.sequential_tuning_parameter) })),
  cuped: calculation(form.cupedInput, cupedAnswer),
  srm: calculation(form.sampleRatioInput, sampleRatioAnswer),
  bias_risk: calculation(form.biasRiskInput, (input) => {
    const risk = biasRisk({
      rolloutPercentages: input.rollout_percentages,
      multipleVariantHandling: input.multiple_variant_handling,
      totalExposures: input.total_exposures,
    })
    return risk && { multiple_variant_percentage: risk.multipleVariantPercentage }
  }),
  sample_size: calculation(form.sampleSizeInput, (input) =>
    recommendedSampleSize({
      metricType: input.metric_type,
      baselineValue: input.baseline_value ?? null,
      mdePercent: input.mde_percent ?? null,
      numberOfVariants: input.number_of_variants,
      variance: input.variance ?? null,
    }),
  ),
  planning_variance: calculation(form.ratioInput, (input) => ({ variance: planningVariance(form.ratioOf(input)) })),
  running_time_days: calculation(form.runningTimeInput, (input) => runningTimeDays(input.sample_size, input.exposures_per_day)),
  remaining_days: calculation(form.remainingDaysInput, (input) =>
    remainingDays(input.target, input.current_exposures, input.exposures_per_day),
  ),
  exact_sample_size_per_arm: calculation(form.exactSampleSizeInput, exactSampleSizeAnswer),
  power: calculation(form.powerInput, (input) => ({
    power: power({
      ...form.plannedMetric(input),
      unitsPerArm: unitsPerArm(input),
      relativeEffect: input.relative_effect,
      alpha: input.alpha,
      ...tuning(input.sequential_tuning_parameter),
    }),
  })),
  mde: calculation(form.mdeInput, mdeAnswer),
  power_table: calculation(form.powerTableInput, powerTableAnswer),
  delta_variance: calculation(form.deltaVarianceInput, deltaVarianceAnswer),
  p_value_correction: calculation(form.correctionInput, correctionAnswer),
  adjusted_ci: calculation(form.adjustedIntervalInput, (input) => adjustedInterval(input.effect, input.adjusted_p_value, input.alpha)),
  beta_binomial: calculation(form.betaBinomialInput, betaBinomialAnswer),
  validation_failures: calculation(form.validationInput, (input) =>
    validationFailures({
      metricType: input.metric_type,
      isBaseline: input.is_baseline,
      numberOfSamples: input.number_of_samples,
      sum: input.sum,
    }),
  ),
  winsorize: calculation(form.winsorizeInput, winsorizeAnswer),
  experiment_status: calculation(form.statusInput, (input) =>
    experimentStatus({ startDate: input.start_date, endDate: input.end_date, flagActive: input.flag_active }),
  ),
  ship_variant: calculation(form.shipVariantInput, (input) =>
    shipVariant(input.filters as ShippableFilters, input.variant_key, input.release_to_everyone),
  ),
}

/** The names that {@link calculate} knows. */
export const calculationKinds: string[] = Object.keys(calculations)

/**
 * One calculation by its name, on plain JSON; null where there is no answer.
 *
 *     calculate('sequential_rho', { alpha: 0.05, sequential_tuning_parameter: 1000 }) // { rho: 0.08908… }
 *
 * @throws StatisticsError for an unknown kind, for input of another form, and for what cannot be computed
 */
export function calculate(kind: string, input: unknown): unknown {
  const found = Object.hasOwn(calculations, kind) ? calculations[kind] : undefined
  if (!found) throw new StatisticsError('unknown_kind', `Unknown kind of calculation "${kind}"; there are ${calculationKinds.join(', ')}`)
  try {
    return found.run(input)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const [issue] = error.issues
    const place = ['input', ...(issue?.path ?? [])].join('.')
    throw new StatisticsError('invalid_input', `${place}: ${issue?.message ?? 'not of the right form'}`)
  }
}
