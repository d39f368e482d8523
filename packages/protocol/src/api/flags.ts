import { z } from 'zod'
import { flagOperators } from './choices.ts'
import type { CreatorBody } from './cohorts.ts'
import { booleanText, instantText, integerText, pageQuery } from './fields.ts'

/** Bounds of a flag. */
export const flagLimits = {
  maxKeyLength: 400,
  /** Of a flag's `filters`, as JSON. */
  maxFiltersBytes: 512_000,
  maxConditions: 200,
  maxVariants: 200,
  maxTags: 50,
  maxSearchLength: 200,
  maxBulkDelete: 1_000,
} as const

const text = z.string({ error: 'must be text' })
const toggle = z.boolean({ error: 'must be true or false' })
const percentage = z.number({ error: 'must be a number' }).min(0, 'must be at least 0').max(100, 'must be at most 100')
const groupTypeIndex = z.int({ error: 'must be a group type index, 0 to 4, or null' }).min(0).max(4)

export const flagFilterTypes = ['person', 'group', 'cohort', 'flag', 'person_metadata'] as const

/** One condition on a person, a group, a cohort or another flag. */
export const flagFilter = z.looseObject({
  key: z.union([text.min(1, 'must not be empty'), z.number()], { error: 'must be the name of a property' }),
  type: z.enum(flagFilterTypes, { error: `must be one of ${flagFilterTypes.join(', ')}` }).default('person'),
  value: z.unknown().optional(),
  operator: z
    .enum(flagOperators, { error: `must be one of ${flagOperators.join(', ')}` })
    .nullable()
    .optional(),
  group_type_index: groupTypeIndex.nullable().optional(),
  negation: toggle.nullable().optional(),
})
export type FlagFilter = z.infer<typeof flagFilter>

/** A release condition. */
export const flagCondition = z.looseObject({
  properties: z.array(flagFilter, { error: 'must be a list of filters' }).nullable().optional(),
  rollout_percentage: percentage.nullable().optional(),
  variant: text.nullable().optional(),
  aggregation_group_type_index: groupTypeIndex.nullable().optional(),
  description: text.max(2000).nullable().optional(),
  sort_key: text.max(200).nullable().optional(),
})
export type FlagCondition = z.infer<typeof flagCondition>

export const flagVariant = z.looseObject({
  key: text
    .min(1, 'must not be empty')
    .max(flagLimits.maxKeyLength)
    .regex(/^[a-zA-Z0-9_\-./: ]+$/, 'may hold letters, digits, _ and -'),
  name: text.max(1000).nullable().optional(),
  rollout_percentage: percentage,
})
export type FlagVariant = z.infer<typeof flagVariant>

export const flagFilters = z.looseObject({
  groups: z.array(flagCondition, { error: 'must be a list of release conditions' }).max(flagLimits.maxConditions).optional(),
  multivariate: z
    .looseObject({ variants: z.array(flagVariant, { error: 'must be a list of variants' }).max(flagLimits.maxVariants) })
    .nullable()
    .optional(),
  payloads: z.record(z.string(), z.unknown(), { error: 'must be an object' }).nullable().optional(),
  aggregation_group_type_index: groupTypeIndex.nullable().optional(),
  early_exit: toggle.nullable().optional(),
  feature_enrollment: toggle.nullable().optional(),
  super_groups: z.array(flagCondition).nullable().optional(),
  holdout: z.looseObject({ id: z.number(), exclusion_percentage: percentage }).nullable().optional(),
  holdout_groups: z.array(flagCondition).nullable().optional(),
})
export type FlagFilters = z.infer<typeof flagFilters>

export const evaluationRuntimes = ['server', 'client', 'all'] as const
export type EvaluationRuntime = (typeof evaluationRuntimes)[number]
export const bucketingIdentifiers = ['distinct_id', 'device_id'] as const
export type BucketingIdentifier = (typeof bucketingIdentifiers)[number]

const tagList = z.array(text.trim().min(1, 'must not be empty').max(200)).max(flagLimits.maxTags)

