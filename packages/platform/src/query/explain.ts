import type { EventStore, QueryOptions } from '@hedgerow/stores'

/** What a statement would read, as the engine estimates it by its indices, before it is run. */
export interface StatementEstimate {
  clickhouse: string
  tables: { table: string; parts: number; rows: number; marks: number }[]
  rows: number
  /** The plan, with the indices that it uses. */
  plan: string[]
}

const estimateSeconds = 10

/** The engine's plan of a statement and the rows that it would read. Nothing is run. */
export async function explainStatement(events: EventStore, sql: string, options: QueryOptions): Promise<StatementEstimate> {
  const limits = { ...options, maxSeconds: estimateSeconds }
  const estimate = await events.query(`EXPLAIN ESTIMATE ${sql}`, limits)
  const plan = await events.query(`EXPLAIN indexes = 1 ${sql}`, limits)
  const tables = estimate.rows.map(([, table, parts, rows, marks]) => ({
    table: String(table),
    parts: Number(parts),
    rows: Number(rows),
    marks: Number(marks),
  }))
  return { clickhouse: sql, tables, rows: tables.reduce((sum, { rows }) => sum + rows, 0), plan: plan.rows.map(([line]) => String(line)) }
}

/** The same store, that explains each query instead of running it and answers no rows. */
export function explainingEventStore(events: EventStore, note: (estimate: StatementEstimate) => void): EventStore {
  return {
    ...events,
    async query(sql, options = {}) {
      note(await explainStatement(events, sql, options))
      return { columns: [], rows: [], statistics: { elapsedMs: 0, rowsRead: 0, bytesRead: 0 } }
    },
  }
}
