import type { ExperimentDefaults, StatsConfig } from '@hedgerow/protocol'

/** Where nobody said what effect is worth finding, percent. */
const anyEffectPercent = 30

/** An experiment's statistics, what it does not say taken from the project. */
export function withDefaults(config: StatsConfig, defaults: ExperimentDefaults | null): StatsConfig {
  if (!defaults || Object.keys(defaults).length === 0) return config
  const { method, confidence_level: level } = defaults
  const bayesian = given({ ci_level: level })
  const frequentist = given({
    alpha: level === undefined ? undefined : Number((1 - level).toFixed(12)),
    sequential_testing_enabled: defaults.sequential_testing_enabled,
    sequential_tuning_parameter: defaults.sequential_tuning_parameter,
  })
  const cuped = given({ enabled: defaults.cuped_enabled, lookback_days: defaults.cuped_lookback_days })
  return {
    ...given({ method, multiple_comparison: defaults.multiple_comparison }),
    ...config,
    ...(Object.keys(bayesian).length > 0 ? { bayesian: { ...bayesian, ...config.bayesian } } : {}),
    ...(Object.keys(frequentist).length > 0 ? { frequentist: { ...frequentist, ...config.frequentist } } : {}),
    ...(Object.keys(cuped).length > 0 ? { cuped: { enabled: false, ...cuped, ...config.cuped } } : {}),
  }
}

/** The smallest effect worth finding, percent: the experiment's, else the project's; 0 is as if it were not set. */
export function effectWorthFinding(parameters: Record<string, unknown>, defaults: ExperimentDefaults | null): number {
  const own = parameters.minimum_detectable_effect
  if (typeof own === 'number' && own > 0) return own
  return defaults?.minimum_detectable_effect || anyEffectPercent
}

const given = <Values extends Record<string, unknown>>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]?: NonNullable<Values[Name]>
  }
