import type { FlagCondition, FlagFilter } from '@hedgerow/protocol'
import type { CompiledCohorts } from '../cohorts/compile-cohort.ts'
import { compileProperty } from '../properties/match.ts'
import { readable, type State } from './state.ts'

export type FilterTest = (state: State) => boolean

/** A release condition, made ready. */
export interface CompiledCondition {
  /** Undefined: persons. */
  groupTypeIndex: number | undefined
  /** In the order in which they are asked: dependencies and properties, then cohorts. */
  tests: readonly { filter: FlagFilter; test: FilterTest }[]
  rolloutPercent: number
  /** The variant that everybody in it gets. */
  variant: string | undefined
}

export interface FilterContext {
  cohorts: CompiledCohorts
  timezone: string
}

/** `flagGroupTypeIndex` is the flag's own aggregation, for conditions that name none. */
export function compileCondition(
  condition: FlagCondition,
  flagGroupTypeIndex: number | null | undefined,
  variants: ReadonlySet<string>,
  context: FilterContext,
): CompiledCondition {
  // compat: an explicit null means persons; only where the key is absent, the flag's aggregation counts.
  const own = condition.aggregation_group_type_index
  const groupTypeIndex = (own === undefined ? flagGroupTypeIndex : own) ?? undefined
  const filters = [...(condition.properties ?? [])]
  const ordered = [...filters.filter((filter) => filter.type !== 'cohort'), ...filters.filter((filter) => filter.type === 'cohort')]
  const { variant } = condition
  return {
    groupTypeIndex,
    tests: ordered.map((filter) => ({ filter, test: compileFilter(filter, groupTypeIndex, context) })),
    rolloutPercent: condition.rollout_percentage ?? 100,
    variant: typeof variant === 'string' && variants.has(variant) ? variant : undefined,
  }
}

function compileFilter(filter: FlagFilter, groupTypeIndex: number | undefined, context: FilterContext): FilterTest {
  const test = compilePositive(filter, groupTypeIndex, context)
  return filter.negation === true ? (state) => !test(state) : test
}

function compilePositive(filter: FlagFilter, groupTypeIndex: number | undefined, { cohorts, timezone }: FilterContext): FilterTest {
  switch (filter.type) {
    case 'flag':
      return dependency(Number(filter.key), filter.value)
    case 'cohort': {
      const test = cohorts.test(Number(filter.value))
      return filter.operator === 'not_in' ? (state) => !test(state) : test
    }
    case 'group': {
      const index = filter.group_type_index ?? groupTypeIndex ?? 0
      const test = compileProperty(filter, timezone)
      const key = String(filter.key)
      return ({ subject }) => {
        const properties = subject.groups[index]?.properties ?? nothing
        if (!Object.hasOwn(properties, key)) readable(subject, undefined)
        return test(properties, subject.nowMs)
      }
    }
    case 'person_metadata': {
      const test = compileProperty(filter, timezone)
      return ({ subject }) => test(readable(subject, undefined).personColumns, subject.nowMs)
    }
    case 'person': {
      const test = compileProperty(filter, timezone)
      const key = String(filter.key)
      return ({ subject }) => test(readable(subject, key).person, subject.nowMs)
    }
  }
}

const nothing = {}

/** On a flag that is not in the answer, or off: false. */
function dependency(flagId: number, wanted: unknown): FilterTest {
  if (wanted === true) return (state) => (state.values.get(flagId) ?? false) !== false
  if (wanted === false) return (state) => (state.values.get(flagId) ?? false) === false
  return (state) => state.values.get(flagId) === wanted
}
