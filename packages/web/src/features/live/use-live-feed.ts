import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { listenToEvents, recentEventsQuery, type StreamState } from '../../api-client/events.ts'
import { fromLive, fromStored, type ShownEvent } from '../../ui/shown-event.ts'
import { arrive, emptyFeed, release, seed, skip } from './live-feed.ts'

// why: a busy project sends thousands a second; the page is drawn a few times a second whatever comes.
const drawEveryMs = 250
const seededEvents = 200

/** The feed of a project, as it comes, and what the stream is doing. */
export function useLiveFeed(projectId: number, isHeld: boolean) {
  const [feed, setFeed] = useState(emptyFeed)
  const [stream, setStream] = useState<StreamState>('connecting')
  const earlier = useQuery(recentEventsQuery(projectId, seededEvents))
  const held = useRef(isHeld)
  held.current = isHeld

  useEffect(() => {
    let arrivals: ShownEvent[] = []
    const timer = setInterval(() => {
      if (arrivals.length === 0) return
      const batch = arrivals
      arrivals = []
      setFeed((before) => arrive(before, batch, held.current))
    }, drawEveryMs)
    const stop = listenToEvents(
      projectId,
      {},
      {
        event: (body) => arrivals.push(fromLive(body)),
        state: setStream,
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
    if (!isHeld) setFeed(release)
  }, [isHeld])

  const show = useCallback(() => setFeed(release), [])
  return { feed, stream, earlier, show }
}
