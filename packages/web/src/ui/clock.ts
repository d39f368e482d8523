import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

function readClock(): number {
  // why: a snapshot must not change between two reads of one rendering.
  const freshMs = Date.now()
  if (listeners.size === 0 || freshMs - nowMs > 1500) nowMs = Math.floor(freshMs / 1000) * 1000
  return nowMs
}

/** Milliseconds now, one second at a time, from one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, readClock)
}
