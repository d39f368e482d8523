import { experimentStatus } from '@hedgerow/experiments'
import type {
  ExperimentBody,
  ExperimentDefaults,
  ExperimentMetricNode,
  FlagBody,
  HoldoutBody,
  LinkedMetricBody,
  StatsConfig,
} from '@hedgerow/protocol'
import { type CreatorColumns, creatorBody, creatorColumns, creatorJoin } from '../accounts/creator.ts'
import type { PinnedDefinition } from './pinned.ts'

export interface ExperimentRow extends CreatorColumns {
  id: number
  project_id: number
  name: string
  description: string
  type: string
  flag_id: number
  flag_key: string
  flag_active: boolean | null
  parameters: Record<string, unknown>
  running_time_calculation: Record<string, unknown> | null
  start_date: Date | null
  end_date: Date | null
  archived: boolean
  deleted: boolean
  exposure_criteria: Record<string, unknown>
  exposure_cohort_id: number | null
  metrics: ExperimentMetricNode[]
  metrics_secondary: ExperimentMetricNode[]
  primary_metrics_ordered_uuids: string[]
  secondary_metrics_ordered_uuids: string[]
  stats_config: StatsConfig
  only_count_matured_users: boolean
  holdout_id: number | null
  conclusion: string | null
  conclusion_comment: string | null
  phase: number
  pinned: PinnedDefinition | null
  links: LinkedMetricBody[]
  /** Of the project. */
  defaults: ExperimentDefaults | null
  created_at: Date
  updated_at: Date
}

const linkedMetrics = `(SELECT coalesce(json_agg(json_build_object('id', l.id, 'saved_metric', m.id, 'name', m.name, 'query', m.query, 'metadata', l.metadata) ORDER BY l.id), '[]'::json)
  FROM experiment_metric_links l JOIN experiment_saved_metrics m ON m.id = l.saved_metric_id WHERE l.experiment_id = experiments.id)`

export const experimentColumns = `experiments.id, experiments.project_id, experiments.name, experiments.description, experiments.type, experiments.flag_id,
  experiments.flag_key, flag.active AS flag_active, experiments.parameters, experiments.running_time_calculation, experiments.start_date,
  experiments.end_date, experiments.archived, experiments.deleted, experiments.exposure_criteria, experiments.exposure_cohort_id, experiments.metrics,
  experiments.metrics_secondary, experiments.primary_metrics_ordered_uuids, experiments.secondary_metrics_ordered_uuids, experiments.stats_config,
  experiments.only_count_matured_users, experiments.holdout_id, experiments.conclusion, experiments.conclusion_comment, experiments.phase,
  experiments.pinned, experiments.created_at, experiments.updated_at, ${linkedMetrics} AS links,
  (SELECT settings->'experiment_defaults' FROM projects WHERE projects.id = experiments.project_id) AS defaults, ${creatorColumns}`

export const experimentFrom = `experiments ${creatorJoin('experiments')} LEFT JOIN feature_flags flag ON flag.id = experiments.flag_id`

/** Draft, running, paused or stopped: derived from the dates and the flag. */
export const statusOf = (row: Pick<ExperimentRow, 'start_date' | 'end_date' | 'flag_active'>) =>
  experimentStatus({ startDate: row.start_date, endDate: row.end_date, flagActive: row.flag_active === true })

/** Own and shared metrics of both kinds, in the order in which they are shown. */
export function metricsOf(
  row: Pick<ExperimentRow, 'metrics' | 'metrics_secondary' | 'links' | 'primary_metrics_ordered_uuids' | 'secondary_metrics_ordered_uuids'>,
) {
  const linked = (type: 'primary' | 'secondary') =>
    row.links
      .filter(({ metadata }) => (metadata.type ?? 'primary') === type)
      .map(
        (link): ExperimentMetricNode => ({
          ...link.query,
          name: link.query.name ?? link.name,
          isSharedMetric: true,
          sharedMetricId: link.saved_metric,
        }),
      )
  return {
    primary: ordered([...row.metrics, ...linked('primary')], row.primary_metrics_ordered_uuids),
    secondary: ordered([...row.metrics_secondary, ...linked('secondary')], row.secondary_metrics_ordered_uuids),
  }
}

function ordered(metrics: ExperimentMetricNode[], uuids: readonly string[]): ExperimentMetricNode[] {
  const place = ({ uuid = '' }: ExperimentMetricNode) => (uuids.includes(uuid) ? uuids.indexOf(uuid) : uuids.length)
  return metrics.toSorted((a, b) => place(a) - place(b))
}

export function experimentBody(row: ExperimentRow, flag: FlagBody | null, holdout: HoldoutBody | null, changes: string[]): ExperimentBody {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    type: row.type,
    feature_flag_key: row.flag_key,
    feature_flag: flag,
    parameters: row.parameters,
    running_time_calculation: row.running_time_calculation,
    start_date: row.start_date?.toISOString() ?? null,
    end_date: row.end_date?.toISOString() ?? null,
    archived: row.archived,
    deleted: row.deleted,
    exposure_criteria: row.exposure_criteria,
    exposure_cohort: row.exposure_cohort_id,
    metrics: row.metrics,
    metrics_secondary: row.metrics_secondary,
    primary_metrics_ordered_uuids: row.primary_metrics_ordered_uuids,
    secondary_metrics_ordered_uuids: row.secondary_metrics_ordered_uuids,
    saved_metrics: row.links,
    stats_config: row.stats_config,
    only_count_matured_users: row.only_count_matured_users,
    holdout,
    holdout_id: row.holdout_id,
    conclusion: row.conclusion,
    conclusion_comment: row.conclusion_comment,
    status: statusOf(row),
    phase: row.phase,
    changes_since_start: changes,
    created_by: creatorBody(row),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
