import { randomUUID } from 'node:crypto'
import type { ApplicationStore, EventStore } from '@hedgerow/stores'
import { type HedgerowError, knownError, notFound } from '../errors.ts'
import type { Log } from '../log.ts'
import { createAsyncStatuses, type QueryStatusBody } from './async-status.ts'
import { type CachedAnswer, createResultCache } from './cache.ts'
import { cacheKeyOf } from './cache-key.ts'
import { momentOf, nowStepOf } from './cache-moment.ts'
import { type ProjectRevision, readRevision } from './cache-revision.ts'
import { beginEarly, type EarlyAnswer } from './early-answer.ts'
import type { StatementEstimate } from './explain.ts'
import { type FiltersOverride, unwrapQuery, withFilters, withVariables } from './overrides.ts'
import type { QueryEngine } from './query-engine.ts'
import { asQueryError, invalidQuery } from './query-error.ts'
import { createQueryHistory } from './query-history.ts'
import type { QueryLimits } from './query-limits.ts'
import { createRunningQueries, type RunningQueries } from './running-queries.ts'

type Json = Record<string, unknown>

/** Whether a kept answer will do, and whether to wait; PostHog's names. */
export type Refresh = 'blocking' | 'async' | 'lazy_async' | 'force_blocking' | 'force_async' | 'force_cache' | 'async_except_on_cache_miss'

export interface Question {
  projectId: number
  /** Account that asks, for its limits and its history. */
  userId?: string | undefined
  query: unknown
  refresh?: Refresh | undefined
  asOf?: string | undefined
  clientQueryId?: string | undefined
  filtersOverride?: FiltersOverride | undefined
  variablesOverride?: Json | undefined
  name?: string | undefined
  /** Aborting leaves; the engine is stopped unless another waits for the same answer. */
  signal?: AbortSignal | undefined
  insightId?: number | undefined
  dashboardId?: number | undefined
  /** False: not worth remembering as something that a person asked. */
  isRemembered?: boolean | undefined
}

/** The answer with PostHog's fields of a cached one, or where it can be fetched. */
export type Answered =
  | { kind: 'answer'; body: Json }
  /** Nothing is kept, and `force_cache` computes nothing. */
  | { kind: 'miss'; body: Json }
  | { kind: 'pending'; status: QueryStatusBody }

export interface QuestionsOptions {
  engine: QueryEngine
  events: EventStore
  application: ApplicationStore
  limits: QueryLimits
  interactivePlaces: number
  now: () => Date
  log: Log
}

/** A question made ready: what is really asked, by which name it is kept, and what its answer depends on. */
interface Ready {
  query: Json
  key: string
  /** When it was asked, by the clock and by that of the process. */
  at: Date
  atMs: number
  now: ProjectRevision
  moment: { name: string; endsAt: Date | undefined } | undefined
  cached: CachedAnswer | undefined
  isFresh: boolean
}
/** A question of which it is not yet known how far its project has come. */
type Asked = Pick<Ready, 'query' | 'key' | 'at' | 'atMs'> & { reading: Promise<ProjectRevision> }

