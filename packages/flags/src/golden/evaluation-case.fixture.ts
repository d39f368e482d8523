import type { CohortDefinition, FlagDefinition, FlagSource } from '../definition.ts'
import { personProperties, type Subject, subjectGroups } from '../evaluate/subject.ts'

/** A case of `evaluations.json`: stored things, a request, and the answer as `[enabled, variant, reason, condition, payload]`. */
export interface EvaluationCase {
  name: string
  flags: { id: number; key: string; active: boolean; version?: number; deleted?: boolean; filters: object; [field: string]: unknown }[]
  cohorts?: { id: number; is_static: boolean; filters: { properties: unknown } | null; members?: string[] }[]
  groupTypes?: Record<string, string>
  persons?: { distinct_ids: string[]; properties: Record<string, unknown> }[]
  groups?: { group_type: string; key: string; properties: Record<string, unknown> }[]
  hashKeys?: { distinct_id: string; flag_key: string; hash_key: string }[]
  request: {
    distinct_id: string
    groups?: Record<string, unknown>
    person_properties?: Record<string, unknown>
    group_properties?: Record<string, unknown>
    $anon_distinct_id?: string
    $device_id?: string
    flag_keys?: string[]
  }
  answers: Record<string, [boolean, string | null, string, number | null, string | null]>
  leftOut?: string[]
  hasErrors?: boolean
  node: Record<string, string | boolean> | 'skipped'
}

export function flagOf(stored: EvaluationCase['flags'][number]): FlagDefinition {
  return {
    id: stored.id,
    key: stored.key,
    name: '',
    version: stored.version ?? 1,
    active: stored.active,
    filters: stored.filters as FlagDefinition['filters'],
    ensureExperienceContinuity: stored.ensure_experience_continuity === true,
    bucketingIdentifier: stored.bucketing_identifier === 'device_id' ? 'device_id' : 'distinct_id',
    evaluationRuntime: 'all',
    evaluationContexts: [],
    isRemoteConfiguration: false,
    hasEncryptedPayloads: false,
    hasExperiment: false,
  }
}

export function sourceOf(given: EvaluationCase): FlagSource {
  const types = Object.entries(given.groupTypes ?? {}).map(([index, name]) => [name, Number(index)] as const)
  const cohorts = (given.cohorts ?? []).map(
    (cohort): CohortDefinition => ({ id: cohort.id, isStatic: cohort.is_static, properties: cohort.filters?.properties ?? null }),
  )
  return { flags: given.flags.filter((flag) => !flag.deleted).map(flagOf), cohorts, groupTypes: new Map(types), timezone: 'UTC' }
}

export function subjectOf(given: EvaluationCase): Subject {
  const { request } = given
  const person = given.persons?.find(({ distinct_ids: ids }) => ids.includes(request.distinct_id))
  const ids = person?.distinct_ids ?? [request.distinct_id]
  const kept = (given.hashKeys ?? []).filter((row) => ids.includes(row.distinct_id))
  const types = sourceOf(given).groupTypes
  const nameOf = (index: number) => [...types].find(([, each]) => each === index)?.[0]
  return {
    distinctId: request.distinct_id,
    person: personProperties(person?.properties, request.person_properties, request.distinct_id),
    personColumns: {},
    deviceId: request.$device_id,
    anonymousId: request.$anon_distinct_id,
    hashKeys: new Map(kept.map((row) => [row.flag_key, row.hash_key])),
    groups: subjectGroups(
      types,
      request.groups,
      request.group_properties,
      (index, key) => given.groups?.find((group) => group.group_type === nameOf(index) && group.key === key)?.properties,
    ),
    isMember: (id) => given.cohorts?.find((cohort) => cohort.id === id)?.members?.some((member) => ids.includes(member)) ?? false,
    nowMs: Date.parse('2024-06-15T12:00:00Z'),
  }
}
