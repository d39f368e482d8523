import { holdoutHash, rolloutHash, variantHash } from '../hash/bucket.ts'
import type { CompiledCondition } from './compile-condition.ts'
import type { CompiledFlag } from './compile-flag.ts'
import type { FlagResult, ReasonCode } from './result.ts'
import { readable, type State } from './state.ts'
import type { Subject } from './subject.ts'

/** Reasons of a flag that is off, the more telling ones higher. */
const rank: Readonly<Partial<Record<ReasonCode, number>>> = { out_of_rollout_bound: 3, no_condition_match: 2, no_group_type: 1 }

/**
 * Decides one flag, whose dependencies were decided before: early access, then holdout, then the conditions in order.
 * Throws a FlagFailure where it cannot be decided.
 */
export function evaluateFlag(flag: CompiledFlag, state: State): FlagResult {
  const { subject } = state
  const enrolled = evaluateEnrollment(flag, state)
  if (enrolled !== undefined) return resultOf(flag, { enabled: enrolled, code: 'super_condition_value', index: 0 })
  if (flag.holdout && isHeldOut(flag, flag.holdout.percent, subject)) {
    return resultOf(flag, { enabled: true, variant: flag.holdout.variant, code: 'holdout_condition_value', index: null })
  }

  let best: { code: ReasonCode; index: number | null } = { code: 'no_condition_match', index: null }
  let bestRank = -1
  let skippedGroups = false
  for (let index = 0; index < flag.conditions.length; index += 1) {
    const condition = flag.conditions[index] as CompiledCondition
    const identifier = identifierOf(flag, condition.groupTypeIndex, subject)
    const code = evaluateCondition(flag, condition, identifier, state)
    if (code === 'condition_match') {
      const variant = condition.variant ?? variantOf(flag, identifier ?? '')
      return resultOf(flag, { enabled: true, variant, code, index })
    }
    skippedGroups ||= code === 'no_group_type'
    const itsRank = rank[code] ?? 0
    if (itsRank >= bestRank) {
      best = { code, index }
      bestRank = itsRank
    }
    if (code === 'out_of_rollout_bound' && flag.stopsEarly) break
  }
  return resultOf(flag, { enabled: false, ...best, skippedGroups })
}

/** Whether a condition matches, or why not. */
export function evaluateCondition(
  flag: CompiledFlag,
  condition: CompiledCondition,
  identifier: string | undefined,
  state: State,
): ReasonCode {
  if (identifier === undefined && condition.groupTypeIndex !== undefined) return 'no_group_type'
  for (const { test } of condition.tests) if (!test(state)) return 'no_condition_match'
  if (identifier === undefined) return 'out_of_rollout_bound'
  return isWithin(condition.rolloutPercent, flag.definition.key, identifier) ? 'condition_match' : 'out_of_rollout_bound'
}

function isWithin(percent: number, key: string, identifier: string): boolean {
  return percent === 100 || rolloutHash(key, identifier) <= percent / 100
}

/** What is hashed; undefined where the group, or the device, is not named. */
export function identifierOf(flag: CompiledFlag, groupTypeIndex: number | undefined, subject: Subject): string | undefined {
  if (groupTypeIndex !== undefined) return subject.groups[groupTypeIndex]?.key
  const { definition } = flag
  if (definition.bucketingIdentifier === 'device_id') return subject.deviceId
  if (!definition.ensureExperienceContinuity) return subject.distinctId
  // why: with the wrong identifier the answer might flip; at 100 % without variants it cannot.
  if (flag.dependsOnIdentity) readable(subject, undefined)
  return subject.hashKeys?.get(definition.key) ?? subject.anonymousId ?? subject.distinctId
}

/** The variant by hash; undefined where the weights leave a gap. */
function variantOf(flag: CompiledFlag, identifier: string): string | undefined {
  if (flag.variants.length === 0) return undefined
  const hash = variantHash(flag.definition.key, identifier)
  let sum = 0
  for (const { key, share } of flag.variants) {
    // tricky: added one by one, as every SDK does, since the sum's last digit is part of the contract.
    sum += share
    if (hash < sum) return key
  }
  return undefined
}

/** Whether people opted in or out by themselves; undefined where they did neither. */
function evaluateEnrollment(flag: CompiledFlag, state: State): boolean | undefined {
  const { person } = state.subject
  const { enrollmentProperty, superCondition } = flag
  if (enrollmentProperty !== undefined) readable(state.subject, enrollmentProperty)
  if (enrollmentProperty !== undefined && Object.hasOwn(person, enrollmentProperty)) {
    const value = person[enrollmentProperty]
    return value === true || value === 'true'
  }
  if (superCondition?.keys.some((key) => Object.hasOwn(person, key))) {
    const { condition } = superCondition
    return evaluateCondition(flag, condition, identifierOf(flag, condition.groupTypeIndex, state.subject), state) === 'condition_match'
  }
  return undefined
}

/** By the flag's own aggregation; whoever was anonymous before counts by the present id. */
function isHeldOut(flag: CompiledFlag, percent: number, subject: Subject): boolean {
  const identifier =
    flag.groupTypeIndex === undefined && flag.definition.bucketingIdentifier === 'distinct_id'
      ? subject.distinctId
      : identifierOf(flag, flag.groupTypeIndex, subject)
  return identifier !== undefined && holdoutHash(identifier) <= percent / 100
}

/** limit: ways of answering that are kept of one flag, since they are looked through one by one. */
const maxKeptResults = 32

interface Decided {
  enabled: boolean
  variant?: string | undefined
  code: ReasonCode
  index: number | null
  skippedGroups?: boolean
}

/** why: one object for each way in which the flag can be answered, so that whoever writes answers need write each only once. */
function resultOf({ definition, payloads, results }: CompiledFlag, decided: Decided): FlagResult {
  const { enabled, variant, code, index, skippedGroups = false } = decided
  for (const known of results) {
    const isSameReason = known.reason.code === code && known.reason.conditionIndex === index
    if (isSameReason && known.enabled === enabled && (known.variant ?? undefined) === variant && known.skippedGroups === skippedGroups) {
      return known
    }
  }
  const result: FlagResult = {
    id: definition.id,
    key: definition.key,
    version: definition.version,
    enabled,
    variant: variant ?? null,
    payload: enabled ? (payloads.get(variant ?? 'true') ?? null) : null,
    reason: { code, conditionIndex: index },
    skippedGroups,
  }
  if (results.length < maxKeptResults) results.push(result)
  return result
}

/** A flag that is off without having been evaluated. */
export function undecided({ definition }: CompiledFlag, code: ReasonCode, failure?: string): FlagResult {
  return {
    id: definition.id,
    key: definition.key,
    version: definition.version,
    enabled: false,
    variant: null,
    payload: null,
    reason: { code, conditionIndex: null },
    skippedGroups: false,
    ...(failure === undefined ? {} : { failure }),
  }
}
