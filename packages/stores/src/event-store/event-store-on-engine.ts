import { randomUUID } from 'node:crypto'
import { decodeResult, rowDecoder } from './decode-result.ts'
import type { Engine, EngineSettings } from './engine.ts'
import { toEventStoreError } from './errors.ts'
import { type EventStore, EventStoreError, type Lane, type QueryOptions, type RunningQuery } from './event-store.ts'
import { createLanes } from './lanes.ts'
import type { EventStoreLimits } from './limits.ts'
import { commandSettings, insertSettings, querySettings } from './settings.ts'
import { storableJson } from './storable-json.ts'

/** How long after its own time limit a query that the engine did not stop by itself is killed. */
const overdueMs = 2_000
/** Pause between two attempts to kill: a query may not have reached the engine yet. */
const killAgainMs = 100
/** How long a call that was cancelled waits for the engine to let go before it rejects all the same. */
const killPatienceMs = 10_000

/** Rows that a stream holds at once. */
const streamBlockRows = 8_192

interface Work {
  lane: Lane
  sql: string
  doing: 'query' | 'insert' | 'command'
  maxSeconds: number
  signal?: AbortSignal | undefined
  queryId?: string | undefined
  projectId?: number | undefined
}

interface Running extends RunningQuery {
  stop: (why: EventStoreError) => void
  stopped: EventStoreError | undefined
}

