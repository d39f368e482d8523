import { z } from 'zod'
import type { CreatorBody } from './cohorts.ts'
import { booleanText, instantText, integerText, jsonObject, pageQuery } from './fields.ts'
import type { FlagBody } from './flags.ts'

export const experimentLimits = {
  maxNameLength: 400,
  maxDescriptionLength: 3000,
  maxMetrics: 50,
  /** Of all JSON fields together. */
  maxBytes: 500_000,
  maxVariants: 20,
} as const

/** `POST /experiments/calculate/`: one calculation by name; what each takes is told in docs/guide/experiments.md. */
export const calculationRequest = z.object({ kind: z.string().min(1), input: z.unknown() })

const text = z.string({ error: 'must be text' })
const share = z.number().gt(0, 'must be more than 0').lt(1, 'must be less than 1')

export const metricTypes = ['mean', 'funnel', 'ratio', 'retention', 'quantile'] as const

const node = z.looseObject({}, { error: 'must be an object: events or an action' })
const nodesOf = {
  mean: { source: node },
  quantile: { source: node },
  ratio: { numerator: node, denominator: node },
  retention: { start_event: node, completion_event: node },
  funnel: {
    series: z.array(node, { error: 'must be a list of 1 to 30 steps' }).min(1, 'needs a step').max(30, 'can have 30 steps at most'),
  },
} satisfies Record<(typeof metricTypes)[number], object>
const shapes = Object.fromEntries(metricTypes.map((type) => [type, z.looseObject(nodesOf[type])])) as Record<string, z.ZodType>

/** PostHog's `ExperimentMetric`, with what its type needs; what its events and numbers mean is checked when it is compiled. */
export const experimentMetric = z
  .looseObject({
    kind: z.literal('ExperimentMetric', { error: 'must be ExperimentMetric' }).default('ExperimentMetric'),
    metric_type: z.enum(metricTypes, { error: `must be one of ${metricTypes.join(', ')}` }),
    uuid: text.max(100).optional(),
    name: text.max(experimentLimits.maxNameLength).nullable().optional(),
    goal: z.enum(['increase', 'decrease']).nullable().optional(),
    /** A guardrail only warns, and is left out of corrections. */
    is_guardrail: z.boolean().optional(),
    /** Relative; a guardrail may get worse by so much. */
    non_inferiority_margin: z.number().min(0).optional(),
  })
  .superRefine((metric, context) => {
    const { error } = shapes[metric.metric_type]?.safeParse(metric) ?? {}
    for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path, message })
  })
export type ExperimentMetricNode = z.infer<typeof experimentMetric>

const prior = z.object({ mean: z.number(), variance: z.number().positive(), proper: z.boolean() })

/** PostHog's `stats_config`. */
export const statsConfig = z.looseObject({
  method: z.enum(['bayesian', 'frequentist']).optional(),
  baseline_variant_key: text.nullable().optional(),
  bayesian: z
    .looseObject({ ci_level: share.optional(), difference_type: z.enum(['relative', 'absolute']).optional(), prior: prior.nullish() })
    .nullish(),
  frequentist: z
    .looseObject({
      alpha: share.optional(),
      difference_type: z.enum(['relative', 'absolute']).optional(),
      sequential_testing_enabled: z.boolean().optional(),
      sequential_tuning_parameter: z.number().min(1).max(1e9).optional(),
    })
    .nullish(),
  cuped: z.looseObject({ enabled: z.boolean(), lookback_days: z.number().optional() }).nullish(),
  multiple_comparison: z.enum(['none', 'holm', 'benjamini_hochberg', 'bonferroni']).optional(),
})
export type StatsConfig = z.infer<typeof statsConfig>

const exposureCriteria = z.looseObject({
  filterTestAccounts: z.boolean().nullish(),
  multiple_variant_handling: z.enum(['exclude', 'first_seen']).nullish(),
  exposure_config: jsonObject.nullish(),
  activation_config: jsonObject.nullish(),
})

const savedMetricLinks = z
  .array(
    z.object({
      id: z.int(),
      metadata: z.looseObject({ type: z.enum(['primary', 'secondary']).default('primary') }).default({ type: 'primary' }),
    }),
  )
  .max(experimentLimits.maxMetrics)

export const experimentConclusions = ['won', 'lost', 'inconclusive', 'stopped_early', 'invalid'] as const
const conclusion = z.enum(experimentConclusions).nullable()
const uuids = z.array(text.max(100)).max(experimentLimits.maxMetrics)

