import { rawOf, textOf } from '../../query-model/reading.ts'

export interface TileVariable {
  id: string
  name: string
  /** What the query itself says. */
  value: string
}

/** The variables of all queries on a dashboard, each once. */
export function tileVariables(tiles: readonly { insight: { query: unknown } | null }[]): TileVariable[] {
  const found = new Map<string, TileVariable>()
  for (const { insight } of tiles) {
    const query = rawOf(insight?.query)
    const variables = rawOf(query.variables ?? rawOf(query.source).variables)
    for (const [id, raw] of Object.entries(variables)) {
      const { code_name: name, value } = rawOf(raw)
      if (!found.has(id)) found.set(id, { id, name: textOf(name) ?? id, value: value === undefined || value === null ? '' : String(value) })
    }
  }
  return [...found.values()]
}
