import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { describeError } from '../../api-client/errors.ts'
import { type InsightAnswer, runQuery, stopQuery } from '../../api-client/queries.ts'
import { askedQuery, problemsOf } from '../../query-model/kinds.ts'
import type { InsightQuery } from '../../query-model/nodes.ts'
import { toast } from '../../ui/toasts.tsx'
import { asksByItself } from './asking.ts'

/** An answer together with the question that it answers. */
export interface Answered {
  query: InsightQuery
  key: string
  answer: InsightAnswer
  /** As long as the engine worked; as long as the viewer waited where it does not tell. */
  tookMs: number
}

export interface InsightRun {
  /** What to draw: the present question where only its drawing changed since it was answered, else the one that was answered. */
  shown: { query: InsightQuery; answer: InsightAnswer } | undefined
  /** The answer belongs to another question than the present one, which waits for `update`. */
  isStale: boolean
  isRunning: boolean
  startedAtMs: number | undefined
  /** By which the server knows the question that runs. */
  clientQueryId: string | undefined
  wasStopped: boolean
  error: unknown
  problems: string[]
  tookMs: number | undefined
  /** Asks now; again where nothing changed. */
  update: () => void
  stop: () => void
}

// limit: so long typing and clicking may go on before a quick question is asked.
const settleMs = 200

/** Asks a question when it changes: by itself where the last answer came quickly, else when told to. */
export function useInsightRun(projectId: number, query: InsightQuery): InsightRun {
  const queryClient = useQueryClient()
  const problems = useMemo(() => problemsOf(query), [query])
  const key = useMemo(() => JSON.stringify(askedQuery(query)), [query])
  const [asked, setAsked] = useState({ key, query })
  const [wasStopped, setWasStopped] = useState(false)
  const [started, setStarted] = useState<{ atMs: number; clientQueryId: string }>()
  const forced = useRef(false)
  const runningId = useRef<string>(undefined)

  const queryKey = useMemo(() => ['project', projectId, 'answer', asked.key], [projectId, asked.key])
  const result = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Answered> => {
      const clientQueryId = crypto.randomUUID()
      runningId.current = clientQueryId
      const begunAtMs = Date.now()
      setStarted({ atMs: begunAtMs, clientQueryId })
      setWasStopped(false)
      const isForced = forced.current
      forced.current = false
      const answer = await runQuery<InsightAnswer>(projectId, JSON.parse(asked.key) as object, { clientQueryId, isForced, signal })
      // why: what the engine took says whether asking often is cheap; a slow line or a busy page says nothing about that.
      return { query: asked.query, key: asked.key, answer, tookMs: answer.elapsed_ms ?? Date.now() - begunAtMs }
    },
    enabled: problemsOf(asked.query).length === 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  })
  const { data, refetch, isFetching, error } = result

  useEffect(() => {
    if (key === asked.key || problems.length > 0) return
    if (!asksByItself({ from: asked.query, to: query, tookMs: data?.tookMs })) return
    const timer = setTimeout(() => setAsked({ key, query }), settleMs)
    return () => clearTimeout(timer)
  }, [key, query, asked, problems, data?.tookMs])

  const update = useCallback(() => {
    forced.current = key === asked.key
    if (key === asked.key) void refetch()
    else setAsked({ key, query })
  }, [key, query, asked.key, refetch])

  const stop = useCallback(() => {
    setWasStopped(true)
    const id = runningId.current
    void queryClient.cancelQueries({ queryKey })
    // why: hanging up stops the query too, but a proxy between may keep the line open.
    if (id !== undefined)
      stopQuery(projectId, id).catch((failure) => toast(`The query may still run: ${describeError(failure).cause}`, 'failed'))
  }, [projectId, queryClient, queryKey])

  const shown = useMemo(() => data && { query: data.key === key ? query : data.query, answer: data.answer }, [data, key, query])
  return {
    shown,
    isStale: key !== asked.key && problems.length === 0,
    isRunning: isFetching,
    startedAtMs: started?.atMs,
    clientQueryId: started?.clientQueryId,
    wasStopped: wasStopped && !isFetching,
    error: isFetching ? undefined : error,
    problems,
    tookMs: data?.tookMs,
    update,
    stop,
  }
}
