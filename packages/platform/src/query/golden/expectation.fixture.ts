/** An assertion about an answer: `{path, <operator>: value}`; several operators on one path must all hold. */
export interface Expectation {
  /** `results[0].a`, `[-1]`, `[1:3]`, `[*]` (each), `[key=value]` (first where it holds), `[?key=value]` (all where it holds). */
  path: string
  /** Applied to the value first. */
  sum?: boolean
  sort?: boolean
  /** Of `approx`. */
  tolerance?: number
  [operator: string]: unknown
}

type Condition = [path: Step[], value: unknown]
type Step =
  | { kind: 'key'; key: string }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; from: number; to: number | undefined }
  | { kind: 'each' }
  | { kind: 'first' | 'all'; where: Condition[] }

/** Splits at `separators` that stand in no quotes and no brackets. */
function splitOutside(text: string, isSeparator: (character: string) => boolean): string[] {
  const parts = ['']
  let depth = 0
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (!quoted && '[{'.includes(character)) depth++
    if (!quoted && ']}'.includes(character)) depth--
    if (!quoted && depth === 0 && isSeparator(character)) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

function readPath(path: string): Step[] {
  return splitOutside(path, (character) => character === '.').flatMap((part) => {
    const open = part.indexOf('[')
    const key = open < 0 ? part : part.slice(0, open)
    return [...(key === '' ? [] : [{ kind: 'key' as const, key }]), ...brackets(open < 0 ? '' : part.slice(open))]
  })
}

function brackets(text: string): Step[] {
  const steps: Step[] = []
  for (let start = 0; start < text.length; ) {
    let end = start + 1
    for (let depth = 1, quoted = false; depth > 0; end++) {
      if (text[end] === '"') quoted = !quoted
      if (!quoted && text[end] === '[') depth++
      if (!quoted && text[end] === ']') depth--
    }
    steps.push(bracket(text.slice(start + 1, end - 1)))
    start = end
  }
  return steps
}

function bracket(inside: string): Step {
  if (inside === '*') return { kind: 'each' }
  if (/^-?\d+$/.test(inside)) return { kind: 'index', index: Number(inside) }
  const slice = /^(-?\d*):(-?\d*)$/.exec(inside)
  if (slice) return { kind: 'slice', from: Number(slice[1]), to: slice[2] ? Number(slice[2]) : undefined }
  const all = inside.startsWith('?')
  return {
    kind: all ? 'all' : 'first',
    where: splitOutside(all ? inside.slice(1) : inside, (character) => character === ',').map(condition),
  }
}

function condition(text: string): Condition {
  const at = splitOutside(text, (character) => character === '=')[0]?.length ?? 0
  const value = text.slice(at + 1)
  try {
    return [readPath(text.slice(0, at).trim()), JSON.parse(value)]
  } catch {
    return [readPath(text.slice(0, at).trim()), value]
  }
}

/** Null where there is nothing. */
export function valueAt(value: unknown, path: string | Step[]): unknown {
  const [step, ...rest] = typeof path === 'string' ? readPath(path) : path
  if (!step || value === null || value === undefined) return value ?? null
  if (step.kind === 'key') return typeof value === 'object' ? valueAt((value as Record<string, unknown>)[step.key], rest) : null
  if (!Array.isArray(value)) return null
  switch (step.kind) {
    case 'index':
      return valueAt(value.at(step.index), rest)
    case 'slice':
      return valueAt(value.slice(step.from, step.to), rest)
    case 'each':
      return value.map((item) => valueAt(item, rest))
    case 'first':
      return valueAt(
        value.find((item) => matches(item, step.where)),
        rest,
      )
    case 'all':
      return valueAt(
        value.filter((item) => matches(item, step.where)),
        rest,
      )
  }
}

const matches = (item: unknown, where: Condition[]) => where.every(([path, wanted]) => same(valueAt(item, path), wanted))

/** Numbers within 1e-9 relative; booleans count as 0 and 1, missing as null; objects have the same keys. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean')
    return typeof a === typeof b ? a === b : isBit(a) && isBit(b) && Number(a) === Number(b)
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]))
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]))
  }
  return (a ?? null) === (b ?? null)
}

const isBit = (value: unknown) => typeof value === 'number' || typeof value === 'boolean'
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function near(a: unknown, b: unknown, tolerance: number): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => near(item, b[i], tolerance))
  return typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= tolerance
}

/** As text in which keys have one order, to sort by. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  )
}
const sorted = (list: unknown) => [...(list as unknown[])].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))

function instants(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(instants)
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(String(value)) ? String(value) : `${String(value)}Z`).toISOString()
}

/** The distinct ids of each actor, whichever column shows it. */
function distinctIdsOf(response: unknown): unknown[] {
  const rows = valueAt(response, 'results')
  return (Array.isArray(rows) ? rows : []).map((row: unknown) => {
    const cells = Array.isArray(row) ? row : [row]
    const ids = valueAt(
      cells.find((cell) => isObject(cell) && 'distinct_ids' in cell),
      'distinct_ids',
    )
    return Array.isArray(ids) ? [...ids].sort() : []
  })
}

type Operator = (got: unknown, wanted: unknown, want: Expectation) => boolean

const operators: Record<string, Operator> = {
  equals: same,
  approx: (got, wanted, { tolerance = 1e-6 }) => near(got, wanted, tolerance),
  length: (got, wanted) => (Array.isArray(got) || typeof got === 'string') && got.length === wanted,
  unordered: (got, wanted) => Array.isArray(got) && same(sorted(got), sorted(wanted)),
  contains: (got, wanted) => Array.isArray(got) && got.some((item) => same(item, wanted)),
  not_contains: (got, wanted) => Array.isArray(got) && !got.some((item) => same(item, wanted)),
  dates: (got, wanted) => got !== null && same(instants(got), instants(wanted)),
  matches: (got, wanted) => got !== null && Object.entries(wanted as object).every(([key, value]) => same(valueAt(got, key), value)),
  actors: (got, wanted) => same(sorted(got), sorted((wanted as string[][]).map((ids) => [...ids].sort()))),
}

/** What does not hold, each as a sentence; empty if all does. */
export function failures(response: unknown, want: Expectation): string[] {
  const { path, sum, sort, tolerance: _, ...wanted } = want
  const read = 'actors' in wanted ? distinctIdsOf(response) : valueAt(response, path)
  const added = sum && Array.isArray(read) ? read.reduce((all: number, item: number) => all + item, 0) : read
  const got = sort && Array.isArray(added) ? sorted(added) : added
  return Object.entries(wanted).flatMap(([operator, value]) => {
    const holds = operators[operator]
    if (!holds) throw new Error(`the operator ${operator} is not known`)
    return holds(got, value, want) ? [] : [`${path} ${operator}\n  want ${JSON.stringify(value)}\n  got  ${JSON.stringify(got)}`]
  })
}
