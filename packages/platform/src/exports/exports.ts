import type { ExportFormat } from '@hedgerow/protocol'
import type { EventStore } from '@hedgerow/stores'
import { HedgerowError } from '../errors.ts'
import type { QueryEngine } from '../query/query-engine.ts'
import { QueryError } from '../query/query-error.ts'
import type { Question, Questions } from '../query/questions.ts'
import type { RowsSource } from '../query/streamed-rows.ts'
import { engineWork } from '../query/watched-event-store.ts'
import { csvLine } from './csv.ts'
import { parquetOf } from './parquet.ts'
import { type ResultTable, resultTable } from './result-table.ts'

type Json = Record<string, unknown>

/** A file that is made while it is sent. */
export interface ExportFile {
  contentType: string
  /** Ending of the file's name. */
  extension: string
  chunks: AsyncIterable<string | Uint8Array>
}

/** Rows as they come, whatever they come from. */
interface Rows {
  columns: string[]
  pieces: AsyncIterable<unknown[][]>
}

const contentTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

/** Results as files. Rows of SQL stream from the engine to the caller; the answer of any other question is at hand as a whole. */
export function createExports(parts: { engine: QueryEngine; questions: Questions; events: EventStore; maxRows: number }) {
  const { engine, questions, events, maxRows } = parts

  /** Resolves once the first rows are there. @throws QueryError, HedgerowError */
  async function open(question: Question, format: ExportFormat): Promise<ExportFile> {
    const query = await questions.queryOf(question)
    const file = { contentType: contentTypes[format], extension: format === 'jsonl' ? 'ndjson' : format }
    if (query.kind !== 'HogQLQuery') {
      const table = await answeredTable(question)
      return {
        ...file,
        chunks: format === 'parquet' ? once(await parquetOf(events, table, question.signal)) : written(format, rowsOf(table)),
      }
    }
    const work = engineWork('background')
    const { projectId, asOf, signal } = question
    const source = await engine.stream({ projectId, query, asOf, signal, work }, maxRows)
    if (format === 'parquet') return { ...file, chunks: once(await parquetFile(source, question.signal)) }
    const { columns, pieces } = await source.open()
    return { ...file, chunks: written(format, { columns: columns.map(({ name }) => name), pieces }) }
  }

  async function answeredTable(question: Question): Promise<ResultTable> {
    const answered = await questions.ask({ ...question, refresh: 'blocking' })
    if (answered.kind !== 'answer') throw new Error('a blocking question is answered')
    const table = resultTable(answered.body as Json)
    if (table.rows.length > maxRows)
      throw new HedgerowError(
        'export_too_large',
        `The result has ${table.rows.length} rows; an export may have ${maxRows} (HEDGEROW_QUERY_EXPORT_ROWS).`,
      )
    return table
  }

  /** As the engine writes it; where a column has a type that the format lacks, as text. */
  async function parquetFile(source: RowsSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
    try {
      return await source.parquet()
    } catch (error) {
      if (!(error instanceof QueryError) || error.code !== 'invalid_query') throw error
      const { columns, pieces } = await source.open()
      const rows: unknown[][] = []
      for await (const piece of pieces) for (const row of piece) rows.push(row)
      return parquetOf(events, { columns: columns.map(({ name }) => name), rows }, signal)
    }
  }

  return { open }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

function rowsOf({ columns, rows }: ResultTable): Rows {
  return {
    columns,
    pieces: (async function* () {
      yield rows
    })(),
  }
}

async function* written(format: 'csv' | 'json' | 'jsonl', { columns, pieces }: Rows): AsyncIterable<string> {
  switch (format) {
    case 'csv':
      yield csvLine(columns)
      for await (const rows of pieces) yield rows.map(csvLine).join('')
      return
    case 'jsonl':
      yield `${JSON.stringify({ columns })}\n`
      for await (const rows of pieces) if (rows.length > 0) yield `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`
      return
    case 'json': {
      yield `{"columns":${JSON.stringify(columns)},"results":[`
      let isFirst = true
      for await (const rows of pieces) {
        if (rows.length === 0) continue
        yield `${isFirst ? '' : ','}${rows.map((row) => JSON.stringify(row)).join(',')}`
        isFirst = false
      }
      yield ']}\n'
    }
  }
}
