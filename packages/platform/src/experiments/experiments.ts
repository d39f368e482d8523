import { type ShippableFilters, StatisticsError, shipVariant } from '@hedgerow/experiments'
import { inTransaction, type Sql } from '@hedgerow/ingestion'
import type {
  ExperimentBody,
  ExperimentChange,
  ExperimentDefaults,
  ExperimentMetricNode,
  ExperimentsQuery,
  FlagBody,
  FlagFilters,
  NewExperiment,
  Page,
} from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import type { Cohorts } from '../cohorts/cohorts.ts'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import { flagBody } from '../flags/flag-row.ts'
import type { Flags } from '../flags/flags.ts'
import { type Author, selectFlag } from '../flags/write-flag.ts'
import { listConditions } from './experiment-conditions.ts'
import { type ExperimentRow, experimentBody, experimentColumns, experimentFrom, metricsOf, statusOf } from './experiment-row.ts'
import { exposureCohort } from './exposure-cohort.ts'
import type { Holdouts } from './holdouts.ts'
import { changesSince, definitionOf, fingerprintOf } from './pinned.ts'
import {
  type ExperimentValues,
  insertExperiment,
  linkMetrics,
  measuredFields,
  requestedVariants,
  requireDates,
  requireExcludable,
  requireExperimentFlag,
  requireFlagKey,
  updateExperiment,
  valuesOf,
} from './write-experiment.ts'

export interface ExperimentParts {
  flags: Flags
  holdouts: Holdouts
  cohorts: Pick<Cohorts, 'prepared' | 'wake' | 'get'>
  now: () => Date
}

const defaultVariants = [
  { key: 'control', name: 'Control', rollout_percentage: 50 },
  { key: 'test', name: 'Test', rollout_percentage: 50 },
]
const wrongState = (message: string) => new HedgerowError('cannot_change', message)

