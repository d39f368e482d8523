import type {
  BlastRadiusBody,
  CreatorBody,
  EvaluationQuestion,
  FlagActivityBody,
  FlagBody,
  FlagChange,
  FlagComparisonBody,
  FlagCondition,
  FlagFilter,
  NewFlag,
  Page,
  ReplayQuestion,
  ScheduledChangeBody,
} from '@hedgerow/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryString, request } from './http.ts'
import { userName } from './user-name.ts'

const path = (projectId: number) => `/api/projects/${projectId}/feature_flags/`
const flagPath = (projectId: number, id: number | string) => `${path(projectId)}${encodeURIComponent(String(id))}/`

export interface FlagsFilter {
  search?: string | undefined
  active?: 'true' | 'false' | 'STALE' | undefined
  type?: 'boolean' | 'multivariant' | 'experiment' | 'remote_config' | undefined
  tag?: string | undefined
}

export const flagsQuery = (projectId: number, { tag, ...filter }: FlagsFilter) =>
  queryOptions({
    queryKey: ['project', projectId, 'flags', filter, tag],
    queryFn: ({ signal }) =>
      request<Page<FlagBody>>(
        `${path(projectId)}${queryString({ ...filter, tags: tag === undefined ? undefined : JSON.stringify([tag]), limit: 500 })}`,
        { signal },
      ),
  })

/** The first flags that match, for pickers. */
export const flagChoicesQuery = (projectId: number, search: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'flags', 'choices', search],
    queryFn: async ({ signal }) =>
      (await request<Page<FlagBody>>(`${path(projectId)}${queryString({ search, limit: 100 })}`, { signal })).results,
    staleTime: 30_000,
  })

export const flagQuery = (projectId: number, id: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'flag', id],
    queryFn: ({ signal }) => request<FlagBody>(flagPath(projectId, id), { signal }),
  })

/** Whether a key is taken: the flag that has it. */
export const flagOfKeyQuery = (projectId: number, key: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'flags', 'of-key', key],
    queryFn: async ({ signal }) =>
      (await request<Page<FlagBody>>(`${path(projectId)}${queryString({ key, limit: 1 })}`, { signal })).results.find(
        (flag) => flag.key === key,
      ) ?? null,
    staleTime: 10_000,
  })

export const createFlag = (projectId: number, body: NewFlag) => request<FlagBody>(path(projectId), { method: 'POST', body })

export const changeFlag = (projectId: number, id: number, body: FlagChange) =>
  request<FlagBody>(flagPath(projectId, id), { method: 'PATCH', body })

/** How many people, or groups, a release condition matches. */
export const reachQuery = (projectId: number, condition: FlagCondition, groupTypeIndex: number | null) =>
  queryOptions({
    queryKey: ['project', projectId, 'flags', 'reach', condition, groupTypeIndex],
    queryFn: ({ signal }) =>
      request<BlastRadiusBody>(`${path(projectId)}user_blast_radius/`, {
        method: 'POST',
        body: { condition, group_type_index: groupTypeIndex },
        signal,
      }),
    staleTime: 30_000,
    retry: false,
  })

/** What was answered on each day: as apps told (`called`), and as the server counted (`answered`). */
export interface FlagUsage {
  called: { day: string; answer: string; calls: number; people: number }[]
  answered: { day: string; answer: string; count: number }[]
  last_called_at: string | null
}

export const flagUsageQuery = (projectId: number, id: number, days: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'flag', String(id), 'usage', days],
    queryFn: ({ signal }) => request<FlagUsage>(`${flagPath(projectId, id)}usage/${queryString({ days })}`, { signal }),
    staleTime: 30_000,
  })

export interface FlagStanding {
  status: FlagBody['status']
  reason: string
}

export const flagStatusQuery = (projectId: number, id: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'flag', String(id), 'status'],
    queryFn: ({ signal }) => request<FlagStanding>(`${flagPath(projectId, id)}status/`, { signal }),
  })

