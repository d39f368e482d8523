import { type CompiledQuery, hogqlText, limitRows, type Parser } from '@hedgerow/hogql'
import { hogqlTree } from './hogql-query.ts'
import { asQueryError } from './query-error.ts'
import { cellReader, withoutAbsent } from './result-values.ts'
import { compileRun, plainType, type QueryRun, querySettings } from './run-query.ts'

/** A result that is read while it comes, so that it need not fit into memory. */
export interface StreamedRows {
  columns: { name: string; type: string }[]
  /** Pieces of rows. Leaving the loop stops the query. */
  pieces: AsyncIterable<unknown[][]>
}

export interface RowsSource {
  hogql: string
  clickhouse: string
  open(): Promise<StreamedRows>
  /** The whole result as the engine writes it, with its own types. */
  parquet(): Promise<Uint8Array>
}

/** The rows of a `HogQLQuery`, at most `maxRows`, without the limit that a page of results has. */
export async function streamHogql(run: QueryRun, node: Record<string, unknown>, parser: Parser, maxRows: number): Promise<RowsSource> {
  try {
    const { query } = limitRows(await hogqlTree(run, node, parser), { maxNodes: 0, defaultRows: maxRows, maxRows })
    const compiled = await compileRun(run, query)
    const options = {
      params: compiled.params,
      settings: querySettings,
      projectId: run.facts.id,
      maxResultRows: maxRows,
      ...(run.signal ? { signal: run.signal } : {}),
    }
    return {
      hogql: hogqlText(query),
      clickhouse: compiled.sql,
      open: () => openRows(run.stores.events.cells(compiled.sql, options), compiled, run.facts.timezone),
      async parquet() {
        try {
          return await run.stores.events.file(compiled.sql, 'Parquet', options)
        } catch (error) {
          throw asQueryError(error)
        }
      },
    }
  } catch (error) {
    throw asQueryError(error)
  }
}

/** Waits for the first piece, so that what is wrong with the query is known before anything is sent. */
async function openRows(
  cells: AsyncIterable<{ columns: { name: string; type: string }[]; rows: unknown[][] }>,
  compiled: CompiledQuery,
  timezone: string,
): Promise<StreamedRows> {
  const pieces = cells[Symbol.asyncIterator]()
  let next: Awaited<ReturnType<typeof pieces.next>>
  try {
    next = await pieces.next()
  } catch (error) {
    throw asQueryError(error)
  }
  const types = next.done ? [] : next.value.columns.map(({ type }) => type)
  const readers = compiled.columns.map(({ type }, i) =>
    type.name === 'json'
      ? (cell: unknown) => (cell === null ? null : JSON.stringify(withoutAbsent(cell)))
      : cellReader(types[i] ?? '', timezone),
  )
  async function* read(): AsyncIterable<unknown[][]> {
    try {
      while (!next.done) {
        yield next.value.rows.map((row) => row.map((cell, i) => readers[i]?.(cell)))
        next = await pieces.next()
      }
    } catch (error) {
      throw asQueryError(error)
    } finally {
      await pieces.return?.()
    }
  }
  return {
    columns: compiled.columns.map(({ name }, i) => ({ name, type: plainType(types[i] ?? '') })),
    pieces: read(),
  }
}
