import {
  dependenciesOf,
  describeReason,
  type FlagDefinition,
  type FlagExplanation,
  FlagSet,
  flagValue,
  type Subject,
} from '@hedgerow/flags'
import type { EvaluationQuestion } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import type { CohortRuns } from '../cohorts/cohort-runs.ts'
import { createPastCohorts } from '../cohorts/past-cohorts.ts'
import { invalidInput } from '../errors.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { shownPayload } from './encrypted-payloads.ts'
import type { FlagPeople } from './flag-people.ts'
import type { FlagRegistry } from './flag-registry.ts'
import type { FlagService } from './flag-service.ts'
import { flagSourceAt } from './past-evaluations.ts'
import { subjectAt } from './past-subject.ts'

interface ExplainParts {
  registry: FlagRegistry
  service: FlagService
  people: FlagPeople
  query: QueryEngine
  cohortRuns: CohortRuns
  nowMs: () => number
}

/** Who is asked about, and by which definitions. */
interface View {
  set: FlagSet
  subject: Subject
  /** Of the past: the event that tells of the person. */
  seenAt: string | undefined
  /** What could not be made as it was then. */
  notes: readonly string[]
}

/** What flags answer to somebody, and why; now, or as it was at a past moment. */
export function createExplainFlags(application: ApplicationStore, parts: ExplainParts) {
  const { registry, service, people, query, nowMs } = parts
  const pastCohorts = createPastCohorts(application, parts.cohortRuns)

  async function distinctIdsOf(projectId: number, question: EvaluationQuestion): Promise<string[]> {
    const { rows } = await application.pool.query<{ distinct_id: string }>(
      `SELECT o.distinct_id FROM person_distinct_ids o WHERE o.project_id = $1 AND (o.person_id::text = $2 OR o.person_id =
         (SELECT d.person_id FROM person_distinct_ids d WHERE d.project_id = $1 AND d.distinct_id = $3)) ORDER BY 1 LIMIT 1000`,
      [projectId, question.person_id ?? '', question.distinct_id ?? ''],
    )
    const ids = rows.map((row) => row.distinct_id)
    if (question.distinct_id !== undefined) return [question.distinct_id, ...ids.filter((id) => id !== question.distinct_id)]
    if (question.person_id === undefined) throw invalidInput('distinct_id', 'or person_id must say who is meant', 'required')
    if (ids.length === 0) {
      throw invalidInput('person_id', `must be the id of a person: there is no person ${JSON.stringify(question.person_id.slice(0, 100))}`)
    }
    return ids
  }

  async function presentView(projectId: number, question: EvaluationQuestion, distinctId: string): Promise<View> {
    const request = {
      distinctId,
      anonymousId: question.$anon_distinct_id,
      deviceId: question.$device_id,
      groups: question.groups,
      personProperties: question.person_properties,
      groupProperties: question.group_properties,
    }
    const loaded = await registry.get(projectId)
    return { set: loaded.set, subject: await service.subjectOf(projectId, request, loaded), seenAt: undefined, notes: [] }
  }

  async function pastView(projectId: number, question: EvaluationQuestion, distinctIds: readonly string[], at: string): Promise<View> {
    const source = await flagSourceAt(application, projectId, at)
    const asked = { question, distinctIds, groupTypes: source.groupTypes }
    const { subject, personId, seenAt } = await subjectAt({ application, query, people }, projectId, asked, at)
    const { cohorts, notes } = await pastCohorts(projectId, personId, cohortsNamed(source.flags, question.flag_keys), at)
    return { set: new FlagSet({ ...source, cohorts }), subject, seenAt, notes }
  }

  return async (projectId: number, question: EvaluationQuestion) => {
    const ids = await distinctIdsOf(projectId, question)
    const distinctId = ids[0] as string
    const { timestamp } = question
    const isPast = timestamp !== undefined && Date.parse(timestamp) < nowMs()
    const { set, subject, seenAt, notes } = isPast
      ? await pastView(projectId, question, ids, timestamp)
      : await presentView(projectId, question, distinctId)
    const keys = question.flag_keys ?? set.source.flags.map((flag) => flag.key)
    const explained = keys.map((key) => set.explain(subject, key))
    const flagOf = new Map(set.source.flags.map((flag) => [flag.id, flag]))
    const typeOf = new Map([...set.source.groupTypes].map(([type, index]) => [index, type]))
    return {
      distinct_id: distinctId,
      timestamp: timestamp ?? null,
      person: { properties: subject.person, as_of: seenAt ?? null },
      /** Those that were named and are known by their type, with the properties that conditions saw. */
      groups: subject.groups.flatMap((group, index) => (group ? [{ group_type: typeOf.get(index) ?? String(index), ...group }] : [])),
      /** What could not be made as it was at that moment. */
      notes,
      flags: explained.flatMap((one) => (one ? [explanationBody(one, flagOf.get(one.result.id))] : [])),
      /** Asked for, but not there, or not to be evaluated at that moment. */
      unknown: keys.filter((_, index) => explained[index] === undefined),
    }
  }
}

/** Ids of cohorts in the conditions of these flags, or of all, and of what they depend on. */
function cohortsNamed(flags: readonly FlagDefinition[], keys: readonly string[] | undefined): number[] {
  const named = new Set<FlagDefinition>()
  const add = (flag: FlagDefinition): void => {
    if (named.has(flag)) return
    named.add(flag)
    const needed = dependenciesOf(flag)
    for (const other of flags) if (needed.includes(other.id)) add(other)
  }
  for (const flag of flags) if (keys === undefined || keys.includes(flag.key)) add(flag)
  const conditions = [...named].flatMap(({ filters }) => [...(filters.groups ?? []), ...(filters.super_groups ?? [])])
  const filters = conditions.flatMap((condition) => condition.properties ?? [])
  return [...new Set(filters.filter(({ type }) => type === 'cohort').map(({ value }) => Number(value)))]
}

function explanationBody({ result, conditions, dependencies }: FlagExplanation, flag: FlagDefinition | undefined) {
  return {
    id: result.id,
    key: result.key,
    version: result.version,
    value: flagValue(result),
    enabled: result.enabled,
    variant: result.variant,
    payload: flag?.hasEncryptedPayloads ? shownPayload(result.payload) : result.payload,
    reason: { code: result.reason.code, condition_index: result.reason.conditionIndex, description: describeReason(result) },
    dependencies,
    conditions: conditions.map((condition) => ({
      index: condition.index,
      outcome: condition.code,
      identifier: condition.identifier ?? null,
      rollout_percentage: condition.rolloutPercent,
      rollout_hash: condition.rolloutHash ?? null,
      variant: condition.variant ?? null,
      variant_hash: condition.variantHash ?? null,
      filters: condition.filters.map(({ filter, matches, actual }) => ({ filter, matches: matches ?? null, actual: actual ?? null })),
    })),
  }
}
