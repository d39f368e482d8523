import { useCallback, useRef, useState } from 'react'
import { describeError } from '../../api-client/errors.ts'
import { type RowsAnswer, stopQuery } from '../../api-client/queries.ts'
import { runRows } from '../../api-client/rows.ts'
import { costOf, type SqlCost } from '../../api-client/sql.ts'
import { toast } from '../../ui/toasts.tsx'

/** The last run of one tab. */
export interface SqlRun {
  node: { query: string }
  isRunning: boolean
  startedAtMs: number
  /** By which the server knows it. */
  clientQueryId?: string
  answer?: RowsAnswer | undefined
  /** How many rows there will be, while they come. */
  expectedRows?: number | undefined
  cost?: readonly SqlCost[] | undefined
  error?: unknown
  wasStopped?: boolean
}

/** What the tabs asked; a tab's answer stays while another is looked at. */
export function useSqlRuns(projectId: number) {
  const [runs, setRuns] = useState<Readonly<Record<string, SqlRun>>>({})
  const active = useRef(new Map<string, { id: string; abort: AbortController }>())

  const begin = useCallback(
    async (
      tabId: string,
      node: { query: string },
      work: (id: string, signal: AbortSignal, onPart: (part: Partial<SqlRun>) => void) => Promise<Partial<SqlRun>>,
    ) => {
      active.current.get(tabId)?.abort.abort()
      const running = { id: crypto.randomUUID(), abort: new AbortController() }
      active.current.set(tabId, running)
      const isLast = () => active.current.get(tabId) === running
      const put = (change: Partial<SqlRun>) =>
        setRuns((before) => ({ ...before, [tabId]: { ...(before[tabId] ?? { startedAtMs: 0 }), node, isRunning: false, ...change } }))
      put({
        isRunning: true,
        startedAtMs: Date.now(),
        clientQueryId: running.id,
        expectedRows: undefined,
        error: undefined,
        wasStopped: false,
      })
      try {
        const done = await work(running.id, running.abort.signal, (part) => isLast() && put(part))
        if (isLast()) put({ isRunning: false, ...done })
      } catch (error) {
        if (isLast()) put(running.abort.signal.aborted ? { wasStopped: true } : { error, answer: undefined })
      } finally {
        if (isLast()) active.current.delete(tabId)
      }
    },
    [],
  )

  const run = useCallback(
    (tabId: string, node: { query: string }) =>
      begin(tabId, node, async (clientQueryId, signal, onPart) => ({
        expectedRows: undefined,
        answer: await runRows(projectId, node, {
          clientQueryId,
          signal,
          onPart: ({ answer, rows }) => onPart({ isRunning: true, answer, expectedRows: rows }),
        }),
      })),
    [begin, projectId],
  )
  const estimate = useCallback(
    (tabId: string, node: { query: string }) => begin(tabId, node, async (_, signal) => ({ cost: await costOf(projectId, node, signal) })),
    [begin, projectId],
  )
  const stop = useCallback(
    (tabId: string) => {
      const running = active.current.get(tabId)
      if (!running) return
      running.abort.abort()
      // why: hanging up stops the query too, but a proxy between may keep the line open.
      stopQuery(projectId, running.id).catch((error) => toast(`The query may still run: ${describeError(error).cause}`, 'failed'))
    },
    [projectId],
  )
  return { runs, run, estimate, stop }
}