/** Experiments: made, changed, and led from draft to a decision. The flag and the experiment change together or not at all. */
export function createExperiments({ pool }: ApplicationStore, { flags, holdouts, cohorts, now }: ExperimentParts) {
  async function find(sql: Sql, projectId: number, id: string, lock = ''): Promise<ExperimentRow> {
    const { rows } = /^\d{1,9}$/.test(id)
      ? await sql.query<ExperimentRow>(
          `SELECT ${experimentColumns} FROM ${experimentFrom} WHERE experiments.project_id = $1 AND experiments.id = $2 ${lock}`,
          [projectId, Number(id)],
        )
      : { rows: [] }
    if (!rows[0]) throw notFound(`experiment ${id.slice(0, 40)}`)
    return rows[0]
  }
  const direct = pool as unknown as Sql
  const flagIn = (sql: Sql, row: ExperimentRow): Promise<FlagBody> => readFlag(sql, row.project_id, row.flag_id)
  const flagOf = (row: ExperimentRow): Promise<FlagBody> => flagIn(direct, row)

  // tricky: with the embedded store a transaction makes every other connection wait, so what it needs is read through it.
  async function readFlag(sql: Sql, projectId: number, id: number): Promise<FlagBody> {
    const row = await selectFlag(sql, projectId, 'f.id = $2', [id])
    if (!row) throw notFound(`feature flag ${id}`)
    return flagBody(row, now().getTime())
  }

  async function body(row: ExperimentRow): Promise<ExperimentBody> {
    const flag = await flagOf(row)
    const holdout = row.holdout_id === null ? null : await holdouts.get(row.project_id, String(row.holdout_id))
    const running = row.start_date !== null && row.end_date === null
    return experimentBody(withFingerprints(row, flag), flag, holdout, running ? changesSince(row.pinned, definitionOf(row, flag)) : [])
  }

  /** One change of an experiment, with its flag's in the same transaction. */
  async function changing(projectId: number, id: string, act: (sql: Sql, row: ExperimentRow) => Promise<void>): Promise<ExperimentBody> {
    await flags.together(projectId, async (sql) => act(sql, await find(sql, projectId, id, 'FOR UPDATE OF experiments')))
    return body(await find(direct, projectId, id))
  }

  async function begin(sql: Sql, row: ExperimentRow, author: Author, at: Date): Promise<void> {
    const flag = await flagIn(sql, row)
    requireExperimentFlag(flag, row.stats_config.baseline_variant_key)
    if (!flag.active) await flags.changeIn(sql, row.project_id, String(row.flag_id), { active: true }, byExperiment(author, row))
    await updateExperiment(sql, row.id, { start_date: at.toISOString(), pinned: definitionOf(row, flag) })
  }

  return {
    async list(projectId: number, query: ExperimentsQuery): Promise<Pick<Page<ExperimentBody>, 'count' | 'results'>> {
      const { where, values, order } = listConditions(projectId, query)
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM ${experimentFrom} WHERE ${where}`, values)
      const { rows } = await pool.query<ExperimentRow>(
        `SELECT ${experimentColumns} FROM ${experimentFrom} WHERE ${where} ORDER BY ${order}
         LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
        [...values, query.limit, query.offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: await Promise.all(rows.map(body)) }
    },

    get: async (projectId: number, id: string): Promise<ExperimentBody> => body(await find(direct, projectId, id)),
    row: (projectId: number, id: string): Promise<ExperimentRow> => find(direct, projectId, id),
    flagOf,

    async create(projectId: number, wanted: NewExperiment, author: Author): Promise<ExperimentBody> {
      const values = { ...(await newExperimentValues(projectId)), ...valuesOf(wanted) }
      const id = await flags.together(projectId, async (sql) => {
        const flag = await flagFor(sql, projectId, wanted, author)
        requireExperimentFlag(flag, wanted.stats_config?.baseline_variant_key)
        requireExcludable(wanted.parameters, flag, wanted.stats_config?.baseline_variant_key)
        if (wanted.holdout_id) await linkHoldout(sql, projectId, flag, wanted.holdout_id, author)
        const made = await insertExperiment(sql, projectId, author.userId, flag, { ...values, start_date: null, end_date: null })
        if (wanted.saved_metrics_ids) await linkMetrics(sql, projectId, made, wanted.saved_metrics_ids)
        return made
      })
      if (wanted.start_date) return this.launch(projectId, String(id), author, new Date(wanted.start_date))
      return body(await find(direct, projectId, String(id)))
    },

    /** @throws HedgerowError for a change that a running experiment does not allow, naming how it can be made all the same */
    change(projectId: number, id: string, change: ExperimentChange, author: Author): Promise<ExperimentBody> {
      return changing(projectId, id, async (sql, row) => {
        const values = valuesOf(change)
        const status = statusOf(row)
        const measured = measuredFields(change)
        const isRunning = status === 'running' || status === 'paused'
        if (isRunning && measured.length > 0 && !change.new_phase)
          throw wrongState(
            `${measured.join(', ')} of a running experiment are pinned: send new_phase: true to begin a new phase with the change.`,
          )
        if (change.archived && status !== 'stopped') throw wrongState('Only an experiment that has ended can be archived.')
        requireDates(row, change)
        await changeFlag(sql, row, change, author)
        if (change.holdout_id !== undefined) await linkHoldout(sql, projectId, await flagIn(sql, row), change.holdout_id, author)
        if (change.saved_metrics_ids) await linkMetrics(sql, projectId, row.id, change.saved_metrics_ids)
        requireExcludable(change.parameters, await flagIn(sql, row), (change.stats_config ?? row.stats_config).baseline_variant_key)
        if (Object.keys(values).length > 0) await updateExperiment(sql, row.id, values)
        if (isRunning && change.new_phase) await beginPhase(sql, projectId, id, row)
        if (status === 'draft' && change.start_date) await begin(sql, await find(sql, projectId, id), author, new Date(change.start_date))
      })
    },

    /** Draft → running; the flag goes on, and what is measured is pinned. */
    launch(projectId: number, id: string, author: Author, at: Date = now()): Promise<ExperimentBody> {
      return changing(projectId, id, async (sql, row) => {
        if (statusOf(row) !== 'draft') throw wrongState(`Only a draft can be launched; this experiment is ${statusOf(row)}.`)
        await begin(sql, row, author, at)
      })
    },

    pause: (projectId: number, id: string, author: Author) => switchFlag(projectId, id, author, 'running', false),
    resume: (projectId: number, id: string, author: Author) => switchFlag(projectId, id, author, 'paused', true),

    /** The data ends now; the flag keeps serving. */
    end(projectId: number, id: string, given: { conclusion?: string | null | undefined; comment?: string | null | undefined }) {
      return changing(projectId, id, async (sql, row) => {
        requireStarted(row, 'ended')
        if (row.end_date) throw wrongState('The experiment has ended already.')
        await updateExperiment(sql, row.id, { end_date: now().toISOString(), ...conclusionOf(given) })
      })
    },

    /** The flag serves one variant to everybody that it matches, and a running experiment ends. */
    ship(
      projectId: number,
      id: string,
      given: {
        variant_key: string
        release_to_everyone: boolean
        conclusion?: string | null | undefined
        comment?: string | null | undefined
      },
      author: Author,
    ): Promise<ExperimentBody> {
      return changing(projectId, id, async (sql, row) => {
        requireStarted(row, 'shipped')
        const flag = await flagIn(sql, row)
        const filters = shipped(flag.filters, given.variant_key, given.release_to_everyone)
        await flags.changeIn(sql, projectId, String(row.flag_id), { filters, active: true }, byExperiment(author, row))
        await updateExperiment(sql, row.id, { ...(row.end_date ? {} : { end_date: now().toISOString() }), ...conclusionOf(given) })
      })
    },

    /** Back to a draft; the flag stays as it is. */
    reset(projectId: number, id: string): Promise<ExperimentBody> {
      return changing(projectId, id, async (sql, row) => {
        requireStarted(row, 'reset')
        const cleared: ExperimentValues = {
          start_date: null,
          end_date: null,
          conclusion: null,
          conclusion_comment: null,
          archived: false,
          pinned: null,
        }
        await updateExperiment(sql, row.id, cleared)
      })
    },

    archive: (projectId: number, id: string, archived: boolean) =>
      changing(projectId, id, async (sql, row) => {
        if (archived && statusOf(row) !== 'stopped') throw wrongState('Only an experiment that has ended can be archived.')
        await updateExperiment(sql, row.id, { archived })
      }),

    /** A cohort of the exposed people, named by the experiment; there is one at a time. */
    async createExposureCohort(projectId: number, id: string, author: Author) {
      const row = await find(direct, projectId, id)
      requireStarted(row, 'made a cohort of')
      const definition = row.pinned ?? definitionOf(row, await flagOf(row))
      const insert = await cohorts.prepared(projectId, author.userId, exposureCohort(row.name, row.start_date ?? now(), definition))
      const cohortId = await inTransaction(pool, async (sql) => {
        const { exposure_cohort_id: known } = await find(sql, projectId, id, 'FOR UPDATE OF experiments')
        const { rows } = await sql.query('SELECT 1 FROM cohorts WHERE id = $1 AND NOT deleted', [known])
        if (rows.length > 0) throw wrongState(`The experiment has a cohort of the exposed people already: ${known}.`)
        const made = await insert(sql)
        await updateExperiment(sql, row.id, { exposure_cohort_id: made })
        return made
      })
      cohorts.wake()
      return { cohort: await cohorts.get(projectId, String(cohortId)) }
    },

    /** The flags of experiments that have not ended take on a holdout's new share. */
    async holdoutChanged(projectId: number, holdoutId: number, author: Author): Promise<void> {
      const { rows } = await pool.query<{ flag_id: number }>(
        'SELECT DISTINCT flag_id FROM experiments WHERE project_id = $1 AND holdout_id = $2 AND end_date IS NULL AND NOT deleted ORDER BY flag_id',
        [projectId, holdoutId],
      )
      await flags.together(projectId, async (sql) => {
        for (const row of rows) await linkHoldout(sql, projectId, await readFlag(sql, projectId, row.flag_id), holdoutId, author)
      })
    },

    /** Keeps a plan with the experiment. */
    keepPlan: async (projectId: number, id: string, plan: Record<string, unknown>): Promise<void> => {
      const row = await find(direct, projectId, id)
      await updateExperiment(direct, row.id, { running_time_calculation: plan })
    },

    /** A draft in another project, with a flag of the same variants; shared metrics become its own. */
    async copyTo(
      projectId: number,
      id: string,
      targetId: number,
      wanted: { name?: string | undefined; feature_flag_key?: string | undefined },
      author: Author,
    ): Promise<ExperimentBody> {
      const row = await find(direct, projectId, id)
      const flag = await flagOf(row)
      const { primary, secondary } = metricsOf(row)
      const own = (metrics: ExperimentMetricNode[]) =>
        metrics.map(({ uuid: _, fingerprint: __, isSharedMetric: ___, sharedMetricId: ____, ...metric }) => metric)
      return this.create(
        targetId,
        {
          name: wanted.name ?? row.name,
          feature_flag_key: wanted.feature_flag_key ?? row.flag_key,
          description: row.description,
          parameters: {
            ...row.parameters,
            feature_flag_variants: (flag.filters.multivariate?.variants ?? []).map(({ key, name, rollout_percentage }) => ({
              key,
              name: name ?? null,
              rollout_percentage,
            })),
          },
          exposure_criteria: row.exposure_criteria,
          metrics: own(primary),
          metrics_secondary: own(secondary),
          stats_config: row.stats_config,
          only_count_matured_users: row.only_count_matured_users,
        },
        author,
      )
    },

    /** A draft with the same metrics, on a flag of its own or on the one named. */
    async duplicate(
      projectId: number,
      id: string,
      wanted: { name?: string | undefined; feature_flag_key?: string | undefined },
      author: Author,
    ) {
      const source = await body(await find(direct, projectId, id))
      return this.create(
        projectId,
        {
          name: wanted.name ?? `${source.name} (copy)`.slice(-400),
          feature_flag_key: wanted.feature_flag_key ?? source.feature_flag_key,
          description: source.description,
          parameters: source.parameters,
          exposure_criteria: source.exposure_criteria,
          metrics: source.metrics.map(({ uuid: _, fingerprint: __, ...metric }) => metric),
          metrics_secondary: source.metrics_secondary.map(({ uuid: _, fingerprint: __, ...metric }) => metric),
          saved_metrics_ids: source.saved_metrics.map((link) => ({ id: link.saved_metric, metadata: link.metadata })),
          stats_config: source.stats_config,
          only_count_matured_users: source.only_count_matured_users,
        },
        author,
      )
    },
  }

  /** What a new experiment has that says nothing of it. */
  async function newExperimentValues(projectId: number): Promise<ExperimentValues> {
    const { rows } = await pool.query<{ defaults: ExperimentDefaults | null }>(
      "SELECT settings->'experiment_defaults' AS defaults FROM projects WHERE id = $1",
      [projectId],
    )
    return {
      exposure_criteria: { filterTestAccounts: true },
      only_count_matured_users: rows[0]?.defaults?.only_count_matured_users ?? false,
    }
  }

  /** The flag that the experiment names; made with the experiment where there is none. */
  async function flagFor(sql: Sql, projectId: number, wanted: NewExperiment, author: Author): Promise<FlagBody> {
    const { rows } = await sql.query<{ id: number }>('SELECT id FROM feature_flags WHERE project_id = $1 AND key = $2 AND NOT deleted', [
      projectId,
      wanted.feature_flag_key,
    ])
    if (rows[0]) return readFlag(sql, projectId, rows[0].id)
    requireFlagKey(wanted.feature_flag_key)
    const variants = requestedVariants(wanted.parameters) ?? defaultVariants
    const filters: FlagFilters = {
      groups: [{ properties: [], rollout_percentage: wanted.parameters?.rollout_percentage ?? 100 }],
      multivariate: { variants },
      payloads: {},
      aggregation_group_type_index: wanted.parameters?.aggregation_group_type_index ?? null,
    }
    const name = `Feature flag for experiment ${wanted.name}`
    const id = await flags.createIn(sql, projectId, { key: wanted.feature_flag_key, name, filters, active: false }, author)
    return readFlag(sql, projectId, id)
  }

  async function changeFlag(sql: Sql, row: ExperimentRow, change: ExperimentChange, author: Author): Promise<void> {
    const variants = requestedVariants(change.parameters)
    const rollout = change.parameters?.rollout_percentage
    if (!variants && (rollout === undefined || rollout === null)) return
    const flag = await flagIn(sql, row)
    const present = flag.filters.multivariate?.variants ?? []
    const status = statusOf(row)
    const isSame =
      !variants ||
      JSON.stringify(variants.map(({ key, rollout_percentage: share }) => [key, share])) ===
        JSON.stringify(present.map(({ key, rollout_percentage: share }) => [key, share]))
    if (status !== 'draft' && !change.update_feature_flag_params) {
      if (isSame) return
      throw wrongState('The variants of a launched experiment change only with update_feature_flag_params: true.')
    }
    const gone = variants && present.find(({ key }) => !variants.some((variant) => variant.key === key))
    if (gone && status !== 'draft') throw wrongState(`Variant "${gone.key}" of a launched experiment cannot be taken away.`)
    const [first, ...others] = flag.filters.groups ?? []
    const groups = rollout === undefined || rollout === null ? undefined : [{ ...first, rollout_percentage: rollout }, ...others]
    const filters = { ...(variants ? { multivariate: { variants } } : {}), ...(groups ? { groups } : {}) }
    await flags.changeIn(sql, row.project_id, String(row.flag_id), { filters }, byExperiment(author, row))
  }

  /** The flag takes its holdout from the experiment. */
  async function linkHoldout(sql: Sql, projectId: number, flag: FlagBody, holdoutId: number | null, author: Author): Promise<void> {
    const holdout = holdoutId === null ? null : await holdouts.read(sql, projectId, String(holdoutId))
    const percentage = holdout?.filters[0]?.rollout_percentage ?? 0
    const filters = { ...flag.filters, holdout: holdout ? { id: holdout.id, exclusion_percentage: percentage } : null }
    await flags.changeIn(sql, projectId, String(flag.id), { filters }, author)
  }

  async function beginPhase(sql: Sql, projectId: number, id: string, before: ExperimentRow): Promise<void> {
    const row = await find(sql, projectId, id)
    await updateExperiment(sql, row.id, {
      phase: before.phase + 1,
      start_date: now().toISOString(),
      pinned: definitionOf(row, await flagIn(sql, row)),
    })
  }

  function switchFlag(projectId: number, id: string, author: Author, from: 'running' | 'paused', active: boolean): Promise<ExperimentBody> {
    return changing(projectId, id, async (sql, row) => {
      if (statusOf(row) !== from) throw wrongState(`The experiment is ${statusOf(row)}, not ${from}.`)
      await flags.changeIn(sql, projectId, String(row.flag_id), { active }, byExperiment(author, row))
    })
  }
}