const fields = z.object({
  name: text.trim().min(1, 'must not be empty').max(experimentLimits.maxNameLength),
  description: text.max(experimentLimits.maxDescriptionLength).nullable(),
  type: z.enum(['web', 'product']).nullable(),
  parameters: z.looseObject({
    feature_flag_variants: z
      .array(
        z.looseObject({ key: text, name: text.nullish(), rollout_percentage: z.number().optional(), split_percent: z.number().optional() }),
      )
      .max(experimentLimits.maxVariants)
      .nullish(),
    rollout_percentage: z.number().min(0).max(100).nullish(),
    aggregation_group_type_index: z.int().min(0).max(4).nullish(),
    minimum_detectable_effect: z.number().nullish(),
    excluded_variants: z.array(text).nullish(),
  }),
  running_time_calculation: jsonObject.nullable(),
  start_date: instantText.nullable(),
  end_date: instantText.nullable(),
  archived: z.boolean(),
  deleted: z.boolean(),
  exposure_criteria: exposureCriteria.nullable(),
  metrics: z.array(experimentMetric).max(experimentLimits.maxMetrics),
  metrics_secondary: z.array(experimentMetric).max(experimentLimits.maxMetrics),
  primary_metrics_ordered_uuids: uuids.nullable(),
  secondary_metrics_ordered_uuids: uuids.nullable(),
  saved_metrics_ids: savedMetricLinks,
  stats_config: statsConfig.nullable(),
  only_count_matured_users: z.boolean(),
  holdout_id: z.int().nullable(),
  conclusion,
  conclusion_comment: text.max(experimentLimits.maxDescriptionLength).nullable(),
})

/** Body of `POST /experiments/`. */
export const newExperiment = fields
  .partial()
  .required({ name: true })
  .extend({ feature_flag_key: text.min(1).max(400), allow_unknown_events: z.boolean().optional() })
export type NewExperiment = z.infer<typeof newExperiment>

/** Body of `PATCH /experiments/:id/`. */
export const experimentChange = fields.partial().extend({
  /** A running experiment's variants change only with it. */
  update_feature_flag_params: z.boolean().optional(),
  /** compat: events that were never seen are always allowed in metrics. */
  allow_unknown_events: z.boolean().optional(),
  /** A running experiment's metrics, exposure or statistics change only with it: they begin a new phase. */
  new_phase: z.boolean().optional(),
})
export type ExperimentChange = z.infer<typeof experimentChange>

export const endExperiment = z.object({
  conclusion: conclusion.optional(),
  comment: text.max(3000).nullish(),
  conclusion_comment: text.max(3000).nullish(),
})
export const shipVariantRequest = endExperiment.extend({
  variant_key: text.min(1),
  release_to_everyone: z.boolean().default(false),
})
export const copyExperiment = z.object({ name: text.trim().min(1).max(400).optional(), feature_flag_key: text.min(1).optional() })

/** Into another project; the flag is made there unless it has one of that key. */
export const copyExperimentToProject = copyExperiment.extend({ target_project_id: z.int() })

/** What a plan is made from; what is not given is taken from the project's own data. */
export const runningTimeRequest = z.object({
  metric_uuid: text.max(100).optional(),
  /** Percent. */
  minimum_detectable_effect: z.number().gt(0).max(10_000).optional(),
  /** Kept with the experiment as `running_time_calculation`. */
  save: z.boolean().default(false),
})

/** By its id or short id; one metric for each series. */
export const metricsFromInsight = z.object({ insight: z.union([z.int(), text.min(1).max(100)]) })

/** The metric that a query in HogQL asks for, which says for each person one number of events. */
export const metricFromSql = z.object({ query: text.min(1).max(100_000), name: text.trim().min(1).max(400) })

export const experimentReportFormat = 'hedgerow-experiment-report'
const sumsForm = z.looseObject({ numberOfSamples: z.number(), sum: z.number(), sumSquares: z.number() })
/** As much of a report's form as is needed to compute it again. */
export const experimentReport = z.looseObject({
  format: z.literal(experimentReportFormat, { error: `must be "${experimentReportFormat}"` }),
  version: z.literal(1, { error: ({ input }) => `is ${JSON.stringify(input)}: this Hedgerow reads version 1` }),
  engine: z.string(),
  baseline_variant_key: z.string(),
  settings: z.looseObject({
    method: z.enum(['bayesian', 'frequentist']),
    differenceType: z.enum(['relative', 'absolute']),
    ciLevel: z.number(),
    alpha: z.number(),
    sequential: z.boolean(),
    sequentialTuningParameter: z.number(),
    cuped: z.boolean(),
  }),
  metrics: z.array(z.looseObject({ metric: experimentMetric, sums: z.record(z.string(), sumsForm), results: z.array(z.unknown()) })),
  sha256: z.string(),
})

