import type { PathsQuestion } from './resolve.ts'

export interface PathEdge {
  /** Position on the path and item: `1_/a`. */
  source: string
  target: string
  /** How often somebody went there. */
  value: number
  average_conversion_time: number
}

/** The edges that can be reached from the beginning of a path over the others that are left. */
export function shapePaths(rows: unknown[][], { scale }: PathsQuestion): PathEdge[] {
  const edges = rows.map(([source, target, value, milliseconds]) => ({
    source: String(source),
    target: String(target),
    value: scale(Number(value)),
    average_conversion_time: Number(milliseconds),
  }))
  const reached = new Set(edges.map(({ source }) => source).filter((source) => source.startsWith('1_')))
  const inOrder = [...edges].sort((a, b) => Number.parseInt(a.source, 10) - Number.parseInt(b.source, 10))
  for (const { source, target } of inOrder) if (reached.has(source)) reached.add(target)
  return edges.filter(({ source }) => reached.has(source))
}
