import { randomUUID } from 'node:crypto'
import type { EventStore, Lane } from '@hedgerow/stores'
import { HedgerowError } from '../errors.ts'
import { readEngineProgress } from './engine-progress.ts'
import { QueryError } from './query-error.ts'
import type { QueryLimits } from './query-limits.ts'
import { type EngineWork, engineWork } from './watched-event-store.ts'

/** Who asks what; for the list of running queries. */
export interface Asker {
  projectId: number
  userId: string | undefined
  name: string | undefined
  kind: string
  clientQueryId: string | undefined
}

export interface RunningQueryBody {
  id: string
  client_query_id: string | null
  project_id: number
  user_id: string | null
  name: string | null
  kind: string
  /** `waiting` for its turn, or `running`. */
  state: 'waiting' | 'running'
  started_at: string
  elapsed_ms: number
  rows_read: number
  /** As the engine guesses it; 0 while unknown. */
  rows_total: number
  bytes_read: number
  memory_bytes: number
}

interface Run<Answer> {
  key: string
  work: EngineWork
  stop: AbortController
  startedMs: number
  isRunning: boolean
  /** Answered, or failed. */
  isOver: boolean
  answer: Promise<Answer>
  waiters: Map<string, Asker & { startedAt: Date; leave: () => void }>
}