export const experimentsQuery = pageQuery.extend({
  status: z.enum(['draft', 'running', 'paused', 'stopped', 'complete', 'all']).optional(),
  archived: booleanText.optional(),
  feature_flag_id: integerText(1, 2_000_000_000).optional(),
  created_by_id: text.optional(),
  search: text.max(200).optional(),
  order: text.max(50).optional(),
})
export type ExperimentsQuery = z.infer<typeof experimentsQuery>

export const experimentResultsQuery = z.object({
  /** Stands for "now". */
  as_of: instantText.optional(),
  /** For one metric only, where the route is about one. */
  metric_uuid: text.optional(),
})
export const experimentTimeseriesQuery = z.object({ metric_uuid: text, fingerprint: text.optional() })
/** The units behind a metric's numbers for one variant. */
export const experimentPeopleQuery = z.object({
  metric_uuid: text.optional(),
  variant: text.optional(),
  limit: integerText(1, 1000).default(100),
  offset: integerText(0, 1_000_000).default(0),
})
export const savedMetricsQuery = pageQuery.extend({ search: text.max(200).optional() })

export const newHoldout = z.object({
  name: text.trim().min(1).max(400),
  description: text.max(3000).nullish(),
  filters: z
    .array(z.looseObject({ properties: z.array(z.unknown()).default([]), rollout_percentage: z.number().min(0).max(100) }))
    .min(1)
    .max(1),
})
export const holdoutChange = newHoldout.partial()
export type NewHoldout = z.infer<typeof newHoldout>
export type HoldoutChange = z.infer<typeof holdoutChange>

export const newSavedMetric = z.object({
  name: text.trim().min(1).max(400),
  description: text.max(3000).nullish(),
  query: experimentMetric,
  metadata: jsonObject.nullish(),
  tags: z.array(text.min(1).max(200)).max(50).optional(),
})
export const savedMetricChange = newSavedMetric.partial()
export type NewSavedMetric = z.infer<typeof newSavedMetric>
export type SavedMetricChange = z.infer<typeof savedMetricChange>

export interface HoldoutBody {
  id: number
  name: string
  description: string
  filters: { properties: unknown[]; rollout_percentage: number }[]
  created_by: CreatorBody | null
  created_at: string
  updated_at: string
}

export interface SavedMetricBody {
  id: number
  name: string
  description: string
  query: ExperimentMetricNode
  metadata: Record<string, unknown>
  tags: string[]
  created_by: CreatorBody | null
  created_at: string
  updated_at: string
}

export interface LinkedMetricBody {
  id: number
  saved_metric: number
  name: string
  query: ExperimentMetricNode
  metadata: { type: 'primary' | 'secondary' }
}

export type ExperimentStatusName = 'draft' | 'running' | 'paused' | 'stopped'

/** An experiment as the API shows it. */
export interface ExperimentBody {
  id: number
  name: string
  description: string
  type: string
  feature_flag_key: string
  feature_flag: FlagBody | null
  parameters: Record<string, unknown>
  running_time_calculation: Record<string, unknown> | null
  start_date: string | null
  end_date: string | null
  archived: boolean
  deleted: boolean
  exposure_criteria: Record<string, unknown>
  exposure_cohort: number | null
  metrics: ExperimentMetricNode[]
  metrics_secondary: ExperimentMetricNode[]
  primary_metrics_ordered_uuids: string[]
  secondary_metrics_ordered_uuids: string[]
  saved_metrics: LinkedMetricBody[]
  stats_config: StatsConfig
  only_count_matured_users: boolean
  holdout: HoldoutBody | null
  holdout_id: number | null
  conclusion: string | null
  conclusion_comment: string | null
  status: ExperimentStatusName
  /** Grows with every deliberate change of what a running experiment measures. */
  phase: number
  /** What differs between the experiment as it is and as it was when its phase began; empty while it is as it was. */
  changes_since_start: string[]
  created_by: CreatorBody | null
  created_at: string
  updated_at: string
}
