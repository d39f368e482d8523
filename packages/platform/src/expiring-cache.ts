/**
 * Remembers values, and that there is none, for a time; forgets the oldest when full. Several askers of one key share
 * one look-up, and a look-up that was begun before {@link ExpiringCache.forget} is not remembered.
 */
export class ExpiringCache<Value> {
  readonly #entries = new Map<string, { value: Promise<Value | undefined>; expiresAtMs: number }>()
  readonly #options: { maxAgeMs: number; maxEntries: number; nowMs: () => number }

  constructor(options: { maxAgeMs: number; maxEntries: number; nowMs: () => number }) {
    this.#options = options
  }

  get(key: string, find: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const nowMs = this.#options.nowMs()
    const known = this.#entries.get(key)
    if (known && known.expiresAtMs > nowMs) return known.value
    const entry = { value: find(), expiresAtMs: nowMs + this.#options.maxAgeMs }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    entry.value.catch(() => {
      // A failure is told to whoever asked, but not remembered.
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.maxEntries) break
      this.#entries.delete(oldest)
    }
    return entry.value
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