const flagFields = z.object({
  key: text
    .min(1, 'must not be empty')
    .max(flagLimits.maxKeyLength)
    .regex(/^[a-zA-Z0-9_-]+$/, 'may hold only letters, digits, _ and -'),
  name: text.max(10_000),
  filters: flagFilters,
  active: toggle,
  archived: toggle,
  deleted: toggle,
  ensure_experience_continuity: toggle.nullable().transform((value) => value ?? false),
  bucketing_identifier: z
    .union([z.enum(bucketingIdentifiers), z.literal(''), z.null()], { error: 'must be distinct_id or device_id' })
    .transform((value) => (value === 'device_id' ? value : ('distinct_id' as const))),
  evaluation_runtime: z
    .enum(evaluationRuntimes, { error: 'must be server, client or all' })
    .nullable()
    .transform((value) => value ?? ('all' as const)),
  evaluation_contexts: tagList.nullable().transform((value) => value ?? []),
  /** Its older name. */
  evaluation_tags: tagList.nullable().transform((value) => value ?? []),
  is_remote_configuration: toggle.nullable().transform((value) => value ?? false),
  has_encrypted_payloads: toggle.nullable().transform((value) => value ?? false),
  tags: tagList,
})

/** Body of `POST /feature_flags/`. */
export const newFlag = flagFields.partial().required({ key: true })
export type NewFlag = z.infer<typeof newFlag>

/** Body of `PATCH /feature_flags/:id/`. `version` is the one that the change was made from. */
export const flagChange = flagFields.partial().extend({
  version: z.int({ error: 'must be the version that the change was made from' }).optional(),
  /** The flag as it was when the change was made; only what differs from it counts as changed. */
  original_flag: z.record(z.string(), z.unknown()).optional(),
})
export type FlagChange = z.infer<typeof flagChange>

/** `GET /feature_flags/` */
export const flagsQuery = pageQuery.extend({
  active: z.enum(['true', 'false', 'STALE'], { error: 'must be true, false or STALE' }).optional(),
  archived: booleanText.optional(),
  type: z.enum(['boolean', 'multivariant', 'experiment', 'remote_config']).optional(),
  created_by_id: text.optional(),
  search: text.max(flagLimits.maxSearchLength).optional(),
  key: text.optional(),
  /** A JSON list. */
  tags: text.optional(),
  excluded_tags: text.optional(),
  excluded_properties: text.optional(),
  evaluation_runtime: z.enum(evaluationRuntimes).optional(),
  has_evaluation_contexts: booleanText.optional(),
  eligible_for_experiment: booleanText.optional(),
  order: text.max(100).optional(),
})
export type FlagsQuery = z.infer<typeof flagsQuery>

export type FlagStatus = 'ACTIVE' | 'STALE' | 'DELETED' | 'ARCHIVED'

/** A flag as the API shows it. */
export interface FlagBody {
  id: number
  key: string
  name: string
  filters: FlagFilters
  active: boolean
  archived: boolean
  deleted: boolean
  version: number
  ensure_experience_continuity: boolean
  bucketing_identifier: BucketingIdentifier
  evaluation_runtime: EvaluationRuntime
  evaluation_contexts: string[]
  evaluation_tags: string[]
  is_remote_configuration: boolean
  has_encrypted_payloads: boolean
  tags: string[]
  status: FlagStatus
  is_simple_flag: boolean
  rollout_percentage: number | null
  experiment_set: number[]
  experiment_set_metadata: { id: number; name: string }[]
  features: { id: string; name: string; stage: string }[]
  created_by: CreatorBody | null
  last_modified_by: CreatorBody | null
  created_at: string
  updated_at: string
  last_called_at: string | null
  can_edit: boolean
  /** compat: clients of PostHog's API read these fields, of which there is only the one value here. */
  user_access_level: 'editor'
  surveys: []
  usage_dashboard: null
  analytics_dashboards: []
}

/** `POST /feature_flags/user_blast_radius/` */
export const blastRadiusQuestion = z.object({
  condition: flagCondition,
  group_type_index: groupTypeIndex.nullable().optional(),
})

