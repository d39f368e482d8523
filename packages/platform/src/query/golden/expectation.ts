/**
 * The assertions of the golden cases: `{path, <operator>: value}`. A path is `results[0].a`, `[*]` (each), `[-1]`.
 */
export interface Expectation {
  path: string
  [operator: string]: unknown
}

type Step = { key: string } | { index: number } | { each: true }

function steps(path: string): Step[] {
  return [...path.matchAll(/\[(\*|-?\d+)\]|([^.[\]]+)/g)].map(([, bracket, key]) => {
    if (key !== undefined) return { key }
    return bracket === '*' ? { each: true } : { index: Number(bracket) }
  })
}

export function valueAt(value: unknown, path: string | Step[]): unknown {
  const [step, ...rest] = typeof path === 'string' ? steps(path) : path
  if (!step || value === null || value === undefined) return value ?? null
  if ('key' in step) return valueAt((value as Record<string, unknown>)[step.key], rest)
  if (!Array.isArray(value)) return null
  return 'each' in step ? value.map((item) => valueAt(item, rest)) : valueAt(value.at(step.index), rest)
}

/** Booleans count as 0 and 1, missing as null. */
export function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return value
}

export function instants(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(instants)
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(String(value)) ? String(value) : `${String(value)}Z`).toISOString()
}