export const flagActivityQuery = (projectId: number, id: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'flag', String(id), 'activity'],
    queryFn: ({ signal }) =>
      request<Page<FlagActivityBody>>(`${flagPath(projectId, id)}activity/${queryString({ limit: 100 })}`, { signal }),
  })

export const restoreFlag = (projectId: number, id: number, version: number) =>
  request<FlagBody>(`${flagPath(projectId, id)}restore/`, { method: 'POST', body: { version } })

/** What a flag answered to somebody, and how each of its conditions came out. */
export interface ExplainedFlag {
  id: number
  key: string
  version: number
  value: string | boolean
  payload: string | null
  reason: { code: string; condition_index: number | null; description: string }
  dependencies: { key: string; value: string | boolean }[]
  conditions: {
    index: number
    outcome: string
    identifier: string | null
    rollout_percentage: number
    rollout_hash: number | null
    variant: string | null
    variant_hash: number | null
    filters: { filter: FlagFilter; matches: boolean | null; actual: unknown }[]
  }[]
}

export interface Explanation {
  distinct_id: string
  timestamp: string | null
  person: { properties: Record<string, unknown>; as_of: string | null }
  groups: { group_type: string; key: string; properties: Record<string, unknown> }[]
  /** What could not be made as it was at that moment, as sentences. */
  notes: string[]
  flags: ExplainedFlag[]
  unknown: string[]
}

export const explanationQuery = (projectId: number, question: EvaluationQuestion) =>
  queryOptions({
    queryKey: ['project', projectId, 'flags', 'explain', question],
    queryFn: ({ signal }) => request<Explanation>(`${path(projectId)}explain/`, { method: 'POST', body: question, signal }),
    staleTime: 0,
    retry: false,
  })

/** What a change would do to those who were told an answer in the last days. */
export interface FlagReplay {
  evaluations: number
  changed: number
  people: number
  people_changed: number
  is_limited: boolean
  days: number
  moves: { from: string; to: string; people: number; is_change: boolean }[]
}

export const replayFlag = (projectId: number, id: number, question: ReplayQuestion) =>
  request<FlagReplay>(`${flagPath(projectId, id)}replay/`, { method: 'POST', body: question })

const schedulePath = (projectId: number) => `/api/projects/${projectId}/scheduled_changes/`

export const flagScheduleQuery = (projectId: number, id: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'flag', String(id), 'schedule'],
    queryFn: ({ signal }) =>
      request<Page<ScheduledChangeBody>>(
        `${schedulePath(projectId)}${queryString({ model_name: 'FeatureFlag', record_id: id, limit: 100 })}`,
        { signal },
      ),
  })

export const scheduleFlagChange = (
  projectId: number,
  id: number,
  change: {
    payload: { operation: string; value: unknown }
    scheduled_at: string
    recurrence_interval: ScheduledChangeBody['recurrence_interval']
  },
) =>
  request<ScheduledChangeBody>(schedulePath(projectId), {
    method: 'POST',
    body: { ...change, record_id: id, model_name: 'FeatureFlag', is_recurring: change.recurrence_interval !== null },
  })

export const deleteScheduledChange = (projectId: number, id: number) =>
  request<undefined>(`${schedulePath(projectId)}${id}/`, { method: 'DELETE' })

/** Who wrote something, as people are named. */
export const authorName = (author: CreatorBody | null): string => (author ? userName(author) : 'The server')

/** How a flag differs from the one with its key in another project. */
export const flagComparisonQuery = (projectId: number, id: number, otherId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'flag', String(id), 'compare', otherId],
    queryFn: ({ signal }) =>
      request<FlagComparisonBody>(`${flagPath(projectId, id)}compare/${queryString({ project_id: otherId })}`, { signal }),
    staleTime: 5_000,
  })

export interface FlagCopies {
  success: (FlagBody & { team_id: number })[]
  failed: { project_id: number; errors: string }[]
}

export const copyFlagTo = (projectId: number, id: number, otherIds: readonly number[], isDisabled: boolean) =>
  request<FlagCopies>(`${flagPath(projectId, id)}copy/`, {
    method: 'POST',
    body: { target_project_ids: otherIds, disable_copied_flag: isDisabled },
  })
