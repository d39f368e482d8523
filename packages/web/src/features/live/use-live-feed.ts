import type { VerdictBody } from '@hedgerow/protocol'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { listenToEvents, recentEventsQuery, type StreamState } from '../../api-client/events.ts'
import { verdictsQuery } from '../../api-client/ingestion.ts'
import { fromLive, fromStored } from '../../ui/shown-event.ts'
import { arrive, emptyFeed, release, seed, skip } from './live-feed.ts'
import { type FeedEvent, takeVerdicts, type Warnings } from './verdicts.ts'

// why: a busy project sends thousands a second; the page is drawn a few times a second whatever comes.
const drawEveryMs = 250
const seededEvents = 200

/** The feed of a project, as it comes, and what the stream is doing. */
export function useLiveFeed(projectId: number, isHeld: boolean) {
  const [feed, setFeed] = useState(emptyFeed)
  const [warnings, setWarnings] = useState<Warnings>(new Map())
  const [stream, setStream] = useState<StreamState>('connecting')
  const earlier = useQuery(recentEventsQuery(projectId, seededEvents))
  const told = useQuery(verdictsQuery(projectId, seededEvents))
  const held = useRef(isHeld)
  held.current = isHeld

  useEffect(() => {
    let arrivals: FeedEvent[] = []
    let verdicts: VerdictBody[] = []
    const timer = setInterval(() => {
      if (arrivals.length + verdicts.length === 0) return
      const judged = verdicts
      const batch = [...arrivals, ...takeVerdicts(new Map(), judged).events]
      arrivals = []
      verdicts = []
      setWarnings((before) => takeVerdicts(before, judged).warnings)
      setFeed((before) => arrive(before, batch, held.current))
    }, drawEveryMs)
    const stop = listenToEvents(
      projectId,
      {},
      {
        event: (body) => arrivals.push(fromLive(body)),
        state: setStream,
        verdict: (body) => verdicts.push(body),
        skipped: (count) => setFeed((before) => skip(before, count)),
      },
    )
    return () => {
      clearInterval(timer)
      stop()
    }
  }, [projectId])

  useEffect(() => {
    if (earlier.data) setFeed((before) => seed(before, earlier.data.map(fromStored)))
  }, [earlier.data])

  useEffect(() => {
    const data = told.data
    if (!data) return
    setWarnings((before) => takeVerdicts(before, data).warnings)
    setFeed((before) => seed(before, takeVerdicts(new Map(), data).events))
  }, [told.data])

  useEffect(() => {
    if (!isHeld) setFeed(release)
  }, [isHeld])

  const show = useCallback(() => setFeed(release), [])
  return { feed, warnings, stream, earlier, show }
}
