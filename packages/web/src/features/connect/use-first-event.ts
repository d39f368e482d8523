import type { LedgerBody, LiveEventBody } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { listenToEvents, type StreamState } from '../../api-client/events.ts'
import { ledgerQuery } from '../../api-client/ingestion.ts'
import { rejectedSince, type Stage, stageOf } from './arrival.ts'

interface FirstEvent {
  stage: Stage
  event: LiveEventBody | undefined
  seenAtMs: number | undefined
  rejected: number
  stream: StreamState
  ledger: LedgerBody | undefined
  again: () => void
}

/** Waits for the next event of the project; the first one that comes is kept. */
export function useFirstEvent(projectId: number): FirstEvent {
  const { data: ledger } = useQuery({ ...ledgerQuery(projectId), refetchInterval: 1000 })
  const [opened, setOpened] = useState<LedgerBody>()
  const [seen, setSeen] = useState<{ event: LiveEventBody; atMs: number }>()
  const [stream, setStream] = useState<StreamState>('connecting')
  useEffect(() => setOpened((before) => before ?? ledger), [ledger])
  useEffect(
    () => listenToEvents(projectId, {}, { event: (event) => setSeen((before) => before ?? { event, atMs: Date.now() }), state: setStream }),
    [projectId],
  )
  const again = useCallback(() => {
    setSeen(undefined)
    setOpened(ledger)
  }, [ledger])
  return {
    stage: stageOf(opened, ledger, seen?.event),
    event: seen?.event,
    seenAtMs: seen?.atMs,
    rejected: rejectedSince(opened, ledger),
    stream,
    ledger,
    again,
  }
}
