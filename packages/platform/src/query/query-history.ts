import type { QueryHistoryRow } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import type { Log } from '../log.ts'
import { storedJson } from './stored-json.ts'

export interface AskedQuery {
  projectId: number
  userId: string
  clientQueryId: string | undefined
  name: string | undefined
  kind: string
  query: unknown
  startedAt: Date
  durationMs: number
  rowsRead: number
  bytesRead: number
  isCached: boolean
  errorCode: string | undefined
  error: string | undefined
}

const flushMs = 1_000
/** limit: rows that wait to be written; more are left out rather than kept in memory. */
const maxWaiting = 5_000
/** limit: characters of a query that is remembered. */
const maxQueryLength = 20_000

/** What each account asked, newest kept. Written behind the answers, so that it costs them nothing. */
export function createQueryHistory({ pool }: ApplicationStore, options: { perUser: number; log: Log }) {
  let waiting: AskedQuery[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const rows = waiting
    waiting = []
    if (rows.length > 0) {
      writing = writing
        .then(() => write(rows))
        .catch((error) => options.log('warn', 'the history of queries could not be written', { error }))
    }
    return writing
  }

  async function write(rows: AskedQuery[]): Promise<void> {
    await pool.query(
      `INSERT INTO query_history (project_id, user_id, client_query_id, name, kind, query, started_at, duration_ms, rows_read, bytes_read, is_cached, error_code, error)
       SELECT * FROM json_to_recordset($1::json) AS r(project_id int, user_id text, client_query_id text, name text, kind text, query jsonb,
         started_at timestamptz, duration_ms double precision, rows_read bigint, bytes_read bigint, is_cached boolean, error_code text, error text)`,
      [storedJson(rows.map(asRow))],
    )
    const users = [...new Set(rows.map(({ projectId, userId }) => JSON.stringify([projectId, userId])))]
    for (const user of users) {
      const [projectId, userId] = JSON.parse(user) as [number, string]
      await pool.query(
        `DELETE FROM query_history WHERE project_id = $1 AND user_id = $2 AND id <
           (SELECT id FROM query_history WHERE project_id = $1 AND user_id = $2 ORDER BY id DESC OFFSET $3 LIMIT 1)`,
        [projectId, userId, options.perUser - 1],
      )
    }
  }

  return {
    add(asked: AskedQuery): void {
      if (waiting.length >= maxWaiting) return
      waiting.push(asked)
      timer ??= setTimeout(() => void flush(), flushMs)
      timer.unref()
    },

    /** Newest first. */
    async list(
      projectId: number,
      userId: string,
      page: { limit: number; offset: number; search?: string | undefined },
    ): Promise<{ count: number; results: QueryHistoryRow[] }> {
      await flush()
      const where = `project_id = $1 AND user_id = $2 AND ($3::text IS NULL OR query::text ILIKE $3 OR name ILIKE $3)`
      const values = [projectId, userId, page.search ? `%${page.search.replace(/[\\%_]/g, '\\$&')}%` : null]
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM query_history WHERE ${where}`, values)
      const { rows } = await pool.query<Omit<QueryHistoryRow, 'started_at'> & { started_at: Date }>(
        `SELECT id, client_query_id, name, kind, query, started_at, duration_ms, rows_read, bytes_read, is_cached, error_code, error
         FROM query_history WHERE ${where} ORDER BY id DESC LIMIT $4 OFFSET $5`,
        [...values, page.limit, page.offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map((row) => ({ ...row, started_at: row.started_at.toISOString() })) }
    },

    stop: flush,
  }
}

function asRow(asked: AskedQuery): object {
  const text = JSON.stringify(asked.query)
  return {
    project_id: asked.projectId,
    user_id: asked.userId,
    client_query_id: asked.clientQueryId ?? null,
    name: asked.name ?? null,
    kind: asked.kind,
    query: text.length > maxQueryLength ? { kind: asked.kind, truncated: true } : asked.query,
    started_at: asked.startedAt.toISOString(),
    duration_ms: asked.durationMs,
    rows_read: Math.round(asked.rowsRead),
    bytes_read: Math.round(asked.bytesRead),
    is_cached: asked.isCached,
    error_code: asked.errorCode ?? null,
    error: asked.error?.slice(0, 2000) ?? null,
  }
}
