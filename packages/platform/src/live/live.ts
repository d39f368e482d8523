import type { LiveEventBody, VerdictBody } from '@hedgerow/protocol'
import { HedgerowError } from '../errors.ts'
import type { ReadNewEvents } from './read-new-events.ts'
import type { VerdictCursor, Verdicts } from './verdicts.ts'

export interface LiveLimits {
  livePollMs: number
  liveBatchEvents: number
  liveListeners: number
  liveListenersPerProject: number
}

export interface LiveFilter {
  event?: string | undefined
  distinct_id?: string | undefined
}

export interface LiveNews {
  /** In the order in which they became queryable. */
  events: readonly LiveEventBody[]
  /** What became of others, and what there is to say of some of these. */
  verdicts: readonly VerdictBody[]
  /** How many of the project's events came at once beyond what one reading takes, whatever the filter. */
  skipped: number
}

export type LiveListener = (news: LiveNews) => void

interface Followed {
  listeners: Set<{ filter: LiveFilter; listener: LiveListener }>
  /** Where reading goes on. */
  cursor: string | undefined
  verdictCursor: VerdictCursor | undefined
  timer: NodeJS.Timeout | undefined
  isStopped: boolean
}

export interface LiveOptions extends LiveLimits {
  /** Reads a project's events that became queryable after a cursor. */
  read: ReadNewEvents
  verdicts: Verdicts
  warn: (message: string, error: unknown) => void
}

/** New events as they become queryable: one reader for each project that somebody watches, shared by all who do. */
export function createLive({ read, verdicts, warn, ...limits }: LiveOptions) {
  const projects = new Map<number, Followed>()
  /** What is under way. */
  const readings = new Set<Promise<void>>()

  async function poll(projectId: number, followed: Followed): Promise<void> {
    let pauseMs = limits.livePollMs
    try {
      const found = await read(projectId, followed.cursor, limits.liveBatchEvents)
      followed.cursor = found.cursor
      const told = followed.verdictCursor ? await verdicts.after(projectId, followed.verdictCursor, limits.liveBatchEvents) : undefined
      followed.verdictCursor = told?.cursor ?? (await verdicts.now(projectId))
      for (const { filter, listener } of followed.listeners) {
        const wanted = found.events.filter((event) => matches(filter, event))
        const judged = (told?.verdicts ?? []).filter((verdict) => matches(filter, verdict))
        if (wanted.length + judged.length + found.skipped > 0) listener({ events: wanted, verdicts: judged, skipped: found.skipped })
      }
    } catch (error) {
      // The event store may be away for a while; who watches keeps the stream and sees the rest when it is back.
      warn(`live events of project ${projectId} could not be read`, error)
      pauseMs = 10 * limits.livePollMs
    }
    if (!followed.isStopped) pollAfter(pauseMs, projectId, followed)
  }

  function pollAfter(pauseMs: number, projectId: number, followed: Followed): void {
    followed.timer = setTimeout(() => {
      const reading = poll(projectId, followed).finally(() => readings.delete(reading))
      readings.add(reading)
    }, pauseMs)
  }

  function follow(projectId: number): Followed {
    const followed: Followed = { listeners: new Set(), cursor: undefined, verdictCursor: undefined, timer: undefined, isStopped: false }
    projects.set(projectId, followed)
    pollAfter(0, projectId, followed)
    return followed
  }

  function stopFollowing(projectId: number, followed: Followed): void {
    followed.isStopped = true
    clearTimeout(followed.timer)
    projects.delete(projectId)
  }

  const countListeners = () => [...projects.values()].reduce((sum, { listeners }) => sum + listeners.size, 0)

  return {
    /** Gives events that become queryable from now on, until the returned function is called. Throws `too_many_listeners`. */
    listen(projectId: number, filter: LiveFilter, listener: LiveListener): () => void {
      const known = projects.get(projectId)
      if (countListeners() >= limits.liveListeners || (known?.listeners.size ?? 0) >= limits.liveListenersPerProject) {
        throw new HedgerowError('too_many_listeners', 'Too many streams of live events are open; close one or try again later.', {
          retryAfterSeconds: 10,
        })
      }
      const followed = known ?? follow(projectId)
      const entry = { filter, listener }
      followed.listeners.add(entry)
      return () => {
        followed.listeners.delete(entry)
        if (followed.listeners.size === 0 && !followed.isStopped) stopFollowing(projectId, followed)
      }
    },

    listeners: countListeners,

    /** Resolves when nothing is read any more. */
    async stop(): Promise<void> {
      for (const [projectId, followed] of projects) stopFollowing(projectId, followed)
      await Promise.all(readings)
    },
  }
}

const matches = (filter: LiveFilter, event: { event: string | null; distinct_id: string | null }): boolean =>
  (filter.event === undefined || filter.event === event.event) &&
  (filter.distinct_id === undefined || filter.distinct_id === event.distinct_id)
