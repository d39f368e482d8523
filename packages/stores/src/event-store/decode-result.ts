import type { EnginePiece } from './engine.ts'
import type { QueryResult } from './event-store.ts'
import { parseJson } from './parse-json.ts'

type Column = QueryResult['columns'][number]

/** Reads JSONCompact text. */
export function decodeResult(text: string): QueryResult {
  const parsed = parseJson(text) as {
    meta: Column[]
    data: unknown[][]
    statistics?: { elapsed: number; rows_read: number; bytes_read: number }
  }
  const { elapsed = 0, rows_read = 0, bytes_read = 0 } = parsed.statistics ?? {}
  const objects = objectColumns(parsed.meta)
  if (objects.length > 0) for (const row of parsed.data) dropAbsent(row, objects)
  return {
    columns: parsed.meta,
    rows: parsed.data,
    statistics: { elapsedMs: elapsed * 1000, rowsRead: Number(rows_read), bytesRead: Number(bytes_read) },
  }
}

/** Reads the pieces of a stream in order. */
export function rowDecoder(): (piece: EnginePiece) => { columns: Column[]; rows: unknown[][] } {
  let columns: Column[] = []
  let objects: number[] = []
  return ({ lines, hasHeader }) => {
    if (hasHeader) {
      const [names = [], types = []] = lines.slice(0, 2).map((line) => JSON.parse(line || '[]') as string[])
      columns = names.map((name, index) => ({ name, type: types[index] ?? '' }))
      objects = objectColumns(columns)
    }
    const rows: unknown[][] = []
    for (let index = hasHeader ? 2 : 0; index < lines.length; index++) {
      const line = lines[index]
      if (!line) continue
      const cells = parseJson(line) as unknown[]
      dropAbsent(cells, objects)
      rows.push(cells)
    }
    return { columns, rows }
  }
}

function objectColumns(columns: Column[]): number[] {
  return columns.flatMap(({ type }, index) => (type === 'JSON' || type.startsWith('JSON(') ? [index] : []))
}

/**
 * A `JSON` column prints `null` for each typed path that a row does not have. It never stores a null itself,
 * so what is null was absent.
 */
function dropAbsent(cells: unknown[], objects: number[]): void {
  for (const index of objects) {
    const cell = cells[index]
    if (typeof cell !== 'object' || cell === null) continue
    cells[index] = Object.fromEntries(Object.entries(cell).filter(([, value]) => value !== null))
  }
}
