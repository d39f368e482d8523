import { applyScheduledChange, nextOccurrence, parseCron } from '@hedgerow/flags'
import { inTransaction, type Sql } from '@hedgerow/ingestion'
import type { CreatorBody, NewScheduledChange, Page, PageQuery, ScheduledChangeBody, ScheduledChangeChange } from '@hedgerow/protocol'
import type { ApplicationStore } from '@hedgerow/stores'
import { HedgerowError, invalidInput, notFound } from '../errors.ts'
import type { Flags } from './flags.ts'
import type { Author } from './write-flag.ts'

interface ScheduledRow {
  id: number
  project_id: number
  record_id: number
  payload: { operation?: unknown; value?: unknown }
  scheduled_at: Date
  is_recurring: boolean
  recurrence_interval: ScheduledChangeBody['recurrence_interval']
  cron_expression: string | null
  end_date: Date | null
  executed_at: Date | null
  last_executed_at: Date | null
  failure_reason: string | null
  timezone: string
  created_by: string | null
  created_at: Date
  updated_at: Date
  creator: CreatorBody | null
}

const columns = `s.id, s.project_id, s.record_id, s.payload, s.scheduled_at, s.is_recurring, s.recurrence_interval, s.cron_expression, s.end_date,
  s.executed_at, s.last_executed_at, s.failure_reason, s.timezone, s.created_by, s.created_at, s.updated_at,
  (SELECT json_build_object('id', u.id, 'uuid', u.id, 'first_name', u.name, 'email', u.email) FROM users u WHERE u.id = s.created_by) AS creator`

/** Changes executed by one look. */
const atOnce = 50