export type Experiments = ReturnType<typeof createExperiments>

const byExperiment = (author: Author, row: ExperimentRow): Author => ({
  ...author,
  trigger: { job_type: 'experiment', job_id: String(row.id), payload: {} },
})

const conclusionOf = ({
  conclusion,
  comment,
}: {
  conclusion?: string | null | undefined
  comment?: string | null | undefined
}): ExperimentValues => ({
  ...(conclusion === undefined ? {} : { conclusion }),
  ...(comment === undefined ? {} : { conclusion_comment: comment }),
})

function requireStarted(row: ExperimentRow, done: string): void {
  if (!row.start_date) throw wrongState(`A draft cannot be ${done}: launch the experiment first.`)
}

function shipped(filters: FlagFilters, variant: string, everyone: boolean): FlagFilters {
  try {
    // why: keys that are taken away must be said to be gone, since a change of filters keeps what it does not name.
    return { ...(shipVariant(filters as ShippableFilters, variant, everyone) as FlagFilters), holdout: null, holdout_groups: null }
  } catch (error) {
    if (error instanceof StatisticsError) throw invalidInput('variant_key', `is "${variant}": ${error.message}`)
    throw error
  }
}

/** Metrics as they are shown: each with the fingerprint that its results go under. */
function withFingerprints(row: ExperimentRow, flag: FlagBody): ExperimentRow {
  const definition = row.pinned ?? definitionOf(row, flag)
  const known = new Map(
    [...Object.values(metricsOf(row)).flat()].map((metric) => [metric.uuid, fingerprintOf(metric, definition, row.start_date)]),
  )
  const shown = (metrics: ExperimentRow['metrics']) => metrics.map((metric) => ({ ...metric, fingerprint: known.get(metric.uuid) }))
  return { ...row, metrics: shown(row.metrics), metrics_secondary: shown(row.metrics_secondary) }
}
