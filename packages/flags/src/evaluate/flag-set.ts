import type { EvaluationRuntime } from '@hedgerow/protocol'
import { type CohortTriggers, CompiledCohorts } from '../cohorts/compile-cohort.ts'
import type { FlagDefinition, FlagSource } from '../definition.ts'
import { type CompiledFlag, compileFlag } from './compile-flag.ts'
import { evaluateFlag, undecided } from './evaluate-flag.ts'
import { type ConditionExplanation, explainConditions } from './explain-conditions.ts'
import { type FlagResult, flagValue } from './result.ts'
import { orderFlags } from './stages.ts'
import { FlagFailure, newState, type State } from './state.ts'
import type { Subject } from './subject.ts'

/** Which flags are asked for. */
export interface FlagSelection {
  /** These alone, and what they depend on. */
  keys?: readonly string[] | undefined
  keyPrefix?: string | undefined
  /** Where the asker runs; undefined where that is not known, which leaves out flags that are meant for one place. */
  runtime?: EvaluationRuntime | undefined
  /** Flags with contexts must have one of these; empty or undefined asks for all. */
  contexts?: readonly string[] | undefined
}

export interface Evaluation {
  results: readonly FlagResult[]
  /** Some flag is missing in the results, or failed. */
  hasErrors: boolean
}

/** Why a flag answers what it answers. */
export interface FlagExplanation {
  result: FlagResult
  /** What it depends on, with what that answered. */
  dependencies: readonly { key: string; value: string | boolean }[]
  /** All of them, those after the one that decided too. */
  conditions: readonly ConditionExplanation[]
}

/** What it takes to evaluate flags for somebody; so that nothing is looked up that no condition reads. */
export interface FlagNeeds {
  /** Properties of the person that conditions read. */
  personKeys: ReadonlySet<string>
  /** Whether conditions read columns of the person. */
  needsColumns: boolean
  groupTypeIndexes: ReadonlySet<number>
  /** Static cohorts, whose members are stored. */
  cohortIds: ReadonlySet<number>
  /** Cohorts by what people do, whose members are followed, with what may change them. */
  followedCohorts: ReadonlyMap<number, CohortTriggers>
  /** Flags that keep their answer when somebody is identified, and whose answer depends on it. */
  continuityKeys: readonly string[]
}

/** A project's flags, made ready to be evaluated for anybody. Flags that cannot be in an answer still count for those that depend on them. */
export class FlagSet {
  readonly source: FlagSource
  readonly needs: FlagNeeds
  readonly #order: readonly CompiledFlag[]
  readonly #broken: ReadonlySet<number>
  readonly #circular: readonly FlagDefinition[]
  readonly #needs: ReadonlyMap<number, readonly FlagDefinition[]>

  constructor(source: FlagSource) {
    const cohorts = new CompiledCohorts(source.cohorts, source.timezone)
    const { stages, broken, circular, needs } = orderFlags(source.flags)
    this.source = source
    this.#order = stages.flat().map((flag) => compileFlag(flag, { cohorts, timezone: source.timezone }))
    this.#broken = broken
    this.#circular = circular
    this.#needs = needs
    this.needs = needsOf(
      this.#order.filter((flag) => isServed(flag.definition)),
      cohorts,
    )
  }

  /** Every flag that may be in an answer, with false ones; those that need themselves are left out. */
  evaluate(subject: Subject, selection: FlagSelection = {}): Evaluation {
    const wanted = this.#wanted(selection)
    const state = newState(subject)
    let hasErrors = this.#circular.some((flag) => isServed(flag) && (wanted === undefined || isSelected(flag, selection)))
    for (const flag of this.#order) {
      const { definition } = flag
      if (wanted !== undefined && !wanted.has(definition.id)) continue
      if (!isServed(definition) || !isFor(definition, selection)) continue
      const result = this.#decide(flag, state)
      if (result.failure !== undefined) hasErrors = true
      state.values.set(definition.id, flagValue(result))
      state.results.push(result)
    }
    return { results: state.results, hasErrors }
  }