export interface BlastRadiusBody {
  affected: number
  total: number
  /** compat: their names until 2025. */
  users_affected: number
  total_users: number
}

/** `GET /feature_flags/evaluation_reasons/` */
export const evaluationReasonsQuery = z.object({
  distinct_id: text.min(1, 'must not be empty'),
  /** A JSON object: group type → key. */
  groups: text.optional(),
})

/** `POST /feature_flags/:id/test_evaluation/` and `POST /feature_flags/explain/` */
export const evaluationQuestion = z.object({
  distinct_id: z.union([text, z.number().transform(String)], { error: 'must be text' }).optional(),
  person_id: text.optional(),
  groups: z.record(z.string(), z.unknown()).optional(),
  person_properties: z.record(z.string(), z.unknown()).optional(),
  group_properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  $anon_distinct_id: text.optional(),
  $device_id: text.optional(),
  /** A past moment: properties and definitions as they were then. */
  timestamp: instantText.optional(),
  flag_keys: z.array(text, { error: 'must be a list of keys' }).max(1000).optional(),
})
export type EvaluationQuestion = z.infer<typeof evaluationQuestion>

/** `POST /feature_flags/:id/replay/`: what a change would do to the evaluations of the last days. */
export const replayQuestion = z.object({
  /** The flag as proposed; what is absent stays. */
  change: z.object({
    filters: flagFilters.optional(),
    active: toggle.optional(),
    ensure_experience_continuity: toggle.optional(),
    bucketing_identifier: z.enum(bucketingIdentifiers).optional(),
  }),
  days: z.int().min(1).max(90).default(7),
})
export type ReplayQuestion = z.infer<typeof replayQuestion>

/** `POST /feature_flags/bulk_delete/` */
export const bulkDeleteFlags = z.object({
  ids: z.array(z.int()).max(flagLimits.maxBulkDelete).optional(),
  filters: z
    .object({ search: text.max(flagLimits.maxSearchLength).optional(), active: z.enum(['true', 'false', 'STALE']).optional() })
    .optional(),
})

/** `POST /feature_flags/:id/copy/` and `POST /feature_flags/copy_flags/` */
export const copyFlag = z.object({
  target_project_ids: z
    .array(z.int({ error: 'must be the id of a project' }))
    .min(1, 'must name a project')
    .max(50),
  /** By key; without it, of the flag in the path. */
  feature_flag_key: text.optional(),
  from_project: z.int().optional(),
  disable_copied_flag: toggle.optional(),
})

export const flagActivityQuery = z.object({ limit: integerText(1, 200).default(50), offset: integerText(0, 100_000).default(0) })

/** `POST /feature_flags/:id/restore/` */
export const flagRestore = z.object({ version: z.int({ error: 'must be the number of a version' }).min(1).max(2_147_483_647) })

/** `GET /feature_flags/:id/usage/` */
export const flagUsageQuery = z.object({ days: integerText(1, 90).default(30) })
/** `GET /feature_flags/:id/compare/` */
export const compareFlagQuery = z.object({ project_id: integerText(1, 2_147_483_647) })

/** A flag as it would be in another project, beside the one that has its key there. */
export interface FlagComparisonBody {
  key: string
  exists: boolean
  /** The other project's flag; null where it has none of this key. */
  flag: { id: number; version: number; active: boolean } | null
  /** What the flag names and the other project lacks: without it the flag cannot be copied. */
  missing: string[]
  /** `before` is how it is there, `after` how it would be. */
  changes: { field: string; before: unknown; after: unknown }[]
}

/** One write, with every field that it changed. */
export interface FlagActivityBody {
  id: string
  item_id: string
  scope: 'FeatureFlag'
  activity: 'created' | 'updated' | 'deleted' | 'restored' | 'copied'
  detail: {
    name: string
    short_id: null
    type: null
    version: number
    changes: { type: 'FeatureFlag'; field: string; action: 'created' | 'changed' | 'deleted'; before: unknown; after: unknown }[]
    trigger?: { job_type: string; job_id: string; payload: unknown }
  }
  user: CreatorBody | null
  created_at: string
}

