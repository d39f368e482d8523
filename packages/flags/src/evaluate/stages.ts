import type { FlagDefinition } from '../definition.ts'

/** Ids of the flags that a flag's conditions name. */
export function dependenciesOf(flag: Pick<FlagDefinition, 'filters'>): number[] {
  const conditions = flag.filters.groups ?? []
  const filters = conditions.flatMap((condition) => condition.properties ?? [])
  return [...new Set(filters.filter((filter) => filter.type === 'flag').map((filter) => Number(filter.key)))]
}

/** In which order flags are evaluated. */
export interface FlagOrder {
  /** Flags of a stage depend only on those of earlier ones. */
  stages: FlagDefinition[][]
  /** Ids of flags of which something that they need, at whatever distance, does not exist. */
  broken: ReadonlySet<number>
  /** Flags that need themselves, and flags that need those: they cannot be evaluated. */
  circular: FlagDefinition[]
  /** By id: all that it needs, in the order of evaluation. Circular flags have none. */
  needs: ReadonlyMap<number, readonly FlagDefinition[]>
}

export function orderFlags(flags: readonly FlagDefinition[]): FlagOrder {
  const byId = new Map(flags.map((flag) => [flag.id, flag]))
  const waiting = new Map(flags.map((flag) => [flag.id, dependenciesOf(flag).filter((id) => byId.has(id))]))
  const broken = new Set(flags.filter((flag) => dependenciesOf(flag).some((id) => !byId.has(id))).map((flag) => flag.id))
  const needs = new Map<number, FlagDefinition[]>()
  const stages: FlagDefinition[][] = []
  for (;;) {
    const stage = flags.filter((flag) => waiting.get(flag.id)?.every((id) => needs.has(id)))
    if (stage.length === 0) break
    for (const flag of stage) {
      const direct = waiting.get(flag.id) ?? []
      if (direct.some((id) => broken.has(id))) broken.add(flag.id)
      needs.set(flag.id, neededBy(direct, byId, needs))
    }
    for (const flag of stage) waiting.delete(flag.id)
    stages.push(stage)
  }
  return { stages, broken, circular: flags.filter((flag) => waiting.has(flag.id)), needs }
}

function neededBy(
  direct: readonly number[],
  byId: ReadonlyMap<number, FlagDefinition>,
  needs: ReadonlyMap<number, readonly FlagDefinition[]>,
): FlagDefinition[] {
  const all = new Set<FlagDefinition>()
  for (const id of direct) {
    for (const needed of needs.get(id) ?? []) all.add(needed)
    all.add(byId.get(id) as FlagDefinition)
  }
  return [...all]
}

/** The way by which a flag would need itself, `a → b → a`; undefined where it does not. */
export function findCycle(flag: FlagDefinition, others: readonly FlagDefinition[]): string[] | undefined {
  const byId = new Map([...others.filter((other) => other.id !== flag.id), flag].map((each) => [each.id, each]))
  const visited = new Set<number>()
  const walk = (id: number, path: readonly string[]): string[] | undefined => {
    const current = byId.get(id)
    if (!current) return undefined
    if (path.length > 0 && id === flag.id) return [...path, flag.key]
    if (visited.has(id)) return undefined
    visited.add(id)
    for (const next of dependenciesOf(current)) {
      const found = walk(next, [...path, current.key])
      if (found) return found
    }
    return undefined
  }
  return walk(flag.id, [])
}
