import type { FlagDefinition } from '../definition.ts'
import { textOf } from '../properties/text.ts'
import { type CompiledCondition, compileCondition, type FilterContext } from './compile-condition.ts'
import type { FlagResult } from './result.ts'

/** A flag, made ready. */
export interface CompiledFlag {
  definition: FlagDefinition
  /** Undefined: persons. */
  groupTypeIndex: number | undefined
  conditions: readonly CompiledCondition[]
  variants: readonly { key: string; share: number }[]
  /** By variant, or `true`: JSON as text. */
  payloads: ReadonlyMap<string, string>
  /** The property by which people opted in or out. */
  enrollmentProperty: string | undefined
  /** The older form of it, with the properties that make it count. */
  superCondition: { condition: CompiledCondition; keys: readonly string[] } | undefined
  holdout: { percent: number; variant: string } | undefined
  stopsEarly: boolean
  /** Answers that it has given so far; see resultOf. */
  results: FlagResult[]
  /** Its answer may change when somebody is identified, unless the identifier of before is kept. */
  dependsOnIdentity: boolean
}

export function compileFlag(definition: FlagDefinition, context: FilterContext): CompiledFlag {
  const { filters } = definition
  const stored = filters.multivariate?.variants ?? []
  const keys = new Set(stored.map((variant) => variant.key))
  const aggregation = filters.aggregation_group_type_index
  const [superGroup] = filters.super_groups ?? []
  const conditions = (filters.groups ?? []).map((condition) => compileCondition(condition, aggregation, keys, context))
  return {
    definition,
    groupTypeIndex: aggregation ?? undefined,
    conditions,
    variants: stored.map((variant) => ({ key: variant.key, share: variant.rollout_percentage / 100 })),
    payloads: payloadsOf(filters.payloads),
    enrollmentProperty: filters.feature_enrollment === true ? `$feature_enrollment/${definition.key}` : undefined,
    superCondition: superGroup && {
      condition: compileCondition(superGroup, aggregation, keys, context),
      keys: (superGroup.properties ?? []).map((filter) => String(filter.key)),
    },
    holdout: holdoutOf(definition),
    results: [],
    stopsEarly: filters.early_exit === true,
    dependsOnIdentity: definition.ensureExperienceContinuity && conditions.some((condition) => isShared(condition, stored.length > 0)),
  }
}

/** Whether a condition gives persons different answers: not at 100 % without variants, nor where groups are counted. */
const isShared = (condition: CompiledCondition, hasVariants: boolean): boolean =>
  condition.groupTypeIndex === undefined && (condition.rolloutPercent < 100 || (hasVariants && condition.variant === undefined))

function payloadsOf(payloads: Readonly<Record<string, unknown>> | null | undefined): Map<string, string> {
  const given = Object.entries(payloads ?? {}).filter(([, payload]) => payload !== null && payload !== undefined)
  return new Map(given.map(([key, payload]) => [key, typeof payload === 'string' ? payload : textOf(payload)]))
}

function holdoutOf({ filters }: FlagDefinition): CompiledFlag['holdout'] {
  if (filters.holdout) return { percent: filters.holdout.exclusion_percentage, variant: `holdout-${filters.holdout.id}` }
  const [old] = filters.holdout_groups ?? []
  return old && { percent: old.rollout_percentage ?? 100, variant: old.variant ?? 'holdout' }
}
