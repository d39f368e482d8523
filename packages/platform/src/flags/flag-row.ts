import { type FlagDefinition, flagStatus } from '@hedgerow/flags'
import type { BucketingIdentifier, CreatorBody, EvaluationRuntime, FlagBody, FlagFilters } from '@hedgerow/protocol'
import { shownPayloads } from './encrypted-payloads.ts'

/** A row of `feature_flags`, with who made and who changed it last. */
export interface FlagRow {
  id: number
  project_id: number
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
  is_remote_configuration: boolean
  has_encrypted_payloads: boolean
  tags: string[]
  created_at: Date
  updated_at: Date
  last_called_at: Date | null
  creator: CreatorBody | null
  modifier: CreatorBody | null
  features: { id: string; name: string; stage: string }[]
  /** Experiments that it decides. */
  experiments: { id: number; name: string; is_running: boolean }[]
}

const userJson = (column: string) =>
  `(SELECT json_build_object('id', u.id, 'uuid', u.id, 'first_name', u.name, 'email', u.email) FROM users u WHERE u.id = f.${column})`

/** Columns of {@link FlagRow}, of a table named `f`. */
export const flagColumns = `f.id, f.project_id, f.key, f.name, f.filters, f.active, f.archived, f.deleted, f.version,
  f.ensure_experience_continuity, f.bucketing_identifier, f.evaluation_runtime, f.evaluation_contexts, f.is_remote_configuration,
  f.has_encrypted_payloads, f.tags, f.created_at, f.updated_at, f.last_called_at,
  ${userJson('created_by')} AS creator, ${userJson('last_modified_by')} AS modifier,
  (SELECT coalesce(json_agg(json_build_object('id', e.id, 'name', e.name, 'stage', e.stage) ORDER BY e.created_at), '[]')
   FROM early_access_features e WHERE e.project_id = f.project_id AND e.flag_id = f.id) AS features,
  (SELECT coalesce(json_agg(json_build_object('id', x.id, 'name', x.name, 'is_running', x.start_date IS NOT NULL AND x.end_date IS NULL) ORDER BY x.id), '[]')
   FROM experiments x WHERE x.project_id = f.project_id AND x.flag_id = f.id AND NOT x.deleted) AS experiments`

/** What a change can touch: stored in every version, and compared field by field. */
export const changeableFields = [
  'key',
  'name',
  'filters',
  'active',
  'archived',
  'deleted',
  'ensure_experience_continuity',
  'bucketing_identifier',
  'evaluation_runtime',
  'evaluation_contexts',
  'is_remote_configuration',
  'has_encrypted_payloads',
  'tags',
] as const
export type ChangeableField = (typeof changeableFields)[number]
export type FlagFields = Pick<FlagRow, ChangeableField>

export const fieldsOf = (row: FlagFields): FlagFields =>
  Object.fromEntries(changeableFields.map((field) => [field, row[field]])) as unknown as FlagFields

export function definitionOf(row: FlagFields & { id: number; version: number; has_experiment?: boolean }): FlagDefinition {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    version: row.version,
    active: row.active,
    filters: row.filters,
    ensureExperienceContinuity: row.ensure_experience_continuity,
    bucketingIdentifier: row.bucketing_identifier,
    evaluationRuntime: row.evaluation_runtime,
    evaluationContexts: row.evaluation_contexts,
    isRemoteConfiguration: row.is_remote_configuration,
    hasEncryptedPayloads: row.has_encrypted_payloads,
    hasExperiment: row.has_experiment ?? false,
  }
}

export const lifeOf = (row: FlagRow) => ({
  active: row.active,
  archived: row.archived,
  deleted: row.deleted,
  createdAtMs: row.created_at.getTime(),
  lastCalledAtMs: row.last_called_at?.getTime(),
  filters: row.filters,
})

export function flagBody(row: FlagRow, nowMs: number): FlagBody {
  const conditions = row.filters.groups ?? []
  const [first] = conditions
  const isSimple = conditions.length === 1 && (first?.properties ?? []).length === 0 && !row.filters.multivariate
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    filters: row.has_encrypted_payloads ? { ...row.filters, payloads: shownPayloads(row.filters.payloads) } : row.filters,
    active: row.active,
    archived: row.archived,
    deleted: row.deleted,
    version: row.version,
    ensure_experience_continuity: row.ensure_experience_continuity,
    bucketing_identifier: row.bucketing_identifier,
    evaluation_runtime: row.evaluation_runtime,
    evaluation_contexts: row.evaluation_contexts,
    evaluation_tags: row.evaluation_contexts,
    is_remote_configuration: row.is_remote_configuration,
    has_encrypted_payloads: row.has_encrypted_payloads,
    tags: row.tags,
    status: flagStatus(lifeOf(row), nowMs).status,
    is_simple_flag: isSimple,
    rollout_percentage: isSimple ? (first?.rollout_percentage ?? null) : null,
    experiment_set: row.experiments.map(({ id }) => id),
    experiment_set_metadata: row.experiments.map(({ id, name }) => ({ id, name })),
    features: row.features,
    created_by: row.creator,
    last_modified_by: row.modifier,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    last_called_at: row.last_called_at?.toISOString() ?? null,
    can_edit: true,
    user_access_level: 'editor',
    surveys: [],
    usage_dashboard: null,
    analytics_dashboards: [],
  }
}
