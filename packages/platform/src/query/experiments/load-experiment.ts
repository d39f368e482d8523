import { defaultStatsSettings, type StatsSettings } from '@hedgerow/experiments'
import type { ExperimentDefinition } from '@hedgerow/insights'
import type { ExperimentMetricNode, StatsConfig } from '@hedgerow/protocol'
import { type ExperimentRow, experimentColumns, experimentFrom, metricsOf, statusOf } from '../../experiments/experiment-row.ts'
import { definitionOf, type PinnedDefinition } from '../../experiments/pinned.ts'
import { baselineOf } from '../../experiments/write-experiment.ts'
import { flagBody } from '../../flags/flag-row.ts'
import { selectFlag } from '../../flags/write-flag.ts'
import { invalidQuery } from '../query-error.ts'
import type { QueryRun } from '../run-query.ts'

/** An experiment, ready to be asked. */
export interface LoadedExperiment {
  row: ExperimentRow
  status: ReturnType<typeof statusOf>
  /** As pinned when its phase began; as it is, for a draft. */
  pinned: PinnedDefinition
  definition: ExperimentDefinition
  baselineKey: string
  settings: StatsSettings
  metrics: { primary: ExperimentMetricNode[]; secondary: ExperimentMetricNode[] }
}

/** A draft is shown over the days that it would have run. */
const draftDays = 14
const dayMs = 86_400_000

/** @throws QueryError for no such experiment */
export async function loadExperiment(run: QueryRun, given: unknown): Promise<LoadedExperiment> {
  const id = typeof given === 'number' || typeof given === 'string' ? String(given) : ''
  if (!/^\d{1,9}$/.test(id)) throw invalidQuery(`experiment_id must be the id of an experiment, not ${JSON.stringify(given)}`)
  const { pool } = run.stores.application
  const { rows } = await pool.query<ExperimentRow>(
    `SELECT ${experimentColumns} FROM ${experimentFrom} WHERE experiments.project_id = $1 AND experiments.id = $2`,
    [run.facts.id, Number(id)],
  )
  const [row] = rows
  if (!row) throw invalidQuery(`There is no experiment ${id} in this project`)
  return { row, status: statusOf(row), ...(await measured(run, row)) }
}

async function measured(run: QueryRun, row: ExperimentRow): Promise<Omit<LoadedExperiment, 'row' | 'status'>> {
  const pinned = row.pinned ?? definitionOf(row, await presentFlag(run, row))
  const settings = settingsOf(pinned.stats_config)
  const startedAt = row.start_date ?? new Date(run.now.getTime() - draftDays * dayMs)
  const endedAt = row.end_date && row.end_date < run.now ? row.end_date : undefined
  const definition: ExperimentDefinition = {
    name: row.name,
    flagKey: pinned.flag_key,
    variants: pinned.variants.map(({ key }) => key),
    startedAt,
    ...(endedAt ? { endedAt } : {}),
    exposureCriteria: pinned.exposure_criteria,
    ...(pinned.holdout_id === null ? {} : { holdoutId: pinned.holdout_id }),
    ...(pinned.aggregation_group_type_index === null ? {} : { groupTypeIndex: pinned.aggregation_group_type_index }),
    onlyCountMaturedUsers: pinned.only_count_matured_users,
    excludedVariants: pinned.excluded_variants,
    ...(settings.cuped ? { cupedLookbackDays: lookbackDays(pinned.stats_config) } : {}),
  }
  const metrics = row.pinned ? { primary: pinned.metrics, secondary: pinned.metrics_secondary } : metricsOf(row)
  return { pinned, definition, baselineKey: baselineOf(pinned), settings, metrics }
}

async function presentFlag(run: QueryRun, row: ExperimentRow) {
  const flag = await selectFlag(run.stores.application.pool, row.project_id, 'f.id = $2', [row.flag_id])
  if (!flag) throw invalidQuery(`The flag of experiment ${row.id} is gone`)
  return flagBody(flag, run.now.getTime())
}

/** `lookback_days`, 1 to 30, 14 unless given. */
function lookbackDays({ cuped }: StatsConfig): number {
  const days = Math.round(cuped?.lookback_days ?? 14)
  return Math.min(30, Math.max(1, days))
}

const flatPrior = { mean: 0, variance: 1, proper: false }

/** PostHog's `stats_config` with every default filled in. */
function settingsOf(config: StatsConfig): StatsSettings {
  const { bayesian, frequentist, cuped } = config
  const method = config.method ?? defaultStatsSettings.method
  const own = method === 'bayesian' ? bayesian : frequentist
  return {
    method,
    differenceType: own?.difference_type ?? defaultStatsSettings.differenceType,
    ciLevel: bayesian?.ci_level ?? defaultStatsSettings.ciLevel,
    // Said also where it counts for nothing, so that a report names it.
    ...(method === 'bayesian' ? { prior: bayesian?.prior ?? flatPrior } : {}),
    alpha: frequentist?.alpha ?? defaultStatsSettings.alpha,
    sequential: method === 'frequentist' && frequentist?.sequential_testing_enabled === true,
    sequentialTuningParameter: frequentist?.sequential_tuning_parameter ?? defaultStatsSettings.sequentialTuningParameter,
    cuped: cuped?.enabled === true,
  }
}
