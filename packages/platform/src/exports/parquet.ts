import type { EventStore } from '@hedgerow/stores'
import type { ResultTable } from './result-table.ts'

type ColumnType = 'Nullable(Int64)' | 'Nullable(Float64)' | 'Nullable(Bool)' | 'Nullable(String)'

/** A table that is no query's own result, as a Parquet file: the engine reads it as JSON and writes it. */
export async function parquetOf(events: EventStore, table: ResultTable, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const types = table.columns.map((_, i) => columnType(table.rows.map((row) => row[i])))
  const names = uniqueNames(table.columns)
  const structure = names.map((name, i) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\` ${types[i]}`).join(', ')
  const data = table.rows.map((row) => JSON.stringify(row.map((cell, i) => cellFor(types[i], cell)))).join('\n')
  return events.file('SELECT * FROM format(JSONCompactEachRow, {structure: String}, {data: String})', 'Parquet', {
    params: { structure, data },
    lane: 'background',
    ...(signal ? { signal } : {}),
  })
}

function columnType(cells: unknown[]): ColumnType {
  const known = cells.filter((cell) => cell !== null && cell !== undefined)
  if (known.length === 0) return 'Nullable(String)'
  if (known.every((cell) => typeof cell === 'boolean')) return 'Nullable(Bool)'
  if (known.every((cell) => typeof cell === 'number')) return known.every(Number.isSafeInteger) ? 'Nullable(Int64)' : 'Nullable(Float64)'
  return 'Nullable(String)'
}

function cellFor(type: ColumnType | undefined, cell: unknown): unknown {
  if (cell === null || cell === undefined) return null
  if (type !== 'Nullable(String)') return cell
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

/** A file has no two columns of one name, and none without. */
function uniqueNames(names: string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const wanted = name === '' ? 'column' : name
    let free = wanted
    for (let n = 2; taken.has(free); n++) free = `${wanted}_${n}`
    taken.add(free)
    return free
  })
}
