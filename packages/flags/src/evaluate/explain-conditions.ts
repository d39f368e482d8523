import type { FlagFilter } from '@hedgerow/protocol'
import { rolloutHash, variantHash } from '../hash/bucket.ts'
import type { CompiledFlag } from './compile-flag.ts'
import { evaluateCondition, identifierOf } from './evaluate-flag.ts'
import type { ReasonCode } from './result.ts'
import { FlagFailure, type State } from './state.ts'

/** What a condition says of somebody, whether or not it was the one that decided. */
export interface ConditionExplanation {
  index: number
  code: ReasonCode
  /** What is hashed; undefined where no group of the condition's type, or no device, was named. */
  identifier: string | undefined
  /** From 0 to 1; the condition is for those up to its percentage. */
  rolloutHash: number | undefined
  rolloutPercent: number
  /** From 0 to 1; chooses among the variants. */
  variantHash: number | undefined
  variant: string | undefined
  filters: readonly { filter: FlagFilter; matches: boolean | undefined; actual: unknown }[]
}

export function explainConditions(flag: CompiledFlag, state: State): ConditionExplanation[] {
  const { key } = flag.definition
  return flag.conditions.map((condition, index) => {
    const identifier = orFailure(() => identifierOf(flag, condition.groupTypeIndex, state.subject))
    const hasVariants = flag.variants.length > 0
    return {
      index,
      code: orFailure(() => evaluateCondition(flag, condition, identifier, state)) ?? 'evaluation_error',
      identifier,
      rolloutHash: identifier === undefined ? undefined : rolloutHash(key, identifier),
      rolloutPercent: condition.rolloutPercent,
      variantHash: identifier === undefined || !hasVariants ? undefined : variantHash(key, identifier),
      variant: condition.variant,
      filters: condition.tests.map(({ filter, test }) => ({
        filter,
        matches: orFailure(() => test(state)),
        actual: actualOf(filter, condition.groupTypeIndex, state),
      })),
    }
  })
}

/** What a filter looked at: a property, or what another flag answers. */
function actualOf(filter: FlagFilter, groupTypeIndex: number | undefined, { subject, values }: State): unknown {
  const key = String(filter.key)
  switch (filter.type) {
    case 'person':
      return subject.person[key]
    case 'person_metadata':
      return subject.personColumns[key]
    case 'group':
      return subject.groups[filter.group_type_index ?? groupTypeIndex ?? 0]?.properties[key]
    case 'flag':
      return values.get(Number(filter.key)) ?? false
    case 'cohort':
      return undefined
  }
}

function orFailure<Value>(find: () => Value): Value | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof FlagFailure) return undefined
    throw error
  }
}
