import { conditionMatcher, describeReason, flagStatus, flagValue } from '@hedgerow/flags'
import type { Sql } from '@hedgerow/ingestion'
import type { FlagCondition } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { blastRadius } from './blast-radius.ts'
import type { FlagRegistry } from './flag-registry.ts'
import { lifeOf } from './flag-row.ts'
import type { FlagService } from './flag-service.ts'
import { readFlagSource } from './flag-source.ts'
import type { Flags } from './flags.ts'
import type { FollowedCohorts } from './followed-cohorts.ts'

/** What flags answer to somebody, and to how many, for people who look after them. */
export function createFlagEvaluations(
  application: ApplicationStore,
  parts: {
    flags: Flags
    registry: FlagRegistry
    service: FlagService
    followed: FollowedCohorts
    nowMs: () => number
  },
) {
  const { flags, registry, service, nowMs } = parts

  return {
    /** By key: what each flag answers, and why; disabled ones too. */
    async reasons(projectId: number, distinctId: string, groups: Record<string, unknown>) {
      const loaded = await registry.get(projectId)
      const subject = await service.subjectOf(projectId, { distinctId, groups }, loaded)
      const { results } = loaded.set.evaluate(subject, { runtime: 'all' })
      const answers: Record<
        string,
        { value: string | boolean; evaluation: { reason: string; condition_index: number | null; description: string } }
      > = {}
      for (const flag of loaded.set.source.flags) {
        if (!flag.active)
          answers[flag.key] = { value: false, evaluation: { reason: 'disabled', condition_index: null, description: 'Disabled' } }
      }
      for (const result of results) {
        const { code, conditionIndex } = result.reason
        answers[result.key] = {
          value: flagValue(result),
          evaluation: { reason: code, condition_index: conditionIndex, description: describeReason(result) },
        }
      }
      return answers
    },

    async status(projectId: number, id: string) {
      return flagStatus(lifeOf(await flags.row(projectId, id)), nowMs())
    },

    /** Every flag with what it answers to a distinct id, which for "my flags" is the asker's own. */
    async valuesFor(projectId: number, distinctId: string, groups: Record<string, unknown>) {
      const loaded = await registry.get(projectId)
      const subject = await service.subjectOf(projectId, { distinctId, groups }, loaded)
      const values = new Map(loaded.set.evaluate(subject, { runtime: 'all' }).results.map((result) => [result.key, flagValue(result)]))
      const { results } = await flags.list({ id: projectId }, { limit: 1000, offset: 0 })
      return results.map((flag) => ({ feature_flag: flag, value: values.get(flag.key) ?? false }))
    },

    async blastRadius(projectId: number, condition: FlagCondition, groupTypeIndex: number | undefined) {
      const source = await readFlagSource(application.pool as unknown as Sql, projectId)
      const hasFilters = (condition.properties ?? []).length > 0
      const matcher = hasFilters ? conditionMatcher(source, condition, groupTypeIndex) : undefined
      const followed = matcher?.needs.followedCohorts ?? new Map()
      await parts.followed.ready(projectId, followed)
      return blastRadius(application, projectId, matcher, groupTypeIndex, {
        nowMs: nowMs(),
        isFollowedMember: (cohortId, personId) => followed.has(cohortId) && parts.followed.isMember(projectId, cohortId, personId),
      })
    },
  }
}