/** Lanes, limits, cancelling and error codes over an {@link Engine}. */
export function createEventStoreOn(engine: Engine, limits: EventStoreLimits): EventStore {
  const lanes = createLanes(limits)
  const running = new Map<string, Running>()
  const closing = new AbortController()

  /** Does the work in its lane; kills it in the engine when it is aborted, cancelled or overdue. */
  async function run<Result>(work: Work, act: (queryId: string) => Promise<Result>): Promise<Result> {
    const release = await open(work)
    return watch(work, release, act)
  }

  async function open(work: Work): Promise<() => void> {
    if (closing.signal.aborted) throw new EventStoreError('unreachable', 'The event store is closed')
    const signal = work.signal ? AbortSignal.any([work.signal, closing.signal]) : closing.signal
    return lanes.enter(work.lane, signal)
  }

  async function watch<Result>(work: Work, release: () => void, act: (queryId: string) => Promise<Result>): Promise<Result> {
    const entry = register(work, release)
    const { queryId } = entry.query
    const settled = act(queryId).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    // The lane's place stays taken until the engine has let go, whatever the caller was told.
    settled.then(entry.finish)
    const outcome = await Promise.race([settled, entry.givenUp])
    if (entry.query.stopped) throw entry.query.stopped
    if ('error' in outcome) throw toEventStoreError(outcome.error, work.doing)
    return outcome.value
  }

  function register(work: Work, release: () => void) {
    const queryId = work.queryId ?? randomUUID()
    let finished = false
    let killTimer: NodeJS.Timeout | undefined
    let giveUp: (outcome: { error: unknown }) => void = ignore
    const givenUp = new Promise<{ error: unknown }>((resolve) => {
      giveUp = resolve
    })
    const kill = () => {
      if (finished) return
      // A failed attempt is followed by another one.
      engine.kill(queryId).catch(ignore)
      killTimer = setTimeout(kill, killAgainMs)
    }
    const query: Running = {
      queryId,
      ...(work.projectId === undefined ? {} : { projectId: work.projectId }),
      lane: work.lane,
      startedAt: new Date().toISOString(),
      sql: work.sql,
      stopped: undefined,
      stop(why) {
        if (finished || query.stopped) return
        query.stopped = why
        kill()
        setTimeout(() => giveUp({ error: why }), killPatienceMs).unref()
      },
    }
    if (running.has(queryId)) {
      release()
      throw new EventStoreError('bad_query', `A query with the id ${queryId} is already running`)
    }
    running.set(queryId, query)
    const overdue = setTimeout(() => query.stop(timedOut(work.maxSeconds)), work.maxSeconds * 1000 + overdueMs)
    const onAbort = () => query.stop(new EventStoreError('cancelled', 'The query was cancelled'))
    if (work.signal?.aborted) onAbort()
    work.signal?.addEventListener('abort', onAbort, { once: true })
    const finish = () => {
      finished = true
      clearTimeout(overdue)
      clearTimeout(killTimer)
      work.signal?.removeEventListener('abort', onAbort)
      running.delete(queryId)
      release()
    }
    return { query, finish, givenUp }
  }

  function queryWork(sql: string, options: QueryOptions): Work {
    return {
      lane: options.lane ?? 'interactive',
      sql,
      doing: 'query',
      maxSeconds: Math.min(options.maxSeconds ?? limits.queryMaxSeconds, limits.queryMaxSeconds),
      signal: options.signal,
      queryId: options.queryId,
      projectId: options.projectId,
    }
  }

  function settingsOf(work: Work, options: QueryOptions): EngineSettings {
    // why: more threads than cores gain nothing, and each keeps a table of its own when it groups.
    const threads = Math.min(limits.queryMaxThreads, engine.cores ?? limits.queryMaxThreads)
    return {
      ...querySettings,
      ...options.settings,
      ...(options.narrowUnion && engine.cores !== undefined ? { max_streams_for_union_step: threads } : {}),
      max_execution_time: work.maxSeconds,
      max_memory_usage: String(Math.min(options.maxMemoryBytes ?? limits.queryMaxMemoryBytes, limits.queryMaxMemoryBytes)),
      max_threads: threads,
    }
  }

  function rowLimits(options: QueryOptions): EngineSettings {
    const rows = Math.min(options.maxResultRows ?? limits.queryMaxResultRows, limits.queryMaxResultRows)
    return { max_result_rows: String(rows), max_result_bytes: String(limits.queryMaxResultBytes) }
  }

  async function* pieces(sql: string, options: QueryOptions) {
    const work = queryWork(sql, options)
    const settings: EngineSettings = { ...settingsOf(work, options), max_block_size: streamBlockRows }
    if (options.maxResultRows !== undefined) settings.max_result_rows = String(options.maxResultRows)
    const release = await open(work)
    const entry = register(work, release)
    const request = { sql, params: options.params ?? {}, settings, queryId: entry.query.queryId }
    let isOver = false
    try {
      const decode = rowDecoder()
      for await (const piece of engine.stream(request)) {
        if (entry.query.stopped) throw entry.query.stopped
        yield decode(piece)
      }
      isOver = true
      if (entry.query.stopped) throw entry.query.stopped
    } catch (error) {
      throw entry.query.stopped ?? toEventStoreError(error, 'query')
    } finally {
      entry.finish()
      if (!isOver) engine.kill(request.queryId).catch(ignore)
    }
  }

  return {
    async query(sql, options = {}) {
      const work = queryWork(sql, options)
      const settings = { ...settingsOf(work, options), ...rowLimits(options) }
      const text = await run(work, (queryId) => engine.query({ sql, params: options.params ?? {}, settings, queryId }))
      return decodeResult(text)
    },

    async *stream(sql, options = {}) {
      for await (const { columns, rows } of pieces(sql, options)) {
        for (const cells of rows) yield Object.fromEntries(columns.map(({ name }, place) => [name, cells[place]]))
      }
    },

    cells: (sql, options = {}) => pieces(sql, options),

    async file(sql, format, options = {}) {
      const work = queryWork(sql, options)
      const settings: EngineSettings = { ...settingsOf(work, options) }
      if (options.maxResultRows !== undefined) settings.max_result_rows = String(options.maxResultRows)
      return run(work, (queryId) => engine.file({ sql, params: options.params ?? {}, settings, queryId }, format))
    },

    async insert(table, rows, { token, format = 'JSONEachRow' }) {
      if (rows.byteLength === 0) return
      const work: Work = { lane: 'ingestion', sql: `INSERT INTO ${table}`, doing: 'insert', maxSeconds: limits.writeMaxSeconds }
      const settings = { ...insertSettings, insert_deduplication_token: token, max_execution_time: limits.writeMaxSeconds }
      try {
        await run(work, (queryId) => engine.insert({ table, rows, format, settings, queryId }))
      } catch (error) {
        if (!(error instanceof EventStoreError) || error.code !== 'bad_row' || format !== 'JSONEachRow') throw error
        const storable = storableRows(rows)
        if (!storable) throw error
        await run(work, (queryId) => engine.insert({ table, rows: storable, format, settings, queryId }))
      }
    },

    async command(sql, options = {}) {
      const maxSeconds = Math.min(options.maxSeconds ?? limits.writeMaxSeconds, limits.writeMaxSeconds)
      const work: Work = { lane: options.lane ?? 'background', sql, doing: 'command', maxSeconds }
      const settings = { ...commandSettings, max_execution_time: maxSeconds }
      await run(work, (queryId) => engine.command({ sql, params: options.params ?? {}, settings, queryId }))
    },

    running: () => [...running.values()].map(({ stop: _stop, stopped: _stopped, ...shown }) => shown),

    async cancel(queryId) {
      const query = running.get(queryId)
      query?.stop(new EventStoreError('cancelled', 'The query was cancelled'))
      return query !== undefined
    },

    async ping() {
      const work: Work = { lane: 'ingestion', sql: 'SELECT 1', doing: 'query', maxSeconds: 10 }
      await run(work, (queryId) => engine.query({ sql: 'SELECT 1', params: {}, settings: { ...querySettings }, queryId }))
    },

    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      for (const query of running.values()) query.stop(new EventStoreError('cancelled', 'The event store is closing'))
      await engine.close()
    },
  }
}

/** The same rows, where the engine's JSON parser may take them; undefined where nothing can be said in another way. */
function storableRows(rows: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength).toString()
  const storable = storableJson(text)
  return storable === text ? undefined : Buffer.from(storable)
}

function timedOut(maxSeconds: number): EventStoreError {
  return new EventStoreError('timeout', `The query took longer than ${maxSeconds} s`)
}

function ignore(): void {
  // Nothing to do: another way of the same call reports it.
}