export const scheduleOperations = ['update_status', 'add_release_condition', 'update_variants'] as const
export const recurrenceIntervals = ['daily', 'weekly', 'monthly', 'yearly'] as const

const scheduleFields = z.object({
  record_id: z.union([z.int(), text.regex(/^\d+$/, 'must be the id of a flag').transform(Number)]),
  model_name: z.literal('FeatureFlag', { error: 'must be FeatureFlag' }),
  payload: z.looseObject({ operation: text, value: z.unknown() }),
  scheduled_at: instantText,
  is_recurring: toggle,
  recurrence_interval: z.enum(recurrenceIntervals).nullable(),
  cron_expression: text.max(100).nullable(),
  end_date: instantText.nullable(),
})

/** Body of `POST /scheduled_changes/`. */
export const newScheduledChange = scheduleFields
  .partial({ is_recurring: true, recurrence_interval: true, cron_expression: true, end_date: true })
  .required({ record_id: true })
export type NewScheduledChange = z.infer<typeof newScheduledChange>
export const scheduledChangeChange = scheduleFields.partial()
export type ScheduledChangeChange = z.infer<typeof scheduledChangeChange>

export const scheduledChangesQuery = pageQuery.extend({
  model_name: text.optional(),
  record_id: text.regex(/^\d{1,9}$/, 'must be the id of a flag').optional(),
})

export interface ScheduledChangeBody {
  id: number
  team_id: number
  record_id: string
  model_name: 'FeatureFlag'
  payload: Record<string, unknown>
  scheduled_at: string
  is_recurring: boolean
  recurrence_interval: (typeof recurrenceIntervals)[number] | null
  cron_expression: string | null
  end_date: string | null
  executed_at: string | null
  last_executed_at: string | null
  failure_reason: string | null
  timezone: string
  created_by: CreatorBody | null
  created_at: string
  updated_at: string
}

export const earlyAccessStages = ['draft', 'concept', 'alpha', 'beta', 'general-availability', 'archived'] as const
export type EarlyAccessStage = (typeof earlyAccessStages)[number]

const earlyAccessFields = z.object({
  name: text.trim().min(1, 'must not be empty').max(200),
  description: text.max(10_000),
  stage: z.enum(earlyAccessStages, { error: `must be one of ${earlyAccessStages.join(', ')}` }),
  documentation_url: text.max(800),
  payload: z.unknown(),
  /** An existing flag; without one a flag is made. */
  feature_flag_id: z.int({ error: 'must be the id of a flag' }).nullable(),
})

export const newEarlyAccessFeature = earlyAccessFields.partial().required({ name: true })
export type NewEarlyAccessFeature = z.infer<typeof newEarlyAccessFeature>
export const earlyAccessFeatureChange = earlyAccessFields.omit({ feature_flag_id: true }).partial()
export type EarlyAccessFeatureChange = z.infer<typeof earlyAccessFeatureChange>

export interface EarlyAccessFeatureBody {
  id: string
  name: string
  description: string
  stage: EarlyAccessStage
  documentation_url: string
  payload: unknown
  feature_flag: FlagBody | null
  created_at: string
}

/** `POST /feature_flags/plan/` and `/apply/`: flags as code. */
export const flagDocument = z.object({
  /** The state that the document was made from; apply refuses another one. */
  base: text.nullable().optional(),
  // why: a field that is misspelt would otherwise be left out without a word.
  flags: z.array(flagFields.omit({ deleted: true, evaluation_tags: true }).partial().required({ key: true }).strict()),
  /** Whether flags that the document does not name are deleted. */
  prune: toggle.default(false),
})
export type FlagDocument = z.infer<typeof flagDocument>

export interface FlagPlanBody {
  base: string
  changes: {
    key: string
    action: 'create' | 'update' | 'delete'
    changes: { field: string; before: unknown; after: unknown }[]
  }[]
}