/** Questions of people and programs: answered from what is kept while that is certainly still right, else computed once for all who ask. */
export function createQuestions(options: QuestionsOptions) {
  const { engine, application, limits } = options
  const nowMs = () => options.now().getTime()
  const cache = createResultCache(limits)
  const statuses = createAsyncStatuses(limits, nowMs)
  const history = createQueryHistory(application, { perUser: limits.historyPerUser, log: options.log })
  const running: RunningQueries<Json> = createRunningQueries({ ...options, nowMs })

  async function read(question: Question): Promise<Asked> {
    const { projectId } = question
    const [at, atMs] = [options.now(), performance.now()]
    const asOf = question.asOf === undefined ? undefined : instantOf(question.asOf)
    const unwrapped = unwrapQuery(question.query)
    const reading = readRevision(application, projectId)
    // Awaited later; what is wrong with the question is told first.
    reading.catch(() => undefined)
    const asked = await resolveSaved(projectId, unwrapped)
    const query = withVariables(withFilters(asked, question.filtersOverride), question.variablesOverride)
    return { query, key: cacheKeyOf(projectId, query, asOf), at, atMs, reading }
  }

  /** The question as it stands if its project is at that revision. */
  function readyAt({ asOf }: Question, { query, key, at, atMs }: Asked, now: ProjectRevision): Ready {
    const step = asOf === undefined ? nowStepOf(query) : 'never'
    const moment = step === 'always' ? undefined : momentOf(step, at, now.timezone)
    const cached = cache.get(key)
    const isFresh = cached !== undefined && moment !== undefined && cached.revision === now.revision && cached.moment === moment.name
    return { query, key, at, atMs, now, moment, cached, isFresh }
  }

  /** Begins to compute before the revision is known, where it can be guessed and nothing that is kept would do. */
  function early(question: Question, asked: Asked): EarlyAnswer | undefined {
    const likely = engine.likelyRevision(question.projectId)
    if (!likely) return undefined
    const ready = readyAt(question, asked, likely)
    if (ready.isFresh && question.refresh !== 'force_blocking') return undefined
    return beginEarly(likely.revision, question.signal, (signal) => compute({ ...question, signal }, ready, false))
  }

  /** What was begun early, if the guess was right; else what is computed now. */
  async function computedOrEarly(question: Question, ready: Ready, begun: EarlyAnswer | undefined): Promise<Json> {
    if (begun?.revision === ready.now.revision) return { ...(await begun.answer), included_until: ready.now.includedUntil }
    await begun?.leave()
    return compute(question, ready, false)
  }

  /** `SavedInsightNode`: the question of a saved insight. */
  async function resolveSaved(projectId: number, query: Json, depth = 0): Promise<Json> {
    if (query.kind !== 'SavedInsightNode') return query
    if (depth > 3) throw invalidQuery('SavedInsightNode names an insight that names an insight, and so on')
    const { rows } = await application.pool.query<{ query: unknown }>(
      'SELECT query FROM insights WHERE project_id = $1 AND short_id = $2 AND NOT deleted',
      [projectId, String(query.shortId ?? '')],
    )
    if (!rows[0]) throw notFound(`insight ${String(query.shortId).slice(0, 40)}`)
    return resolveSaved(projectId, unwrapQuery(rows[0].query), depth + 1)
  }

  /** Computes, or joins those who wait for the same already. */
  async function compute(question: Question, ready: Ready, isInBackground: boolean): Promise<Json> {
    const { projectId, userId, name, clientQueryId } = question
    const { key, now, moment, query } = ready
    const asOf = question.asOf ?? ready.at
    // why: an answer that depends on this very instant is still shared by those who ask within the same second.
    const runKey = [key, now.revision, moment?.name ?? Math.floor(nowMs() / 1000)].join(' ')
    const asker = { projectId, userId, name, kind: String(query.kind), clientQueryId }
    return running.join(runKey, asker, { signal: question.signal, isInBackground }, async (work, signal) => {
      const response = (await engine.run({ projectId, query, asOf, signal, work, revision: now })) as unknown as Json
      const computedAt = options.now()
      const answer = { ...response, last_refresh: computedAt.toISOString(), is_cached: false }
      const from = { revision: now.revision, moment: moment?.name ?? '', endsAt: moment?.endsAt, computedAt }
      // why: in the next turn, when the answer is on its way to those who wait for it. Whoever asks again reads the revision before what is kept.
      setImmediate(() => cache.put(key, { ...from, text: JSON.stringify(answer) }))
      return answer
    })
  }

  async function remembered(question: Question, ready: Ready, act: () => Promise<Json>): Promise<Json> {
    const remember = (answer: Json | undefined, error: HedgerowError | undefined) => {
      if (question.userId === undefined || question.isRemembered === false) return
      history.add({
        projectId: question.projectId,
        userId: question.userId,
        clientQueryId: question.clientQueryId,
        name: question.name,
        kind: String(ready.query.kind),
        query: ready.query,
        startedAt: ready.at,
        durationMs: performance.now() - ready.atMs,
        rowsRead: Number(answer?.rows_read ?? 0),
        bytesRead: Number(answer?.bytes_read ?? 0),
        isCached: answer?.is_cached === true,
        errorCode: error?.code,
        error: error?.message,
      })
    }
    try {
      const answer = await act()
      remember(answer, undefined)
      return answer
    } catch (thrown) {
      const error = asQueryError(thrown)
      remember(undefined, knownError(error))
      throw error
    }
  }

  const computed = async (question: Question, ready: Ready, act: () => Promise<Json>): Promise<Json> =>
    withCacheFields(await remembered(question, ready, act), ready, {})

  /** What is kept, as an answer. */
  function kept(ready: Ready & { cached: CachedAnswer }, isStale: boolean): Json {
    const answer = { ...(JSON.parse(ready.cached.text) as Json), is_cached: true }
    // Nothing of the project changed since: what is stored now was in it already.
    return withCacheFields(answer, ready, isStale ? { is_stale: true } : { included_until: ready.now.includedUntil })
  }

  /** Begins in the background; the status says where to look. */
  function begin(question: Question, ready: Ready): QueryStatusBody {
    const { projectId } = question
    const id = question.clientQueryId ?? randomUUID()
    const status = statuses.begin(projectId, id, question)
    const background = { ...question, clientQueryId: id, signal: undefined }
    computed(background, ready, () => compute(background, ready, true)).then(
      (answer) => statuses.succeed(projectId, id, answer),
      (error: unknown) => {
        const known = knownError(error)
        if (!known) options.log('error', 'an asynchronous query failed', { error, project: projectId })
        statuses.fail(projectId, id, known?.code ?? 'internal_error', known?.message ?? 'The server failed while answering.')
      },
    )
    return status
  }

  return {
    /** @throws QueryError, HedgerowError `not_found`, `too_many_queries`, `conflict` */
    async ask(question: Question): Promise<Answered> {
      const refresh = question.refresh ?? 'blocking'
      const asked = await read(question)
      const begun = refresh === 'blocking' || refresh === 'force_blocking' ? early(question, asked) : undefined
      const now = await asked.reading.catch((error) => {
        void begun?.leave()
        throw error
      })
      const ready = readyAt(question, asked, now)
      const { cached, isFresh } = ready
      const keptAnswer = async (isStale: boolean): Promise<Answered | undefined> => {
        if (!cached) return undefined
        const body = kept({ ...ready, cached }, isStale)
        return { kind: 'answer', body: isStale ? body : await remembered(question, ready, async () => body) }
      }
      const answer = async (): Promise<Answered> => ({
        kind: 'answer',
        body: await computed(question, ready, () => computedOrEarly(question, ready, begun)),
      })
      if (refresh === 'force_blocking' || begun?.revision === now.revision) return answer()
      void begun?.leave()
      const fresh = isFresh ? await keptAnswer(false) : undefined
      switch (refresh) {
        case 'blocking':
          return fresh ?? answer()
        case 'force_async':
          return { kind: 'pending', status: begin(question, ready) }
        case 'async':
          return fresh ?? { kind: 'pending', status: begin(question, ready) }
        case 'force_cache':
          return fresh ?? (await keptAnswer(true)) ?? { kind: 'miss', body: missBody(ready) }
        case 'lazy_async':
        case 'async_except_on_cache_miss': {
          if (fresh) return fresh
          if (!cached && question.refresh === 'async_except_on_cache_miss') return answer()
          const status = begin(question, ready)
          const stale = await keptAnswer(true)
          return stale?.kind === 'answer' ? { kind: 'answer', body: { ...stale.body, query_status: status } } : { kind: 'pending', status }
        }
      }
    },

    /** Of an asynchronous query, with its progress while it runs. @throws HedgerowError `not_found` */
    async status(projectId: number, id: string): Promise<QueryStatusBody> {
      const status = statuses.get(projectId, id)
      if (status.complete) return status
      const run = (await running.list(projectId)).find((one) => one.client_query_id === id)
      if (!run) return statuses.get(projectId, id)
      return {
        ...status,
        query_progress: {
          rows_read: run.rows_read,
          estimated_rows_total: run.rows_total,
          bytes_read: run.bytes_read,
          time_elapsed: run.elapsed_ms / 1000,
          active_cpu_time: 0,
        },
      }
    },

    cancel: (projectId: number, id: string): boolean => running.cancel(projectId, id),
    list: (projectId: number) => running.list(projectId),
    history,

    /** The query that is really asked: unwrapped, of a saved insight, with what is laid over it. */
    queryOf: async (question: Question): Promise<Json> => (await read(question)).query,

    /** What the engine would read for it, statement by statement. */
    async explain(question: Question): Promise<StatementEstimate[]> {
      const { projectId, asOf, signal } = question
      return engine.explain({ projectId, query: (await read(question)).query, asOf, signal })
    },

    async stop(): Promise<void> {
      running.stop()
      await history.stop()
    },
  }
}

export type Questions = ReturnType<typeof createQuestions>

function withCacheFields(answer: Json, { key, moment, now }: Ready, more: Json): Json {
  return {
    ...answer,
    cache_key: key,
    cache_target_age: moment?.endsAt?.toISOString() ?? null,
    next_allowed_client_refresh: answer.last_refresh,
    calculation_trigger: null,
    timezone: now.timezone,
    query_status: null,
    ...more,
  }
}

const missBody = ({ key }: Ready): Json => ({ cache_key: key, is_cached: false, results: null, query_status: null })

function instantOf(asOf: string): Date {
  const instant = new Date(asOf)
  if (Number.isNaN(instant.getTime())) throw invalidQuery(`as_of must be an ISO 8601 instant, not "${asOf}"`)
  return instant
}
