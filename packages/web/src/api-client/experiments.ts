import type {
  ExperimentBody,
  ExperimentChange,
  ExperimentMetricNode,
  FlagBody,
  HoldoutBody,
  NewExperiment,
  NewSavedMetric,
  Page,
  SavedMetricBody,
} from '@hedgerow/protocol'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'
import { type QueryAccount, runQuery } from './queries.ts'

const path = (projectId: number) => `/api/projects/${projectId}/experiments/`

export interface ExperimentsFilter {
  search?: string | undefined
  status?: 'draft' | 'running' | 'paused' | 'stopped' | undefined
  archived?: boolean | undefined
}

export const experimentsQuery = (projectId: number, filter: ExperimentsFilter) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiments', filter],
    queryFn: ({ signal }) => request<Page<ExperimentBody>>(`${path(projectId)}${queryString({ ...filter, limit: 500 })}`, { signal }),
  })

export const experimentQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiment', id],
    queryFn: ({ signal }) => request<ExperimentBody>(`${path(projectId)}${encodeURIComponent(id)}/`, { signal }),
  })

export const createExperiment = (projectId: number, body: NewExperiment) =>
  request<ExperimentBody>(path(projectId), { method: 'POST', body })

export const changeExperiment = (projectId: number, id: number, body: ExperimentChange) =>
  request<ExperimentBody>(`${path(projectId)}${id}/`, { method: 'PATCH', body })

export type ExperimentAction = 'launch' | 'pause' | 'resume' | 'end' | 'ship_variant' | 'archive' | 'unarchive' | 'reset' | 'duplicate'

export const actOnExperiment = (projectId: number, id: number, action: ExperimentAction, body: object = {}) =>
  request<ExperimentBody>(`${path(projectId)}${id}/${action}/`, { method: 'POST', body })

/** Flags with variants that an experiment can be made on. */
export const eligibleFlagsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiments', 'eligible-flags'],
    queryFn: ({ signal }) => request<Page<FlagBody>>(`${path(projectId)}eligible_feature_flags/${queryString({ limit: 500 })}`, { signal }),
    staleTime: 30_000,
  })

export interface FlagCalls {
  /** In the last `days`. */
  calls: number
  days: number
  first_called_at: string | null
}

/** Whether the app asks for the experiment's flag. */
export const flagCallsQuery = (projectId: number, id: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiment', String(id), 'flag-calls'],
    queryFn: ({ signal }) => request<FlagCalls>(`${path(projectId)}${id}/requires_flag_implementation/`, { signal }),
  })

/** A statistic by its name; see docs/guide/experiments.md. */
export const calculate = async <Result>(projectId: number, kind: string, input: object, signal?: AbortSignal): Promise<Result> =>
  (await request<{ result: Result }>(`${path(projectId)}calculate/`, { method: 'POST', body: { kind, input }, signal })).result

/** One variant of a metric. */
export interface VariantResult {
  key: string
  number_of_samples: number
  sum: number
  value: number | null
  validation_failures: string[]
  method?: 'bayesian' | 'frequentist'
  significant?: boolean | null
  effect?: number | null
  p_value?: number | null
  confidence_interval?: [number, number] | null
  chance_to_win?: number | null
  credible_interval?: [number, number] | null
  variance_reduction?: number | null
  expected_loss?: { choose_control: number; choose_treatment: number } | null
  denominator_sum?: number | null
  step_counts?: number[]
  reason?: string | null
}

/** As much of a metric as is told of it in words. */
export interface ShownEvents {
  event?: string | null
  name?: string | null
  math?: string
  math_property?: string
}

export interface MetricResult {
  metric: {
    uuid?: string
    name?: string | null
    metric_type: string
    is_guardrail?: boolean
    goal?: 'increase' | 'decrease' | null
    isSharedMetric?: boolean
    conversion_window?: number | null
    conversion_window_unit?: string
    upper_bound_percentile?: number | null
    lower_bound_percentile?: number | null
    series?: ShownEvents[]
    source?: ShownEvents
    numerator?: ShownEvents
    denominator?: ShownEvents
    start_event?: ShownEvents
    completion_event?: ShownEvents
  }
  baseline: VariantResult | null
  variant_results: VariantResult[]
  breakdown_results?: { breakdown_value: (string | null)[]; baseline: VariantResult | null; variants: VariantResult[] }[]
}

export interface ExperimentResults {
  baseline_variant_key: string
  stats: {
    method: 'bayesian' | 'frequentist'
    differenceType: 'relative' | 'absolute'
    sequential: boolean
    alpha: number
    ciLevel: number
  }
  date_range: { date_from: string; date_to: string }
  metrics: MetricResult[]
  metrics_secondary: MetricResult[]
  exposures: {
    timeseries: { variant: string; days: string[]; exposure_counts: number[] }[]
    total_exposures: Record<string, number>
    sample_ratio_mismatch: { p_value: number; mismatch: boolean } | null
  }
  corrections: { metric_uuid?: string; variant: string; method: string; adjusted_p_value: number; significant: boolean }[]
  guardrails: { metric_uuid?: string; name: string; variant: string; state: 'good' | 'warn' | 'stop' }[]
  waterfall: { events: number; units: number; steps: { step: string; units: number; events: number }[] }
  trust: { name: string; state: 'good' | 'bad' | 'unknown'; text: string }[]
  verdict: { state: string; variant: string | null; text: string } | null
}

