/** Reading of what came from an address or a saved insight: whatever has the wrong type counts as absent. */

export type Raw = Record<string, unknown>

export function rawOf(value: unknown): Raw {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Raw) : {}
}

export function listOf(value: unknown): Raw[] {
  return Array.isArray(value) ? value.filter((each) => each !== null && typeof each === 'object' && !Array.isArray(each)).map(rawOf) : []
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function choiceOf<Choice extends string>(value: unknown, choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice === value)
}

/** Without the fields that are absent, empty lists and empty objects, all the way down: the shortest form of the same question. */
export function compact<Value>(value: Value): Value {
  return (prune(value) ?? {}) as Value
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => prune(each) ?? null)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).flatMap(([name, each]) => {
    const pruned = prune(each)
    return pruned === undefined || (Array.isArray(pruned) && pruned.length === 0) ? [] : [[name, pruned] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
