/** One line of an answer, the same whichever way it was found. */
export type Line = (string | number)[]

/** Lines in one order, numbers as far as sums in another order can be told apart. */
const inOrder = (lines: Line[]): string[] => lines.map((line) => line.map(shown).join(' ')).sort()

const shown = (value: string | number | null): string =>
  typeof value === 'number' ? String(Number.isInteger(value) ? value : Number(value.toPrecision(9))) : String(value ?? '')

/** Where two answers differ, in words; undefined where they are the same. */
export function differenceOf(api: Line[], hand: Line[]): string | undefined {
  const [one, other] = [inOrder(api), inOrder(hand)]
  const [left, right] = [new Set(one), new Set(other)]
  const missing = one.find((line) => !right.has(line))
  const more = other.find((line) => !left.has(line))
  if (one.length === other.length && missing === undefined && more === undefined) return undefined
  return `${one.length} lines of the API, ${other.length} by hand; the API alone has "${missing}", SQL by hand alone "${more}"`
}

type Json = Record<string, unknown>
const list = (value: unknown): Json[] => value as Json[]

/** A line for each point that is not 0: which series, whose value, which bucket. */
export const pointsOf = (results: unknown): Line[] =>
  list(results).flatMap(({ action, breakdown_value: value, data }) =>
    (data as number[]).flatMap((count, i) =>
      count === 0 ? [] : [[Number((action as Json | null)?.order ?? 0), String(value ?? ''), i, count]],
    ),
  )

/** A line for each of a single number. */
export const totalsOf = (results: unknown): Line[] => list(results).map(({ aggregated_value }) => [Number(aggregated_value)])

export const stepsOf = (results: unknown): Line[] =>
  list(results).map(({ order, count, average_conversion_time: average, median_conversion_time: median }) =>
    [order, count, average ?? 0, median ?? 0].map(Number),
  )

export const cellsOf = (results: unknown): Line[] =>
  list(results).flatMap(({ values }, row) =>
    list(values).flatMap(({ count }, column) => (count === 0 ? [] : [[row, column, Number(count)]])),
  )

export const edgesOf = (results: unknown): Line[] =>
  list(results).map(({ source, target, value, average_conversion_time: average }) => [
    String(source),
    String(target),
    Number(value),
    Number(average),
  ])

export const statusesOf = (results: unknown): Line[] =>
  list(results).flatMap(({ status, data }) =>
    (data as number[]).flatMap((count, i) => (count === 0 ? [] : [[String(status), i, Math.abs(count)]])),
  )

export const rowsOf = (results: unknown): Line[] => results as Line[]

/** Edges of paths that begin at a first step that is left, as far as they hang together. */
export function reachable(edges: Line[]): Line[] {
  const byPlace = edges.toSorted(([one], [other]) => Number.parseInt(String(one), 10) - Number.parseInt(String(other), 10))
  const reached = new Set<unknown>()
  return byPlace.filter(([source, target]) => {
    if (!String(source).startsWith('1_') && !reached.has(source)) return false
    reached.add(target)
    return true
  })
}