export const experimentResultsQuery = (projectId: number, id: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiment', String(id), 'results'],
    queryFn: ({ signal }) => request<ExperimentResults>(`${path(projectId)}${id}/results/`, { signal }),
    staleTime: 30_000,
  })

/** One metric by itself, with how its answer came about; by the values of a property where one is named. */
export const metricQuery = (projectId: number, id: number, metric: MetricResult['metric'], property?: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiment', String(id), 'metric', metric.uuid, property],
    queryFn: ({ signal }) => {
      const breakdownFilter = property ? { breakdownFilter: { breakdowns: [{ property, type: 'event' }] } } : {}
      const query = { kind: 'ExperimentQuery', experiment_id: id, metric: { ...metric, ...breakdownFilter } }
      return runQuery<QueryAccount & { results: MetricResult }>(projectId, query, { signal })
    },
    staleTime: 60_000,
  })

/** A person or a group that a metric's numbers are made of. */
export interface ExperimentUnit {
  id: string
  name: string | null
  exposed_at: string
  value: number
  denominator?: number
}
const unitRows = 100
export const experimentPeopleQuery = (projectId: number, id: number, metricUuid: string, variant: string) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'experiment', String(id), 'people', metricUuid, variant],
    queryFn: ({ signal, pageParam }) =>
      request<{ group_type_index: number | null; units: ExperimentUnit[]; has_more: boolean }>(
        `${path(projectId)}${id}/people/${queryString({ metric_uuid: metricUuid, variant, limit: unitRows, offset: pageParam })}`,
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.has_more ? pages.length * unitRows : undefined),
    staleTime: 60_000,
  })

export interface Course {
  status: string
  timeseries: Record<string, { baseline: VariantResult | null; variant_results: VariantResult[] }>
}

export const experimentCourseQuery = (projectId: number, id: number, metricUuid: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiment', String(id), 'course', metricUuid],
    queryFn: ({ signal }) =>
      request<Course>(`${path(projectId)}${id}/timeseries_results/${queryString({ metric_uuid: metricUuid })}`, { signal }),
    staleTime: 60_000,
  })

export interface AaCheck {
  units: number
  splits: number
  false_positive_rate: number | null
  promised_rate: number
  holds: boolean | null
}

export const aaCheckQuery = (projectId: number, id: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'experiment', String(id), 'aa-check'],
    queryFn: ({ signal }) => request<AaCheck>(`${path(projectId)}${id}/aa_check/`, { signal }),
    staleTime: 300_000,
  })

export const reportPath = (projectId: number, id: number) => `${path(projectId)}${id}/report/`

const sharedPath = (projectId: number) => `/api/projects/${projectId}/experiment_saved_metrics/`
export const sharedMetricsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'shared-metrics'],
    queryFn: ({ signal }) => request<Page<SavedMetricBody>>(`${sharedPath(projectId)}${queryString({ limit: 500 })}`, { signal }),
  })
export const createSharedMetric = (projectId: number, body: NewSavedMetric) =>
  request<SavedMetricBody>(sharedPath(projectId), { method: 'POST', body })
export const removeSharedMetric = (projectId: number, id: number) => request<null>(`${sharedPath(projectId)}${id}/`, { method: 'DELETE' })

const holdoutPath = (projectId: number) => `/api/projects/${projectId}/experiment_holdouts/`
export const holdoutsQuery = (projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'holdouts'],
    queryFn: ({ signal }) => request<Page<HoldoutBody>>(`${holdoutPath(projectId)}${queryString({ limit: 500 })}`, { signal }),
  })
export const createHoldout = (projectId: number, name: string, percent: number) =>
  request<HoldoutBody>(holdoutPath(projectId), {
    method: 'POST',
    body: { name, filters: [{ properties: [], rollout_percentage: percent }] },
  })
export const removeHoldout = (projectId: number, id: number) => request<null>(`${holdoutPath(projectId)}${id}/`, { method: 'DELETE' })

/** The metrics that a saved insight asks for, as copies. */
export const metricsFromInsight = (projectId: number, insight: number) =>
  request<{ metrics: ExperimentMetricNode[] }>(`${path(projectId)}metrics_from_insight/`, { method: 'POST', body: { insight } })

/** The metric that a query asks for, which says for each person one number of events; any other is refused. */
export const metricFromSql = async (projectId: number, query: string, name: string) =>
  (await request<{ metric: ExperimentMetricNode }>(`${path(projectId)}metric_from_sql/`, { method: 'POST', body: { query, name } })).metric
