import { EventStoreError, type Lane } from './event-store.ts'
import { type EventStoreLimits, laneSize } from './limits.ts'

/** Places for running queries; each lane has its own, taken in order of asking. */
export interface Lanes {
  /** Resolves with the function that gives the place back. Rejects with `cancelled` or `overloaded`. */
  enter(lane: Lane, signal?: AbortSignal): Promise<() => void>
}

interface Waiter {
  admit: () => void
  refuse: (error: EventStoreError) => void
}

export function createLanes(limits: EventStoreLimits): Lanes {
  const free: Record<Lane, number> = {
    interactive: laneSize(limits, 'interactive'),
    background: laneSize(limits, 'background'),
    ingestion: laneSize(limits, 'ingestion'),
  }
  const waiting: Record<Lane, Set<Waiter>> = { interactive: new Set(), background: new Set(), ingestion: new Set() }

  function leaveOnce(lane: Lane): () => void {
    let left = false
    return () => {
      if (left) return
      left = true
      const [next] = waiting[lane]
      if (!next) free[lane]++
      else {
        waiting[lane].delete(next)
        next.admit()
      }
    }
  }

  return {
    async enter(lane, signal) {
      if (signal?.aborted) throw cancelled()
      if (free[lane] > 0) {
        free[lane]--
        return leaveOnce(lane)
      }
      if (waiting[lane].size >= limits.waitingQueries) {
        throw new EventStoreError('overloaded', `${waiting[lane].size} queries already wait for the ${lane} lane; try again later`)
      }
      let onAbort: (() => void) | undefined
      try {
        await new Promise<void>((admit, refuse) => {
          const waiter: Waiter = { admit, refuse }
          waiting[lane].add(waiter)
          onAbort = () => {
            if (waiting[lane].delete(waiter)) refuse(cancelled())
          }
          signal?.addEventListener('abort', onAbort, { once: true })
        })
      } finally {
        if (onAbort) signal?.removeEventListener('abort', onAbort)
      }
      return leaveOnce(lane)
    },
  }
}

function cancelled(): EventStoreError {
  return new EventStoreError('cancelled', 'The query was cancelled before it began')
}