  /** One flag with each of its conditions, and with what it depends on. Undefined for one that cannot be evaluated, or is not there. */
  explain(subject: Subject, key: string): FlagExplanation | undefined {
    const flag = this.#order.find(({ definition }) => definition.key === key)
    if (!flag) return undefined
    const state = newState(subject)
    const needed = this.#needs.get(flag.definition.id) ?? []
    const ids = new Set(needed.map(({ id }) => id))
    for (const other of this.#order) {
      if (ids.has(other.definition.id) && isServed(other.definition))
        state.values.set(other.definition.id, flagValue(this.#decide(other, state)))
    }
    const result = flag.definition.active ? this.#decide(flag, state) : undecided(flag, 'flag_disabled')
    const dependencies = needed.map(({ id, key: name }) => ({ key: name, value: state.values.get(id) ?? false }))
    return { result, dependencies, conditions: explainConditions(flag, state) }
  }

  #decide(flag: CompiledFlag, state: State): FlagResult {
    if (this.#broken.has(flag.definition.id)) return undecided(flag, 'missing_dependency')
    try {
      return evaluateFlag(flag, state)
    } catch (error) {
      if (!(error instanceof FlagFailure)) throw error
      state.asking.clear()
      return undecided(flag, 'evaluation_error', error.message)
    }
  }

  /** Ids of the selected flags and of what they depend on; undefined for all. */
  #wanted(selection: FlagSelection): Set<number> | undefined {
    if (selection.keys === undefined && selection.keyPrefix === undefined) return undefined
    const selected = this.source.flags.filter((flag) => isSelected(flag, selection))
    return new Set(selected.flatMap((flag) => [flag, ...(this.#needs.get(flag.id) ?? [])]).map((flag) => flag.id))
  }
}

/** Whether a flag can be in an answer. Encrypted payloads leave by another way. */
const isServed = (flag: FlagDefinition): boolean => flag.active && !flag.hasEncryptedPayloads

function isSelected(flag: FlagDefinition, { keys, keyPrefix }: FlagSelection): boolean {
  return (keys === undefined || keys.includes(flag.key)) && (keyPrefix === undefined || flag.key.startsWith(keyPrefix))
}

/** Whether a flag is meant for where the asker runs, and for its contexts. */
function isFor(flag: FlagDefinition, { runtime, contexts }: FlagSelection): boolean {
  const runs = flag.evaluationRuntime === 'all' || runtime === 'all' || flag.evaluationRuntime === runtime
  if (!runs || contexts === undefined || contexts.length === 0 || flag.evaluationContexts.length === 0) return runs
  return flag.evaluationContexts.some((context) => contexts.includes(context))
}

function needsOf(flags: readonly CompiledFlag[], cohorts: CompiledCohorts): FlagNeeds {
  const personKeys = new Set<string>()
  const groupTypeIndexes = new Set<number>()
  const cohortIds = new Set<number>()
  const followedCohorts = new Map<number, CohortTriggers>()
  let needsColumns = false
  for (const flag of flags) {
    if (flag.enrollmentProperty !== undefined) personKeys.add(flag.enrollmentProperty)
    if (flag.groupTypeIndex !== undefined) groupTypeIndexes.add(flag.groupTypeIndex)
    const superCondition = flag.superCondition?.condition
    for (const condition of superCondition ? [superCondition, ...flag.conditions] : flag.conditions) {
      if (condition.groupTypeIndex !== undefined) groupTypeIndexes.add(condition.groupTypeIndex)
      for (const { filter } of condition.tests) {
        if (filter.type === 'person') personKeys.add(String(filter.key))
        if (filter.type === 'person_metadata') needsColumns = true
        if (filter.type === 'group') groupTypeIndexes.add(filter.group_type_index ?? condition.groupTypeIndex ?? 0)
        if (filter.type !== 'cohort') continue
        const id = Number(filter.value)
        for (const needed of cohorts.needs(id)) {
          if (cohorts.kind(needed) === 'static') cohortIds.add(needed)
          if (cohorts.kind(needed) === 'behavior') followedCohorts.set(needed, cohorts.triggers(needed))
        }
        for (const key of cohorts.propertyKeys(id)) personKeys.add(key)
      }
    }
  }
  const continuityKeys = flags.filter((flag) => flag.dependsOnIdentity).map((flag) => flag.definition.key)
  return { personKeys, needsColumns, groupTypeIndexes, cohortIds, followedCohorts, continuityKeys }
}
