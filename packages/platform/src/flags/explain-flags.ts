import { describeReason, type FlagExplanation, FlagSet, flagValue, personProperties } from '@hedgerow/flags'
import type { EvaluationQuestion } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { invalidInput } from '../errors.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import type { FlagRegistry } from './flag-registry.ts'
import type { FlagService } from './flag-service.ts'
import { flagSourceAt, personAt } from './past-evaluations.ts'

/** What flags answer to somebody, and why; now, or as it was at a past moment. */
export function createExplainFlags(
  application: ApplicationStore,
  parts: { registry: FlagRegistry; service: FlagService; query: QueryEngine; nowMs: () => number },
) {
  const { registry, service, query, nowMs } = parts

  async function distinctIdsOf(projectId: number, question: EvaluationQuestion): Promise<string[]> {
    const { rows } = await application.pool.query<{ distinct_id: string }>(
      `SELECT o.distinct_id FROM person_distinct_ids o WHERE o.project_id = $1 AND (o.person_id::text = $2 OR o.person_id =
         (SELECT d.person_id FROM person_distinct_ids d WHERE d.project_id = $1 AND d.distinct_id = $3)) ORDER BY 1 LIMIT 1000`,
      [projectId, question.person_id ?? '', question.distinct_id ?? ''],
    )
    const ids = rows.map((row) => row.distinct_id)
    if (question.distinct_id !== undefined) return [question.distinct_id, ...ids.filter((id) => id !== question.distinct_id)]
    if (ids.length === 0) throw invalidInput('distinct_id', 'or person_id must say who is meant')
    return ids
  }

  return async (projectId: number, question: EvaluationQuestion) => {
    const ids = await distinctIdsOf(projectId, question)
    const request = {
      distinctId: ids[0] as string,
      anonymousId: question.$anon_distinct_id,
      deviceId: question.$device_id,
      groups: question.groups,
      personProperties: question.person_properties,
      groupProperties: question.group_properties,
    }
    const loaded = await registry.get(projectId)
    const subject = await service.subjectOf(projectId, request, loaded)
    const { timestamp } = question
    const isPast = timestamp !== undefined && Date.parse(timestamp) < nowMs()
    const then = isPast ? await personAt(query, projectId, ids, timestamp) : undefined
    const set = isPast ? new FlagSet(await flagSourceAt(application, projectId, timestamp)) : loaded.set
    const asked = isPast
      ? {
          ...subject,
          person: personProperties(then?.properties, question.person_properties, request.distinctId),
          nowMs: Date.parse(timestamp),
        }
      : subject
    const keys = question.flag_keys ?? set.source.flags.map((flag) => flag.key)
    return {
      distinct_id: request.distinctId,
      timestamp: timestamp ?? null,
      person: { properties: asked.person, as_of: then?.seenAt ?? null },
      flags: keys.flatMap((key) => {
        const explained = set.explain(asked, key)
        return explained ? [explanationBody(explained)] : []
      }),
      /** Asked for, but not there, or not to be evaluated at that moment. */
      unknown: keys.filter((key) => set.explain(asked, key) === undefined),
    }
  }
}

function explanationBody({ result, conditions, dependencies }: FlagExplanation) {
  return {
    id: result.id,
    key: result.key,
    version: result.version,
    value: flagValue(result),
    enabled: result.enabled,
    variant: result.variant,
    payload: result.payload,
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
