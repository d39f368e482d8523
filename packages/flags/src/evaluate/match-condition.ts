import type { FlagCondition } from '@hedgerow/protocol'
import type { FlagDefinition, FlagSource } from '../definition.ts'
import { type FlagNeeds, FlagSet } from './flag-set.ts'
import { orderFlags } from './stages.ts'
import type { Subject } from './subject.ts'

export interface ConditionMatcher {
  /** What must be known of whoever is asked about. */
  needs: FlagNeeds
  /** Whether somebody satisfies the filters, whatever the rollout. Who cannot be decided about does not. */
  matches(subject: Subject): boolean
}

/** A release condition by itself, with the flags of the project that it depends on. `groupTypeIndex`: it is one of groups. */
export function conditionMatcher(source: FlagSource, condition: FlagCondition, groupTypeIndex: number | undefined): ConditionMatcher {
  const flag: FlagDefinition = {
    id: 0,
    key: '',
    name: '',
    version: 1,
    active: true,
    filters: { groups: [{ properties: condition.properties ?? [], aggregation_group_type_index: groupTypeIndex ?? null }] },
    ensureExperienceContinuity: false,
    bucketingIdentifier: 'distinct_id',
    evaluationRuntime: 'all',
    evaluationContexts: [],
    isRemoteConfiguration: false,
    hasEncryptedPayloads: false,
    hasExperiment: false,
  }
  const needed = orderFlags([...source.flags, flag]).needs.get(flag.id) ?? []
  const set = new FlagSet({ ...source, flags: [...needed, flag] })
  return {
    needs: set.needs,
    matches: (subject) => set.evaluate(subject, { runtime: 'all' }).results.some(({ id, enabled }) => id === flag.id && enabled),
  }
}
