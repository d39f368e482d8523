import { StatisticsError } from './errors.ts'
import { type Moments, moments, type Statistic } from './statistic.ts'

export type DifferenceType = 'relative' | 'absolute'

export interface Effect {
  /** Relative: (m_t − m_c)/m_c. Absolute: m_t − m_c. */
  estimate: number
  /** Of the estimate. */
  variance: number
  treatment: Moments
  control: Moments
}

/**
 * The variance of the difference of two means: v_t/n_t + v_c/n_c; relative to the control's, by the delta method,
 * v_t/(n_t·m_c²) + m_t²·v_c/(n_c·m_c⁴).
 */
export function differenceVariance(treatment: Moments, control: Moments, type: DifferenceType): number {
  if (type === 'absolute') return treatment.variance / treatment.n + control.variance / control.n
  const [mt, mc] = [treatment.mean, control.unadjustedMean]
  return treatment.variance / (treatment.n * mc ** 2) + (mt ** 2 * control.variance) / (control.n * mc ** 4)
}

/** The treatment against the control. @throws StatisticsError */
export function effect(treatment: Statistic, control: Statistic, type: DifferenceType): Effect {
  if (treatment.type !== control.type)
    throw new StatisticsError(
      'arms_of_different_types',
      `One arm is a ${treatment.type}, the other a ${control.type}; both must be the same`,
    )
  const [t, c] = [moments(treatment), moments(control)]
  const difference = t.mean - c.mean
  const estimate = type === 'absolute' ? difference : difference / c.unadjustedMean
  return { estimate, variance: differenceVariance(t, c, type), treatment: t, control: c }
}

/** What both the Welch test and the confidence sequence need. @throws StatisticsError */
export function testableEffect(treatment: Statistic, control: Statistic, type: DifferenceType): Effect {
  for (const { n } of [treatment, control]) {
    if (n > 0 && n < 5) throw new StatisticsError('sample_size_below_minimum_5', `A test needs at least 5 units in each arm; one has ${n}`)
  }
  const found = effect(treatment, control, type)
  if (type === 'relative' && Math.abs(found.control.unadjustedMean) < 1e-10)
    throw new StatisticsError(
      'control_mean_is_zero',
      'A relative effect needs a control mean other than 0; ask for the absolute difference',
    )
  if (!(found.variance > 0))
    throw new StatisticsError('variance_must_be_positive', 'All units have the same value in both arms: nothing can be tested')
  return found
}