export interface RunningQueries<Answer> {
  /**
   * The answer that `compute` gives, computed once for all who ask for the same key at the same time. Who leaves, by the signal or by
   * {@link RunningQueries.cancel}, is told so at once; the engine is stopped when the last one has left.
   * @throws HedgerowError `too_many_queries`, QueryError `query_cancelled`
   */
  join(
    key: string,
    asker: Asker,
    options: { signal?: AbortSignal | undefined; isInBackground: boolean },
    compute: (work: EngineWork, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer>
  /** False if the project has none of that id, which is the client's or the one in the list. */
  cancel(projectId: number, id: string): boolean
  list(projectId: number): Promise<RunningQueryBody[]>
  /** Stops everything. */
  stop(): void
}

const rememberedDurations = 5_000

/** Which queries run, for whom, and which of them must wait so that quick ones need not. */
export function createRunningQueries<Answer>(options: {
  events: EventStore
  limits: QueryLimits
  /** Places of the event store's interactive lane. */
  interactivePlaces: number
  nowMs: () => number
}): RunningQueries<Answer> {
  const { events, limits, nowMs } = options
  const runs = new Map<string, Run<Answer>>()
  const durations = new Map<string, number>()
  const turns = createTurns(Math.max(1, options.interactivePlaces - 1))

  function checkRoom({ projectId, userId }: Asker): void {
    const askers = [...runs.values()].flatMap((run) => [...run.waiters.values()])
    const ofProject = askers.filter((asker) => asker.projectId === projectId)
    if (ofProject.length >= limits.perProject) throw tooMany('project', limits.perProject, 'HEDGEROW_QUERY_PER_PROJECT')
    if (userId !== undefined && askers.filter((asker) => asker.userId === userId).length >= limits.perUser)
      throw tooMany('account', limits.perUser, 'HEDGEROW_QUERY_PER_USER')
  }

  function remember(key: string, durationMs: number): void {
    durations.delete(key)
    durations.set(key, durationMs)
    for (const oldest of durations.keys()) {
      if (durations.size <= rememberedDurations) break
      durations.delete(oldest)
    }
  }

  function start(key: string, isInBackground: boolean, compute: (work: EngineWork, signal: AbortSignal) => Promise<Answer>): Run<Answer> {
    const lastMs = durations.get(key)
    const lane: Lane = isInBackground || (lastMs ?? 0) > limits.slowMs ? 'background' : 'interactive'
    const work = engineWork(lane)
    const stop = new AbortController()
    const run: Run<Answer> = { key, work, stop, startedMs: nowMs(), isRunning: false, isOver: false, waiters: new Map(), answer: never }
    run.answer = (async () => {
      // why: what may be slow leaves one place of the lane free for what is known to be quick.
      const release = lane === 'interactive' && lastMs === undefined ? await turns.take(stop.signal) : undefined
      const beganMs = performance.now()
      run.isRunning = true
      try {
        const answer = await compute(work, stop.signal)
        remember(key, performance.now() - beganMs)
        return answer
      } finally {
        release?.()
      }
    })().finally(() => {
      run.isOver = true
      if (runs.get(key) === run) runs.delete(key)
    })
    // Each who waits is told; when all have left there is nobody to tell.
    run.answer.catch(() => undefined)
    runs.set(key, run)
    return run
  }

  return {
    async join(key, asker, { signal, isInBackground }, compute) {
      checkRoom(asker)
      if (signal?.aborted) throw cancelled()
      const run = runs.get(key) ?? start(key, isInBackground, compute)
      const id = randomUUID()
      let leave: () => void = () => undefined
      const left = new Promise<never>((_resolve, reject) => {
        leave = () => reject(cancelled())
      })
      run.waiters.set(id, { ...asker, startedAt: new Date(nowMs()), leave })
      signal?.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([run.answer, left])
      } finally {
        signal?.removeEventListener('abort', leave)
        run.waiters.delete(id)
        if (run.waiters.size === 0 && !run.isOver) {
          run.stop.abort()
          // A later asker of the same begins anew rather than joining what is being stopped.
          if (runs.get(key) === run) runs.delete(key)
        }
      }
    },

    cancel(projectId, id) {
      let found = false
      for (const run of runs.values()) {
        for (const [waiterId, waiter] of run.waiters) {
          if (waiter.projectId !== projectId || (waiter.clientQueryId !== id && waiterId !== id)) continue
          waiter.leave()
          found = true
        }
      }
      return found
    },

    async list(projectId) {
      const shown = [...runs.values()].filter((run) => [...run.waiters.values()].some((waiter) => waiter.projectId === projectId))
      const progress = await readEngineProgress(
        events,
        shown.flatMap((run) => [...run.work.queryIds]),
      )
      return shown.flatMap((run) => {
        const current = [...run.work.queryIds].flatMap((queryId) => progress.get(queryId) ?? [])
        const total = (of: (one: (typeof current)[number]) => number) => current.reduce((sum, one) => sum + of(one), 0)
        return [...run.waiters].map(([id, waiter]) => ({
          id,
          client_query_id: waiter.clientQueryId ?? null,
          project_id: waiter.projectId,
          user_id: waiter.userId ?? null,
          name: waiter.name ?? null,
          kind: waiter.kind,
          state: run.isRunning ? ('running' as const) : ('waiting' as const),
          started_at: waiter.startedAt.toISOString(),
          elapsed_ms: nowMs() - waiter.startedAt.getTime(),
          rows_read: run.work.rowsRead + total((one) => one.rowsRead),
          rows_total: run.work.rowsRead + total((one) => Math.max(one.rowsTotal, one.rowsRead)),
          bytes_read: total((one) => one.bytesRead),
          memory_bytes: total((one) => one.memoryBytes),
        }))
      })
    },

    stop() {
      for (const run of runs.values()) for (const waiter of run.waiters.values()) waiter.leave()
    },
  }
}

const never = new Promise<never>(() => undefined)
const cancelled = () => new QueryError('query_cancelled', 'The query was cancelled.')
const tooMany = (whose: string, limit: number, setting: string) =>
  new HedgerowError('too_many_queries', `${limit} queries of this ${whose} run or wait already, which is the most (${setting}).`, {
    retryAfterSeconds: 2,
  })

/** Places taken in order of asking. */
function createTurns(places: number) {
  let free = places
  const waiting = new Set<() => void>()
  function release(): void {
    const [next] = waiting
    if (!next) free++
    else {
      waiting.delete(next)
      next()
    }
  }
  return {
    async take(signal: AbortSignal): Promise<() => void> {
      if (free > 0) free--
      else {
        await new Promise<void>((resolve, reject) => {
          waiting.add(resolve)
          signal.addEventListener('abort', () => waiting.delete(resolve) && reject(cancelled()), { once: true })
        })
      }
      let isReleased = false
      return () => {
        if (!isReleased) release()
        isReleased = true
      }
    },
  }
}
