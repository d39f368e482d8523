/** What an answer was computed from, and when. */
export interface CachedAnswer {
  /** How far the project's data and definitions had come before it was computed. */
  revision: string
  /** The stretch of time in which it holds; empty where time does not matter. */
  moment: string
  endsAt: Date | undefined
  computedAt: Date
  /** JSON. */
  text: string
}

/** Answers in memory by the key of their question, the least recently used forgotten first. */
export interface ResultCache {
  /** The newest answer, whether or not it still holds. */
  get(key: string): CachedAnswer | undefined
  put(key: string, answer: CachedAnswer): void
  sizeBytes(): number
}

/** Kept beside each text: key, dates and the entry itself. */
const entryOverheadBytes = 500

export function createResultCache(limits: { cacheBytes: number; cacheEntryBytes: number }): ResultCache {
  const entries = new Map<string, { answer: CachedAnswer; bytes: number }>()
  let total = 0

  function drop(key: string): void {
    total -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }

  return {
    get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return entry.answer
    },

    put(key, answer) {
      drop(key)
      // V8 keeps text of Latin letters in one byte a character, any other in two.
      const bytes = answer.text.length * 2 + entryOverheadBytes
      if (bytes > limits.cacheEntryBytes || bytes > limits.cacheBytes) return
      entries.set(key, { answer, bytes })
      total += bytes
      for (const oldest of entries.keys()) {
        if (total <= limits.cacheBytes) break
        drop(oldest)
      }
    },

    sizeBytes: () => total,
  }
}
