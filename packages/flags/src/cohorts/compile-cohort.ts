import type { CohortDefinition } from '../definition.ts'
import { FlagFailure, readable, type State } from '../evaluate/state.ts'
import { compileProperty } from '../properties/match.ts'
import { type CohortLeaf, type CohortNode, cohortsIn, hasBehavior, readCohortTree } from './tree.ts'

/** Whether who asks belongs to a cohort. Throws {@link FlagFailure} where that cannot be said. */
export type CohortTest = (state: State) => boolean

/** What may change who belongs to a cohort. */
export interface CohortTriggers {
  /** Names of events; undefined for any, where actions are asked for. */
  events: ReadonlySet<string> | undefined
  readsProperties: boolean
}

/** Every cohort of a project as a test. Those that name themselves through others fail when they are asked. */
export class CompiledCohorts {
  readonly #definitions: ReadonlyMap<number, CohortDefinition>
  readonly #tests = new Map<number, CohortTest>()
  readonly #timezone: string

  constructor(definitions: readonly CohortDefinition[], timezone: string) {
    this.#definitions = new Map(definitions.map((cohort) => [cohort.id, cohort]))
    this.#timezone = timezone
  }

  test(id: number): CohortTest {
    const known = this.#tests.get(id)
    if (known) return known
    const test: CohortTest = (state) => {
      const answered = state.cohorts.get(id)
      if (answered !== undefined) return answered
      if (state.asking.has(id)) throw new FlagFailure(`Cohort ${id} depends on itself.`)
      state.asking.add(id)
      const answer = compiled(state)
      state.asking.delete(id)
      state.cohorts.set(id, answer)
      return answer
    }
    this.#tests.set(id, test)
    const compiled = this.#compile(id)
    return test
  }

  /** All cohorts that it takes to decide about one. */
  needs(id: number, seen = new Set<number>()): Set<number> {
    if (seen.has(id)) return seen
    seen.add(id)
    const tree = readCohortTree(this.#definitions.get(id)?.properties)
    for (const inner of tree ? cohortsIn(tree) : []) this.needs(inner, seen)
    return seen
  }

  /** By what it is decided who belongs to a cohort: a list, what people did, or their properties alone. */
  kind(id: number): 'static' | 'behavior' | 'properties' {
    const cohort = this.#definitions.get(id)
    if (cohort?.isStatic) return 'static'
    const tree = readCohortTree(cohort?.properties)
    return tree && hasBehavior(tree) ? 'behavior' : 'properties'
  }

  /** What may change who belongs to a cohort by what people do. */
  triggers(id: number): CohortTriggers {
    const leaves = [...this.needs(id)].flatMap((cohort) => {
      const tree = readCohortTree(this.#definitions.get(cohort)?.properties)
      return tree ? leavesIn(tree) : []
    })
    const behavior = leaves.filter((leaf) => leaf.type === 'behavioral')
    const usesActions = behavior.some((leaf) => leaf.event_type === 'actions' || leaf.seq_event_type === 'actions')
    const names = behavior.flatMap((leaf) => [leaf.key, leaf.seq_event]).filter((name) => typeof name === 'string')
    return { events: usesActions ? undefined : new Set(names), readsProperties: leaves.length > behavior.length }
  }

  /** The property names that deciding it may read. */
  propertyKeys(id: number): string[] {
    return [...this.needs(id)].flatMap((cohort) => {
      const tree = readCohortTree(this.#definitions.get(cohort)?.properties)
      return tree ? keysIn(tree) : []
    })
  }

  #compile(id: number): CohortTest {
    const cohort = this.#definitions.get(id)
    if (!cohort) {
      return () => {
        throw new FlagFailure(`There is no cohort ${id}.`)
      }
    }
    if (cohort.isStatic) return (state) => readable(state.subject, undefined).isMember(id)
    const tree = readCohortTree(cohort.properties)
    if (!tree) return () => false
    // why: what people did is followed elsewhere, for the whole cohort: its members are the answer.
    if (hasBehavior(tree)) return (state) => readable(state.subject, undefined).isMember(id)
    return this.#compileNode(tree)
  }

  #compileNode(node: CohortNode): CohortTest {
    switch (node.kind) {
      case 'group': {
        const tests = node.nodes.map((inner) => this.#compileNode(inner))
        return node.all ? (state) => tests.every((test) => test(state)) : (state) => tests.some((test) => test(state))
      }
      case 'cohort': {
        const test = this.test(node.id)
        return (state) => test(state) !== node.isNegated
      }
      case 'property': {
        const { leaf } = node
        const test = compileProperty(leaf as Parameters<typeof compileProperty>[0], this.#timezone)
        const isColumn = leaf.type === 'person_metadata'
        const key = isColumn ? undefined : String(leaf.key)
        return (state) => {
          const subject = readable(state.subject, key)
          return test(isColumn ? subject.personColumns : subject.person, subject.nowMs) !== node.isNegated
        }
      }
      case 'behavior':
        throw new Error('A cohort with behavior is decided by its members.')
    }
  }
}

function leavesIn(node: CohortNode): CohortLeaf[] {
  if (node.kind === 'group') return node.nodes.flatMap(leavesIn)
  return node.kind === 'cohort' ? [] : [node.leaf]
}

function keysIn(node: CohortNode): string[] {
  if (node.kind === 'group') return node.nodes.flatMap(keysIn)
  return node.kind === 'property' ? [String(node.leaf.key)] : []
}