/** Changes of flags that are made when their time comes, once or again and again. */
export function createScheduledChanges(
  { pool }: ApplicationStore,
  parts: { flags: Flags; nowMs: () => number; everyMs: number; warn(message: string, error: unknown): void },
) {
  const { flags, nowMs } = parts
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()

  async function find(projectId: number, id: string): Promise<ScheduledRow> {
    const { rows } = /^\d{1,9}$/.test(id)
      ? await pool.query<ScheduledRow>(`SELECT ${columns} FROM scheduled_changes s WHERE s.project_id = $1 AND s.id = $2`, [
          projectId,
          Number(id),
        ])
      : { rows: [] }
    if (!rows[0]) throw notFound(`scheduled change ${id.slice(0, 40)}`)
    return rows[0]
  }

  /** Executes what is due, each change as one transaction with its outcome. Resolves to how many there were. */
  async function executeDue(): Promise<number> {
    let executed = 0
    while (executed < atOnce) {
      const projectId = await inTransaction(pool, executeNext)
      if (projectId === undefined) break
      await flags.refresh(projectId)
      executed += 1
    }
    return executed
  }

  async function executeNext(sql: Sql): Promise<number | undefined> {
    // why: several processes look; each takes what no other holds.
    const { rows } = await sql.query<ScheduledRow>(
      `SELECT ${columns} FROM scheduled_changes s WHERE s.executed_at IS NULL AND s.scheduled_at <= $1
       ORDER BY s.scheduled_at, s.id LIMIT 1 FOR UPDATE OF s SKIP LOCKED`,
      [new Date(nowMs())],
    )
    const [row] = rows
    if (!row) return undefined
    await sql.query('SAVEPOINT change')
    let failure: string | null = null
    try {
      await apply(sql, row)
    } catch (error) {
      if (!(error instanceof HedgerowError) || error.status >= 500) throw error
      await sql.query('ROLLBACK TO SAVEPOINT change')
      failure = error.message
    }
    await finish(sql, row, failure)
    return row.project_id
  }

  async function apply(sql: Sql, row: ScheduledRow): Promise<void> {
    const flag = await flags.row(row.project_id, String(row.record_id), sql)
    if (flag.deleted) throw notFound(`feature flag ${row.record_id}`)
    const outcome = applyScheduledChange(flag, row.payload)
    if (outcome.kind === 'refused') throw new HedgerowError('invalid_input', `${outcome.code}: ${outcome.message}`, { attr: 'payload' })
    const trigger = { job_type: 'scheduled_change', job_id: String(row.id), payload: row.payload }
    await flags.changeIn(sql, row.project_id, String(row.record_id), outcome.change, { userId: row.created_by, trigger })
  }

  async function finish(sql: Sql, row: ScheduledRow, failure: string | null): Promise<void> {
    const now = new Date(nowMs())
    const next = row.is_recurring ? nextTime(row) : undefined
    const isOver = next === undefined || (row.end_date !== null && next > row.end_date.getTime())
    await sql.query(
      `UPDATE scheduled_changes SET last_executed_at = $2, failure_reason = $3, executed_at = $4, scheduled_at = coalesce($5, scheduled_at)
       WHERE id = $1`,
      [row.id, now, failure, isOver ? now : null, isOver ? null : new Date(next)],
    )
  }

  function nextTime(row: ScheduledRow): number | undefined {
    const at = { previousMs: Math.max(nowMs(), row.scheduled_at.getTime()), firstMs: row.scheduled_at.getTime() }
    if (row.cron_expression !== null) return nextOccurrence(at, { cron: row.cron_expression }, row.timezone)
    return row.recurrence_interval === null ? undefined : nextOccurrence(at, { interval: row.recurrence_interval }, row.timezone)
  }

  return {
    async list(
      projectId: number,
      query: PageQuery & { model_name?: string | undefined; record_id?: string | undefined },
    ): Promise<Pick<Page<ScheduledChangeBody>, 'count' | 'results'>> {
      const where = 's.project_id = $1 AND ($2::text IS NULL OR s.model_name = $2) AND ($3::int IS NULL OR s.record_id = $3)'
      const values = [projectId, query.model_name ?? null, query.record_id === undefined ? null : Number(query.record_id)]
      const counted = await pool.query<{ count: number }>(`SELECT count(*) FROM scheduled_changes s WHERE ${where}`, values)
      const { rows } = await pool.query<ScheduledRow>(
        `SELECT ${columns} FROM scheduled_changes s WHERE ${where} ORDER BY s.scheduled_at DESC, s.id DESC LIMIT $4 OFFSET $5`,
        [...values, query.limit, query.offset],
      )
      return { count: counted.rows[0]?.count ?? 0, results: rows.map(body) }
    },

    get: async (projectId: number, id: string): Promise<ScheduledChangeBody> => body(await find(projectId, id)),

    async create(project: { id: number; timezone: string }, wanted: NewScheduledChange, author: Author): Promise<ScheduledChangeBody> {
      const flag = await flags.row(project.id, String(wanted.record_id))
      check({ ...wanted, is_recurring: wanted.is_recurring ?? false })
      const { rows } = await pool.query<{ id: number }>(
        `INSERT INTO scheduled_changes (project_id, record_id, model_name, payload, scheduled_at, is_recurring, recurrence_interval,
           cron_expression, end_date, timezone, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
        [
          project.id,
          flag.id,
          wanted.model_name,
          JSON.stringify(wanted.payload),
          wanted.scheduled_at,
          wanted.is_recurring ?? false,
          wanted.recurrence_interval ?? null,
          wanted.cron_expression ?? null,
          wanted.end_date ?? null,
          project.timezone,
          author.userId,
        ],
      )
      return body(await find(project.id, String(rows[0]?.id)))
    },

    /** Throws `cannot_change` for one that was executed, or for another flag. */
    async change(projectId: number, id: string, change: ScheduledChangeChange): Promise<ScheduledChangeBody> {
      const row = await find(projectId, id)
      if (row.executed_at !== null) throw new HedgerowError('cannot_change', 'A change that was executed stays as it was.')
      if (change.record_id !== undefined && Number(change.record_id) !== row.record_id) {
        throw new HedgerowError('cannot_change', 'A scheduled change stays with its flag; make another one.', { attr: 'record_id' })
      }
      const next = {
        payload: change.payload ?? row.payload,
        scheduled_at: change.scheduled_at ?? row.scheduled_at.toISOString(),
        is_recurring: change.is_recurring ?? row.is_recurring,
        recurrence_interval: change.recurrence_interval === undefined ? row.recurrence_interval : change.recurrence_interval,
        cron_expression: change.cron_expression === undefined ? row.cron_expression : change.cron_expression,
        end_date: change.end_date === undefined ? (row.end_date?.toISOString() ?? null) : change.end_date,
      }
      check(next)
      await pool.query(
        `UPDATE scheduled_changes SET payload = $2, scheduled_at = $3, is_recurring = $4, recurrence_interval = $5, cron_expression = $6,
           end_date = $7, updated_at = now() WHERE id = $1`,
        [
          row.id,
          JSON.stringify(next.payload),
          next.scheduled_at,
          next.is_recurring,
          next.recurrence_interval,
          next.cron_expression,
          next.end_date,
        ],
      )
      return body(await find(projectId, id))
    },

    async delete(projectId: number, id: string): Promise<void> {
      const row = await find(projectId, id)
      await pool.query('DELETE FROM scheduled_changes WHERE id = $1', [row.id])
    },

    executeDue,

    start(): void {
      timer = setInterval(() => {
        running = running.then(executeDue).catch((error: unknown) => parts.warn('scheduled changes of flags could not be executed', error))
      }, parts.everyMs)
      timer.unref()
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      await running
    },
  }
}

type Timing = Pick<NewScheduledChange, 'scheduled_at' | 'recurrence_interval' | 'cron_expression' | 'end_date'> & {
  is_recurring: boolean
  payload: { operation?: unknown; value?: unknown }
}

function check(wanted: Timing): void {
  const { is_recurring: isRecurring, recurrence_interval: interval, cron_expression: cron, end_date: end, payload } = wanted
  const outcome = applyScheduledChange({ active: true, filters: { groups: [] } }, payload)
  if (outcome.kind === 'refused') throw invalidInput('payload', `is not right: ${outcome.message}`)
  if (isRecurring && Boolean(interval) === Boolean(cron)) {
    throw invalidInput('recurrence_interval', 'or cron_expression must say how it recurs, one of them')
  }
  if (!isRecurring && (interval || cron)) throw invalidInput('is_recurring', 'must be true for a change that recurs')
  if (cron && !parseCron(cron)) throw invalidInput('cron_expression', 'must have five fields, for instance 0 9 * * 1-5')
  if (isRecurring && payload.operation === 'add_release_condition') {
    throw invalidInput('is_recurring', 'must be false: a release condition is added once')
  }
  if (end && end <= wanted.scheduled_at) throw invalidInput('end_date', 'must be later than scheduled_at')
}

const body = (row: ScheduledRow): ScheduledChangeBody => ({
  id: row.id,
  team_id: row.project_id,
  record_id: String(row.record_id),
  model_name: 'FeatureFlag',
  payload: row.payload as Record<string, unknown>,
  scheduled_at: row.scheduled_at.toISOString(),
  is_recurring: row.is_recurring,
  recurrence_interval: row.recurrence_interval,
  cron_expression: row.cron_expression,
  end_date: row.end_date?.toISOString() ?? null,
  executed_at: row.executed_at?.toISOString() ?? null,
  last_executed_at: row.last_executed_at?.toISOString() ?? null,
  failure_reason: row.failure_reason,
  timezone: row.timezone,
  created_by: row.creator,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})
